import { html, type Html } from './html.ts';

const ICONS = {
  alert: html`<path d="M8 2 1.8 13.2h12.4L8 2Z" /><path d="M8 6.4v3.2M8 11.4v.1" />`,
  check: html`<path d="m3 8.5 3.2 3.2L13 5" />`,
  clock: html`<circle cx="8" cy="8" r="6.2" /><path d="M8 4.6V8l2.4 1.6" />`,
  copy: html`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path
      d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"
    />`,
  cross: html`<path d="m4 4 8 8M12 4l-8 8" />`,
  down: html`<path d="m3.5 6 4.5 4.5L12.5 6" />`,
  info: html`<circle cx="8" cy="8" r="6.2" /><path d="M8 7.4v3.6M8 5v.1" />`,
  link: html`<path
    d="M6.6 9.4 9.4 6.6M7 4.6l1.2-1.2a3 3 0 0 1 4.4 4.4L11.4 9M9 11.4l-1.2 1.2a3 3 0 0 1-4.4-4.4L4.6 7"
  />`,
  lock: html`<rect x="3.5" y="7" width="9" height="6.5" rx="1.5" /><path
      d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"
    />`,
  more: html`<path d="M3.5 8h.1M8 8h.1M12.5 8h.1" />`,
  open: html`<path d="m6 3.5 4.5 4.5L6 12.5" />`,
  plus: html`<path d="M8 3v10M3 8h10" />`,
  search: html`<circle cx="7" cy="7" r="4.5" /><path d="m10.5 10.5 3.5 3.5" />`,
  undo: html`<path d="M5.5 3 2.5 6l3 3" /><path d="M2.5 6h7a4 4 0 0 1 0 8H7" />`,
  user: html`<circle cx="8" cy="5.4" r="2.6" /><path
      d="M2.8 13.6c.7-2.6 2.7-4 5.2-4s4.5 1.4 5.2 4"
    />`,
} as const satisfies Readonly<Record<string, Html>>;

/** The names of the icons. */
export type IconName = keyof typeof ICONS;

/**
 * Draws an icon.
 *
 * @param label its meaning for assistive technology. Default: none, so that a word must stand beside it
 */
export function icon(name: IconName, label?: string): Html {
  return label === undefined
    ? html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${ICONS[name]}</svg>`
    : html`<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="${label}">
        ${ICONS[name]}
      </svg>`;
}

/** Draws Evenhand's mark, a hand. */
export function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <g fill="currentColor">
      <rect x="7.2" y="3" width="2.9" height="11" rx="1.45" />
      <rect x="11.1" y="3" width="2.9" height="11" rx="1.45" />
      <rect x="15" y="3" width="2.9" height="11" rx="1.45" />
      <rect x="18.9" y="3" width="2.9" height="11" rx="1.45" />
      <path
        d="M7.2 11h14.6v3.3a6.7 6.7 0 0 1-6.7 6.7h-1.7c-2.1 0-4-.9-5.3-2.5l-4.9-6a1.5 1.5 0 0 1 2.3-1.9l1.7 1.9z"
      />
    </g>
  </svg>`;
}
