import { percentDecoded } from '../../express/cookies/read-cookies.ts';
import { button } from '../../ui/controls/buttons.ts';
import { html, type Html } from '../../ui/html.ts';
import type { SharedOverrides } from './token.ts';

type Overrides = ReadonlyMap<string, string>;

/** The parts of the page that asks before a link applies. */
export interface SharePage {
  readonly shared: SharedOverrides;
  /** The overrides that the link forces. */
  readonly forced: Overrides;
  /** The overrides that the experiments no longer declare, or that links may not force. */
  readonly ignored: Overrides;
  /** True if the variants end with the link; false if they go to the visitor's own overrides. */
  readonly ends: boolean;
  /** The address without the token. */
  readonly without: string;
  /** The path of the page as the application knows it. */
  readonly back: string;
  /** The address of the form that ends an accepted link; undefined if none is accepted. */
  readonly endAction: string | undefined;
}

const SECOND_MS = 1000;

/** Renders a time for people: `2 Nov 2026, 14:00 UTC`. */
export function shownTime(seconds: number): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  }).format(seconds * SECOND_MS);
  return `${text} UTC`;
}

/** Renders the page that asks whether the variants of a link are to be used. It changes nothing. */
export function sharePage(page: SharePage): Html {
  const { shared, forced, ignored, ends, without, back, endAction } = page;
  const until = ends
    ? `until ${shownTime(shared.expires)}`
    : 'until you remove them in the toolbar';
  return html`<dl>
      <dt>Shared by</dt>
      <dd>${shared.by === '' ? 'not stated' : shared.by}</dd>
      <dt>Works until</dt>
      <dd>${shownTime(shared.expires)}</dd>
    </dl>
    ${
      forced.size === 0
        ? html`<p>This link no longer forces anything: this site does not have its variants.</p>`
        : html`${variantTable(forced, 'Variant')}
            <p>
              This browser will see these variants on ${shared.host} ${until}. What you do in the
              meantime does not count in results.
            </p>`
    }
    ${
      ignored.size === 0
        ? ''
        : html`<p class="quiet">
              Ignored, because this site does not have them, or links may not force them:
            </p>
            ${variantTable(ignored, 'Ignored')}`
    }
    <div class="acts">
      ${
        forced.size === 0
          ? ''
          : html`<form method="post">${button('Use these variants', { look: 'main' })}</form>`
      }
      ${endAction === undefined ? '' : endForm(endAction, back)}
      <a href="${without}">Continue without them</a>
    </div>`;
}

/** Renders the form that ends an accepted link. */
export function endForm(action: string, back: string): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="back" value="${back}" />${button('Stop using shared variants')}
  </form>`;
}

function variantTable(overrides: Overrides, column: string): Html {
  const rows = [...overrides].map(
    ([name, value]) =>
      html`<tr>
        <td>${percentDecoded(name)}</td>
        <td><strong>${percentDecoded(value)}</strong></td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Experiment</th>
        <th scope="col">${column}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
