import { html, type Html } from './html.ts';

/** The names of the icons. */
export type IconName = 'check' | 'cross' | 'alert' | 'info' | 'open';

const ICONS: Readonly<Record<IconName, Html>> = {
  check: html`<path d="m3 8.5 3.2 3.2L13 5" />`,
  cross: html`<path d="m4 4 8 8M12 4l-8 8" />`,
  alert: html`<path d="M8 2 1.8 13.2h12.4L8 2Z" /><path d="M8 6.4v3.2M8 11.4v.1" />`,
  info: html`<circle cx="8" cy="8" r="6.2" /><path d="M8 7.4v3.6M8 5v.1" />`,
  open: html`<path d="m6 3.5 4.5 4.5L6 12.5" />`,
};

/** Draws an icon. A word must stand beside it, because assistive technology ignores it. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${ICONS[name]}</svg>`;
}

/** Draws Evenhand's mark, a hand. */
export function mark(): Html {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">
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
