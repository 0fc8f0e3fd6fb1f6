import { disclosure, note, panel } from '../../../ui/blocks.ts';
import { type MatrixPair, pairMatrix } from '../../../ui/charts/pair-matrix.ts';
import { tag } from '../../../ui/controls/chips.ts';
import { formatCount, formatP, formatPlural } from '../../../ui/figures.ts';
import { html, type Html } from '../../../ui/html.ts';
import type { PairSummary } from '../summary/summarize-pair.ts';
import type { Summary } from '../summary/summary.ts';

/** The most experiments of a matrix; more would be unreadable. */
const MAX_MATRIX = 40;

/** The most pairs in the table of the strongest ones. */
const MAX_STRONGEST = 8;

/** The most independent pairs whose tables are listed openly; more are folded. */
const MAX_LISTED = 12;

/** Renders the pairs of experiments: a matrix, the strongest pairs, and the cross-tables. Empty without pairs. */
export function pairsPanel({ pairs, pairsLeftOut }: Summary): Html {
  if (pairs.length === 0) return html``;
  const names = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const dependent = pairs.filter(isDependent);
  const others = pairs.filter((pair) => !isDependent(pair));
  const leftOut =
    pairsLeftOut === 0
      ? ''
      : note(
          'warn',
          `${formatPlural(pairsLeftOut, 'more pair')} not compared.`,
          'Name the experiments to compare.',
        );
  return panel(
    'pairs',
    'Pairs',
    'more colour is a stronger dependence (Cramér’s V, 0 to 1); a frame marks dependent pairs',
    html`<div class="beside">${matrix(names, pairs)}${strongest(pairs)}</div>
      ${leftOut}${dependent.map((pair) => crossTable(pair, true))}${otherTables(others)}`,
  );
}

function isDependent({ verdict }: PairSummary): boolean {
  return verdict === 'dependent';
}

function matrix(names: readonly string[], pairs: readonly PairSummary[]): Html {
  if (names.length > MAX_MATRIX) {
    return html`<p class="quiet">
      The matrix is left out for more than ${MAX_MATRIX} experiments.
    </p>`;
  }
  const cells = pairs.map((pair): MatrixPair => ({
    a: pair.a,
    b: pair.b,
    strength: pair.test?.strength ?? null,
    isDependent: isDependent(pair),
    figures: figuresOf(pair),
  }));
  return html`<div class="scroll-x" role="region" aria-label="Pairs, matrix" tabindex="0">
    ${pairMatrix(names, cells)}
  </div>`;
}

function strongest(pairs: readonly PairSummary[]): Html {
  const tested = pairs.filter(({ test }) => test !== undefined);
  if (tested.length === 0) return html`<p class="quiet">Too few units to test a pair.</p>`;
  const rank = (pair: PairSummary): number =>
    (isDependent(pair) ? 1 : 0) + (pair.test?.strength ?? 0);
  const rows = tested
    .toSorted((one, other) => rank(other) - rank(one))
    .slice(0, MAX_STRONGEST)
    .map(
      (pair) =>
        html`<tr>
          <th scope="row">
            ${pair.a} × ${pair.b} ${isDependent(pair) ? tag('dependent', 'bad', 'alert') : ''}
          </th>
          <td class="num">${(pair.test?.strength ?? 0).toFixed(3)}</td>
          <td class="num">${formatP(pair.test?.p ?? null).replace(/^p (?:= )?/, '')}</td>
        </tr> `,
    );
  return html`<table class="grid">
    <thead>
      <tr>
        <th scope="col">
          ${tested.length > MAX_STRONGEST ? `Strongest of ${formatCount(tested.length)} pairs` : 'Pair'}
        </th>
        <th scope="col" class="num">strength</th>
        <th scope="col" class="num">p</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** Formats the figures of a pair: "p = 0.41, strength 0.021". */
export function figuresOf({ test }: PairSummary): string {
  return test === undefined
    ? 'not tested'
    : `${formatP(test.p)}, strength ${test.strength.toFixed(3)}`;
}

function otherTables(pairs: readonly PairSummary[]): Html {
  const tables = html`${pairs.map((pair) => crossTable(pair, false))}`;
  return pairs.length <= MAX_LISTED
    ? tables
    : disclosure(`Tables of ${formatCount(pairs.length)} other pairs`, tables);
}

function crossTable(pair: PairSummary, isOpen: boolean): Html {
  const { a, b, rows, columns, counts, test } = pair;
  const head = columns.map((name) => html`<th scope="col" class="num">${name}</th> `);
  const body = rows.map((name, i) => {
    const cells = (counts[i] ?? []).map(
      (count) => html`<td class="num">${formatCount(count)}</td> `,
    );
    return html`<tr>
      <th scope="row">${name}</th>
      ${cells}
    </tr> `;
  });
  const chiSquare =
    test === undefined
      ? ''
      : html`<p class="tiny quiet">
          chi-square ${test.statistic.toFixed(2)} with ${formatPlural(test.degrees, 'degree')} of
          freedom, ${figuresOf(pair)}
        </p>`;
  return disclosure(
    html`${a} × ${b}, units by variant`,
    html`<div
        class="scroll-x"
        role="region"
        aria-label="${a} × ${b}, units by variant"
        tabindex="0"
      >
        <table class="grid small fitted">
          <thead>
            <tr>
              <th scope="col">${a} ↓ ${b} →</th>
              ${head}
            </tr>
          </thead>
          <tbody>
            ${body}
          </tbody>
        </table>
      </div>
      ${chiSquare}`,
    isOpen,
  );
}
