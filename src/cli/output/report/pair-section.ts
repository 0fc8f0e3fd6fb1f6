import { describeDependence } from '../simulate/describe-dependence.ts';
import { formatCount, formatPlural, formatTest } from '../simulate/format.ts';
import type { PairSummary } from '../../../workbench/simulate/summary/summarize-pair.ts';
import type { Summary } from '../../../workbench/simulate/summary/summary.ts';
import { heatMap, MAX_HEAT_MAP } from './heat-map.ts';
import { html, type Html } from '../../../ui/html.ts';

/** The most independent pairs that are listed openly; more are folded. */
const MAX_LISTED = 12;

/** Renders the pairs of experiments: a map, the dependent pairs in full, and the others folded. */
export function pairSection({ pairs, pairsLeftOut }: Summary): Html {
  if (pairs.length === 0) return html``;
  const names = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const dependent = pairs.filter(({ verdict }) => verdict === 'dependent');
  const others = pairs.filter(({ verdict }) => verdict !== 'dependent');
  const map =
    names.length > MAX_HEAT_MAP
      ? html`<p>The map is left out for more than ${MAX_HEAT_MAP} experiments.</p>`
      : html`<div class="card">
          <p class="quiet">
            Stronger colour means stronger dependence (Cramér’s V, 0 to 1). A frame marks a
            dependent pair; – means not tested.
          </p>
          ${heatMap(names, pairs)}
        </div>`;
  const leftOut =
    pairsLeftOut === 0
      ? html``
      : html`<p class="warn">
          ${formatPlural(pairsLeftOut, 'more pair')} not compared. Name the experiments to compare.
        </p>`;
  return html`<h2>Pairs of experiments</h2>
    ${map}${leftOut}${dependent.map(dependentPair)} ${otherPairs(others)}`;
}

function otherPairs(pairs: readonly PairSummary[]): Html {
  if (pairs.length <= MAX_LISTED) return html`${pairs.map(otherPair)}`;
  const list = html`<summary>${formatPlural(pairs.length, 'other pair')}</summary>
    ${pairs.map(otherPair)}`;
  return html`<details class="card">${list}</details>`;
}

function dependentPair(pair: PairSummary): Html {
  return html`<article class="card fault">
    <h3><span class="bad">Dependent:</span> ${pair.a} × ${pair.b}</h3>
    <p>${describeDependence(pair)}</p>
    <p class="quiet">${figuresOf(pair)}</p>
    ${crossTable(pair)}
  </article> `;
}

function otherPair(pair: PairSummary): Html {
  return html`<details>
    <summary>${pair.a} × ${pair.b} <span class="quiet">${figuresOf(pair)}</span></summary>
    ${crossTable(pair)}
  </details> `;
}

function figuresOf({ test }: PairSummary): string {
  if (test === undefined) return 'not tested';
  return `chi-square ${test.statistic.toFixed(2)} with ${formatPlural(test.degrees, 'degree')} of freedom, ${formatTest(test)}, strength ${test.strength.toFixed(3)}`;
}

function crossTable({ a, b, rows, columns, counts }: PairSummary): Html {
  const head = columns.map((name) => html`<th scope="col" class="number">${name}</th>`);
  const body = rows.map((name, i) => {
    const cells = (counts[i] ?? []).map(
      (count) => html`<td class="number">${formatCount(count)}</td>`,
    );
    return html`<tr>
      <th scope="row">${name}</th>
      ${cells}
    </tr>`;
  });
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${a} ↓ ${b} →</th>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
  </table>`;
}
