import { type CountedShare, countedShare, type Method } from '../../src/trials/tally.ts';
import type { ComparisonReport } from '../../src/trials/trial-report.ts';
import { type Column, fillMarks, table } from '../tables.ts';
import { SPECIFICATION } from './designs.ts';
import type { DesignResult, Results } from './results.ts';

/** The tables of docs/trust.md, by the names in their marks. */
const TABLES: ReadonlyMap<string, (results: Results) => string> = new Map([
  ['daily', (results) => alarmsTable(results, 'no effect, looked at daily')],
  ['quick', (results) => alarmsTable(results, 'no effect, windows of an hour, looked at daily')],
  ['effect', (results) => effectTable(results, 'effect of 10%, looked at daily')],
  ['coverage', (results) => coverageTable(results, 'effect of 10%, looked at daily')],
  ['few', (results) => onceTable(results, 'no effect, few units, looked at once')],
  ['treatments', (results) => onceTable(results, 'no effect, two treatments, looked at once')],
  ['split', splitTable],
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

type Field = 'decided' | 'decidedAtEnd' | 'wrong' | 'coversAtEnd' | 'coversAlways';

/** A column with a share of one method. */
function column(heading: string, method: Method, field: Field): Column<ComparisonReport> {
  return [heading, 'number', (row) => shareText(shareOf(row, method, field))];
}

const METRIC: Column<ComparisonReport> = ['metric', 'text', ({ metric }) => metric];

/** The metrics without a time line. In simulated days they have no figures, so they can't raise an alarm. */
const WITHOUT_DAYS: ReadonlySet<string> = new Set(
  SPECIFICATION.metrics.filter(({ type }) => type === 'quantile').map(({ name }) => name),
);

/** Returns the rows of the metrics that are looked at daily. */
function dailyRows(results: Results, name: string): readonly ComparisonReport[] {
  return withAll(rowsOf(results, name).filter(({ metric }) => !WITHOUT_DAYS.has(metric)));
}

function alarmsTable(results: Results, name: string): string {
  return table(dailyRows(results, name), [
    METRIC,
    column('t test, looked at daily', 'fixed', 'decided'),
    column('t test, looked at once', 'fixed', 'decidedAtEnd'),
    column('planned end', 'hybrid', 'decided'),
    column('no planned end', 'sequence', 'decided'),
  ]);
}

function effectTable(results: Results, name: string): string {
  return table(withAll(rowsOf(results, name)), [
    METRIC,
    ['mean estimate', 'number', estimateText],
    [
      'variance removed',
      'number',
      ({ varianceReduction }) => (varianceReduction === null ? '–' : percent(varianceReduction)),
    ],
    column('found with a planned end', 'hybrid', 'decided'),
    column('without', 'sequence', 'decided'),
    column('wrong side', 'hybrid', 'wrong'),
  ]);
}

function coverageTable(results: Results, name: string): string {
  return table(dailyRows(results, name), [
    METRIC,
    column('95% interval, at the end', 'fixed', 'coversAtEnd'),
    column('at every look', 'fixed', 'coversAlways'),
    column('planned end, at every look', 'hybrid', 'coversAlways'),
    column('no planned end, at every look', 'sequence', 'coversAlways'),
  ]);
}

function onceTable(results: Results, name: string): string {
  return table(withAll(rowsOf(results, name)), [
    METRIC,
    ['treatment', 'text', ({ variant }) => variant],
    column('false alarms of the t test', 'fixed', 'decidedAtEnd'),
    column('of Evenhand', 'hybrid', 'decidedAtEnd'),
    column('95% interval is right', 'fixed', 'coversAtEnd'),
    column('interval of Evenhand is right', 'hybrid', 'coversAtEnd'),
  ]);
}

function splitTable(results: Results): string {
  return table<DesignResult>(results, [
    ['experiments', 'text', ({ name }) => name],
    ['how many', 'number', ({ report }) => report.runs.toLocaleString('en')],
    ['units of each', 'number', ({ report }) => report.units.toLocaleString('en')],
    ['split looked off', 'number', ({ report }) => shareText(report.splitAlarms)],
  ]);
}

function rowsOf(results: Results, name: string): readonly ComparisonReport[] {
  const found = results.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`there are no results of "${name}"`);
  return found.report.comparisons;
}

/** Adds a row with the counts of all metrics together; they have outcomes of their own. */
function withAll(rows: readonly ComparisonReport[]): readonly ComparisonReport[] {
  const [first] = rows;
  if (first === undefined) return rows;
  const sum = (method: Method, field: Field): CountedShare => {
    const shares = rows.flatMap((row) => shareOf(row, method, field) ?? []);
    return countedShare(
      shares.reduce((total, one) => total + one.count, 0),
      shares.reduce((total, one) => total + one.of, 0),
    );
  };
  const methods = first.methods.map((one) => ({
    ...one,
    decided: sum(one.method, 'decided'),
    decidedAtEnd: sum(one.method, 'decidedAtEnd'),
    wrong: sum(one.method, 'wrong'),
    coversAtEnd: sum(one.method, 'coversAtEnd'),
    coversAlways: sum(one.method, 'coversAlways'),
  }));
  const all = { ...first, metric: 'all together', variant: '', methods };
  return [...rows, { ...all, estimate: null, varianceReduction: null }];
}

function shareOf(
  { methods }: ComparisonReport,
  method: Method,
  field: Field,
): CountedShare | undefined {
  return methods.find((one) => one.method === method)?.[field];
}

/** Formats a share with its 95% interval: `4.5% (2.4–8.3)`. */
function shareText(share: CountedShare | undefined): string {
  if (share === undefined) return '–';
  return `${percent(share.share)} (${(share.low * 100).toFixed(1)}–${(share.high * 100).toFixed(1)})`;
}

function estimateText({ estimate }: ComparisonReport): string {
  if (estimate === null) return '–';
  const { mean, low, high } = estimate;
  return `${percent(mean)} (${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
