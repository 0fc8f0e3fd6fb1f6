import type { Colour } from '../colour.ts';
import { type Cell, renderTable } from '../table.ts';
import { describeDependence } from './describe-dependence.ts';
import { formatCount, formatPlural } from '../../../ui/figures.ts';
import { formatTest } from './format.ts';
import type { PairSummary } from '../../../workbench/simulate/summary/summarize-pair.ts';

/** The most pairs for which all cross-tables are shown; of more, only dependent pairs have one. */
const MAX_TABLES = 6;

/** Renders the pairs as tables for a terminal, the dependent ones first and in full. */
export function renderPairs(
  pairs: readonly PairSummary[],
  leftOut: number,
  colour: Colour,
): string {
  if (pairs.length === 0) return '';
  const dependent = pairs.filter(({ verdict }) => verdict === 'dependent');
  const others = pairs.filter(({ verdict }) => verdict !== 'dependent');
  let text = `${colour.bold(formatPlural(pairs.length, 'pair'))}: ${summaryOf(dependent, colour)}\n`;
  for (const pair of dependent) text += `\n${renderDependent(pair, colour)}`;
  if (pairs.length <= MAX_TABLES) {
    for (const pair of others) text += `\n${titleOf(pair)}\n${renderCrossTable(pair, colour)}`;
  } else if (others.length > 0) {
    text += `\n${renderList(others, colour)}`;
    text += colour.dim('use --report or --json for the tables of all pairs\n');
  }
  if (leftOut > 0) {
    text += `${formatPlural(leftOut, 'more pair')} not compared; name the experiments to compare\n`;
  }
  return text;
}

function summaryOf(dependent: readonly PairSummary[], colour: Colour): string {
  return dependent.length === 0
    ? colour.green('no dependence found')
    : colour.red(`${formatCount(dependent.length)} dependent`);
}

function renderDependent(pair: PairSummary, colour: Colour): string {
  return `${colour.red(`DEPENDENT ${titleOf(pair)}`)}\n  ${describeDependence(pair)}\n${renderCrossTable(pair, colour)}`;
}

function titleOf({ a, b, test }: PairSummary): string {
  const figures =
    test === undefined ? 'not tested' : `${formatTest(test)}, strength ${test.strength.toFixed(2)}`;
  return `${a} × ${b}: ${figures}`;
}

function renderCrossTable({ rows, columns, counts }: PairSummary, colour: Colour): string {
  return renderTable(
    rows.map((name, i): Cell[] => [`  ${name}`, ...(counts[i] ?? []).map(formatCount)]),
    { head: ['', ...columns], align: ['left', ...columns.map(() => 'right' as const)], colour },
  );
}

function renderList(pairs: readonly PairSummary[], colour: Colour): string {
  const rows = pairs.map(({ a, b, test }): Cell[] => [
    `${a} × ${b}`,
    test === undefined ? '' : formatTest(test),
    test === undefined ? '' : test.strength.toFixed(3),
    test === undefined ? 'not tested' : 'independent',
  ]);
  return renderTable(rows, {
    head: ['pair', 'p', 'strength', ''],
    align: ['left', 'left', 'right', 'left'],
    colour,
  });
}
