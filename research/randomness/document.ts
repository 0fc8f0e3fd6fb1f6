import { fillMarks, table } from '../tables.ts';
import { kindsOf, type Results } from './results.ts';

/** The tables of docs/randomness.md, by the names in their marks. */
const TABLES: ReadonlyMap<string, (results: Results) => string> = new Map([
  ['kinds', kindsTable],
  ['families', familiesTable],
  ['order', orderTable],
  ['changes', changesTable],
  ['bits', bitsTable],
  ['operators', operatorsTable],
  ['units', unitsTable],
  ['random', randomTable],
]);

/**
 * Returns the document with its tables generated from the results.
 *
 * @throws RangeError for a mark without a table
 */
export function withTables(document: string, results: Results): string {
  return fillMarks(document, (name) => TABLES.get(name)?.(results));
}

/** Returns the names of all tables. */
export function tableNames(): string[] {
  return [...TABLES.keys()];
}

function kindsTable(results: Results): string {
  return table(kindsOf(results), [
    ['tests of', 'text', ({ name }) => name],
    ['tests', 'number', ({ tests }) => whole(tests)],
    ['smallest p', 'number', ({ worst }) => short(worst)],
    ['corrected', 'number', ({ corrected }) => short(corrected)],
    ['found with', 'text', ({ worstOf }) => code(worstOf)],
  ]);
}

function familiesTable({ families }: Results): string {
  return table(families, [
    ['ids', 'text', ({ name }) => name],
    ['for example', 'text', ({ examples }) => code(shorten(examples[1] ?? ''))],
    ['how many', 'number', ({ ids }) => whole(ids)],
    ['farthest bucket', 'number', ({ uniformity }) => percent(uniformity.farthest)],
    ['smallest p of 100', 'number', ({ uniformity }) => short(uniformity.worst)],
    ['p of all', 'number', ({ uniformity }) => short(uniformity.total)],
    ['smallest p of 4,950 pairs', 'number', ({ pairs }) => short(pairs.worst)],
    ['largest V', 'number', ({ pairs }) => short(pairs.largestStrength)],
    ['mean V', 'number', ({ pairs }) => pairs.meanStrength.toFixed(5)],
    ['V by chance', 'number', ({ pairs }) => pairs.strengthByChance.toFixed(5)],
  ]);
}

function orderTable({ families }: Results): string {
  return table(families, [
    ['ids', 'text', ({ name }) => name],
    ['smallest p of 500 cross-tables', 'number', ({ order }) => short(order.serial.worst)],
    ['of 100 runs tests', 'number', ({ order }) => short(order.runs.worst)],
    ['of 100 correlations', 'number', ({ order }) => short(order.correlation.worst)],
    ['largest correlation', 'number', ({ order }) => short(order.correlation.largest)],
  ]);
}

function changesTable({ changes }: Results): string {
  return table(changes, [
    ['ids', 'text', ({ family }) => family],
    ['changed', 'text', ({ changed }) => changed],
    ['changes', 'number', ({ changes }) => whole(changes)],
    ['bits flipped', 'number', ({ mean }) => percent(mean)],
    ['least', 'number', ({ lowest }) => percent(lowest)],
    ['most', 'number', ({ highest }) => percent(highest)],
    ['same bucket', 'number', ({ sameBucket }) => percent(sameBucket)],
    ['smallest p of 67', 'number', ({ tests }) => short(tests.worst)],
  ]);
}

function bitsTable({ bits }: Results): string {
  return table(bits, [
    ['characters', 'number', ({ length }) => whole(length)],
    ['texts', 'number', ({ texts }) => whole(texts)],
    ['pairs of bits', 'number', ({ tests }) => whole(tests.tests)],
    ['least', 'number', ({ lowest }) => percent(lowest)],
    ['most', 'number', ({ highest }) => percent(highest)],
    ['smallest p', 'number', ({ tests }) => short(tests.worst)],
    ['corrected', 'number', ({ tests }) => short(Math.min(1, tests.worst * tests.tests))],
  ]);
}

function operatorsTable({ operators, segments }: Results): string {
  const given = {
    name: 'segments given',
    asked: 'to ten experiments of 10 of 100 segments each',
    shares: segments,
    total: null,
    pairs: null,
  };
  return table(
    [...operators, given],
    [
      ['operator', 'text', ({ name }) => name],
      ['draws', 'text', ({ asked }) => asked],
      ['tests', 'number', ({ shares }) => whole(shares.tests)],
      ['smallest p', 'number', ({ shares }) => short(shares.worst)],
      ['p of all', 'number', ({ total }) => (total === null ? '–' : short(total))],
      [
        'smallest p of 4,950 pairs of salts',
        'number',
        ({ pairs }) => (pairs === null ? '–' : short(pairs.worst)),
      ],
    ],
  );
}

function unitsTable({ units }: Results): string {
  return table(units, [
    ['units', 'text', ({ family }) => family],
    ['how many', 'number', ({ units }) => whole(units)],
    ['smallest p of 100', 'number', ({ shares }) => short(shares.worst)],
    ['p of all', 'number', ({ total }) => short(total)],
    [
      'smallest p of 4,950 pairs of salts',
      'number',
      ({ pairs }) => (pairs === null ? '–' : short(pairs.worst)),
    ],
  ]);
}

function randomTable({ random }: Results): string {
  return table(random.counted, [
    ['bits of a draw', 'number', ({ bits }) => whole(bits)],
    ['draws in the smallest bucket', 'number', ({ fewest }) => whole(fewest)],
    ['in the largest', 'number', ({ most }) => whole(most)],
    ['largest bias, relative', 'number', ({ bias }) => short(bias)],
  ]);
}

function whole(value: number): string {
  return value.toLocaleString('en');
}

/** Formats a number with two digits, which is enough for a p-value. */
function short(value: number): string {
  return value === 0
    ? '0'
    : value < 0.001
      ? value.toExponential(1)
      : Number(value.toPrecision(2)).toString();
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

function shorten(text: string): string {
  return text.length > 28 ? `${text.slice(0, 12)}…${text.slice(-12)}` : text;
}

/** Formats a text as code, without characters that would end the cell or the code. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|').replaceAll('`', '')}\``;
}
