import type { Tone } from '../blocks.ts';
import { html, type Html } from '../html.ts';
import { icon, type IconName } from '../icons.ts';

/** A filter of a list, as a link that works without a script. */
export interface Chip {
  readonly text: string;
  readonly href: string;
  /** The number of entries it leaves. @default none */
  readonly count?: string;
  /** True for the filter in force. */
  readonly isCurrent?: boolean;
  /** True if it filters alarms. */
  readonly isAlarm?: boolean;
}

/** Renders filters beside each other. */
export function chips(label: string, list: readonly Chip[]): Html {
  const items = list.map(
    ({ text, href, count, isCurrent = false, isAlarm = false }) =>
      html`<a
        class="${isAlarm ? 'chip bad' : 'chip'}"
        href="${href}"
        aria-current="${isCurrent ? 'true' : 'false'}"
        >${text}${count === undefined ? '' : html` <span class="tab">${count}</span>`}</a
      > `,
  );
  return html`<nav class="chips" aria-label="${label}">${items}</nav>`;
}

/** Renders a short state beside a name: "stale". */
export function tag(text: string, tone: Tone = 'quiet', iconName?: IconName): Html {
  const name = tone === 'quiet' ? 'tag' : `tag ${tone}`;
  return html`<span class="${name}">${iconName === undefined ? '' : icon(iconName)}${text}</span>`;
}
