import { html, type Html } from '../html.ts';

/** A change in a history. */
export interface HistoryEntry {
  /** Such as "v7". */
  readonly version: string;
  readonly reason: string;
  readonly author: string;
  readonly time: string;
  /** The change, see `diffView`. @default none */
  readonly diff?: Html;
  /** The effect of the change in one sentence. @default none */
  readonly effect?: string;
  /** Such as a form with the button "Undo". @default none */
  readonly action?: Html;
}

/** Renders changes as a timeline, the newest first. */
export function historyTimeline(entries: readonly HistoryEntry[]): Html {
  const items = entries.map(
    ({ version, reason, author, time, diff, effect = '', action }) =>
      html`<li>
        <div><strong>${version}</strong> ${reason}</div>
        <div class="tiny quiet acts"><span>${author}, ${time}</span>${action ?? ''}</div>
        ${diff ?? ''}${effect === '' ? '' : html`<p class="tiny quiet">${effect}</p>`}
      </li> `,
  );
  return html`<ol class="time">
    ${items}
  </ol>`;
}
