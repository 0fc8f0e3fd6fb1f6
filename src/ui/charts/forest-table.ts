import type { Tone } from '../blocks.ts';
import { html, type Html } from '../html.ts';
import { icon } from '../icons.ts';
import { variantKey } from '../variant-key.ts';

/** The value of a variant, as text. */
export interface ForestValue {
  readonly variant: string;
  readonly text: string;
}

/** A metric compared between two variants. All figures are texts; the chart draws them. */
export interface ForestRow {
  readonly metric: string;
  /** Its definition. Null for a further treatment of the metric above. */
  readonly about: string | null;
  readonly control: ForestValue;
  readonly treatment: ForestValue;
  /** The treatment's colour, which its name gets. Null: the table has one treatment, named in its head. */
  readonly colour: string | null;
  /** The interval on the common scale, see `intervalChart`. */
  readonly chart: Html;
  /** The difference, and lines below it. */
  readonly difference: string;
  readonly below: readonly string[];
  readonly verdict: { readonly tone: Tone; readonly text: string };
}

/** The heads of the columns. */
export interface ForestHead {
  readonly control: string;
  readonly treatment: string;
  /** The common scale: "Difference, −15% to +15%, 95% interval". */
  readonly scale: string;
}

/** Rows below one title, which can be empty. */
export interface ForestGroup {
  readonly title: string;
  readonly rows: readonly ForestRow[];
}

/** Renders metrics as rows with both values, the difference on a common scale, its interval and the verdict. */
export function forestTable(
  { control, treatment, scale }: ForestHead,
  groups: readonly ForestGroup[],
): Html {
  return html`<table class="grid forest" role="table">
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">Metric</th>
        <th scope="col" role="columnheader" class="num">${control}</th>
        <th scope="col" role="columnheader" class="num">${treatment}</th>
        <th scope="col" role="columnheader" class="chart">${scale}</th>
        <th scope="col" role="columnheader">difference, interval</th>
        <th scope="col" role="columnheader"><span class="vh">verdict</span></th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${groups.map(({ title, rows }) => html`${titleRow(title)}${rows.map(forestRow)}`)}
    </tbody>
  </table>`;
}

function titleRow(title: string): Html | string {
  return title === ''
    ? ''
    : html`<tr class="group" role="row">
        <th scope="colgroup" colspan="6" role="columnheader">${title}</th>
      </tr> `;
}

function forestRow(row: ForestRow): Html {
  const { metric, about, control, treatment, colour, chart, difference, below, verdict } = row;
  const key =
    colour === null ? '' : html`<div class="small">${variantKey(treatment.variant, colour)}</div>`;
  const title =
    about === null
      ? html`<span class="vh">${metric}</span>`
      : html`${metric}
          <div class="tiny quiet">${about}</div>`;
  return html`<tr role="row" class="${about === null ? 'one same' : 'one'}">
    <th scope="row" role="rowheader">${title}${key}</th>
    <td role="cell" class="num zeroarm">
      <span class="arm">${control.variant}</span>${control.text}
    </td>
    <td role="cell" class="num onearm">
      <span class="arm">${treatment.variant}</span>${treatment.text}
    </td>
    <td role="cell" class="chart">${chart}</td>
    <td role="cell" class="diff tab">
      <strong>${difference}</strong
      >${below.map((line) => html`<div class="tiny quiet">${line}</div>`)}
    </td>
    <td role="cell" class="say">${verdictOf(verdict)}</td>
  </tr> `;
}

function verdictOf({ tone, text }: ForestRow['verdict']): Html {
  return html`<span class="${tone} says"
    >${tone === 'quiet' ? '' : icon(tone === 'good' ? 'check' : 'alert')}<span>${text}</span></span
  >`;
}
