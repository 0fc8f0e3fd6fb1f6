import { html, type Html } from './html.ts';
import { icon, type IconName } from './icons.ts';

/** The meaning of a state, for its colour. */
export type Tone = 'good' | 'bad' | 'warn' | 'quiet';

const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  bad: 'alert',
  warn: 'alert',
  quiet: 'info',
};

/**
 * Renders a panel with a title.
 *
 * @param id a name for the title that is unique on the page
 */
export function panel(id: string, title: string, subtitle: Html | string, body: Html): Html {
  return html`<section class="panel" aria-labelledby="${id}">
    <header>
      <h2 id="${id}">${title}</h2>
      <span class="quiet small">${subtitle}</span>
    </header>
    <div class="body">${body}</div>
  </section>`;
}

/** Options of {@link note}. */
export interface NoteOptions {
  /** @default the icon of the tone */
  readonly icon?: IconName;
  /** Buttons below the text. @default none */
  readonly actions?: readonly Html[];
}

/** Renders a note: a strong line (which can be empty), its meaning, and actions. */
export function note(
  tone: Tone,
  strong: string,
  meaning: Html | string = '',
  { icon: name = TONE_ICONS[tone], actions = [] }: NoteOptions = {},
): Html {
  const below = actions.length === 0 ? '' : html`<div class="acts">${actions}</div>`;
  return html`<div class="note ${tone}">
    ${icon(name)}
    <div>${strong === '' ? '' : html`<strong>${strong}</strong> `}${meaning}${below}</div>
  </div>`;
}

/** Renders a panel without entries: its title, what to do next, and a button for it. */
export function emptyState(
  title: string,
  next: Html | string,
  { picture, action }: { readonly picture?: Html; readonly action?: Html } = {},
): Html {
  return html`<section class="panel empty">
    ${picture === undefined ? '' : html`<div class="fit">${picture}</div>`}
    <h2>${title}</h2>
    <p>${next}</p>
    ${action ?? ''}
  </section>`;
}

/** Renders a verdict: a strong line with an icon, and figures. */
export function verdictLine(tone: Tone, strong: string, rest = ''): Html {
  return html`<p class="verdict ${tone}">
    ${icon(TONE_ICONS[tone])}<span
      ><strong>${strong}</strong> <span class="quiet">${rest}</span></span
    >
  </p>`;
}

/** Renders facts below a page's title, each with its label. */
export function factList(facts: readonly (readonly [label: string, text: string])[]): Html {
  const items = facts.map(
    ([label, text]) =>
      html`<div>
        <dt>${label}</dt>
        <dd class="tab">${text}</dd>
      </div> `,
  );
  return html`<dl class="facts">${items}</dl>`;
}

/**
 * Renders a part that opens on a click.
 *
 * @param isOpen true opens it at first
 */
export function disclosure(summary: Html | string, body: Html, isOpen = false): Html {
  return html`<details class="disclosure" ${isOpen ? html`open` : ''}>
    <summary>${icon('open')}<span>${summary}</span></summary>
    <div class="in">${body}</div>
  </details>`;
}
