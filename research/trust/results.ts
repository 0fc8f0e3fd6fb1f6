import type { CountedShare, Method, MethodReport } from '../../src/trials/tally.ts';
import type { ComparisonReport, TrialReport } from '../../src/trials/trial-report.ts';

/** The report of one design. */
export interface DesignResult {
  readonly name: string;
  readonly report: TrialReport;
}

/** All results; `research/trust/results.json` stores them. */
export type Results = readonly DesignResult[];

/** A rate that must not be beyond its limit. */
export interface Checked {
  readonly what: string;
  readonly share: CountedShare;
  /** The limit that Evenhand promises, as a share of the runs. */
  readonly limit: number;
  /** True if the share must be at most the limit, false if at least. */
  readonly isUpper: boolean;
  /** The probability of a count as far beyond the limit, if the true share is the limit. */
  readonly p: number;
}

/** The error rate of all experiments. */
const ALPHA = 0.05;

/** The methods that Evenhand reports. The fixed test at each look is there to show what it costs. */
const REPORTED: ReadonlySet<Method> = new Set(['hybrid', 'sequence']);

/** The probability that chance alone reports a fault, over all checks. */
const CHANCE = 0.01;

/** Returns every rate with its limit. */
export function checksOf(results: Results): Checked[] {
  return results.flatMap(({ name, report }) => [
    atMost(`${name}: split`, report.splitAlarms, 0.001),
    ...report.comparisons.flatMap((comparison) => checksOfComparison(name, comparison)),
  ]);
}

/** Returns the rates that chance does not explain, after Bonferroni's correction. */
export function faultsOf(results: Results): Checked[] {
  const all = checksOf(results);
  return all.filter(({ p }) => p * all.length < CHANCE);
}

function checksOfComparison(name: string, comparison: ComparisonReport): Checked[] {
  const { metric, variant, planted, methods } = comparison;
  const reported = methods.filter(({ method }) => REPORTED.has(method));
  return reported.flatMap((one: MethodReport) => {
    const what = `${name}: ${metric}, ${variant}, ${one.method}`;
    return [
      atMost(`${what}: ${planted === 0 ? 'false alarms' : 'wrong side'}`, one.wrong, ALPHA),
      atLeast(`${what}: intervals`, one.coversAlways, 1 - ALPHA),
    ];
  });
}

function atMost(what: string, share: CountedShare, limit: number): Checked {
  return { what, share, limit, isUpper: true, p: upperTail(share.count, share.of, limit) };
}

function atLeast(what: string, share: CountedShare, limit: number): Checked {
  const p = upperTail(share.of - share.count, share.of, 1 - limit);
  return { what, share, limit, isUpper: false, p };
}

/** Returns the probability of `count` or more of `of` events with this probability each. */
export function upperTail(count: number, of: number, probability: number): number {
  if (count <= 0) return 1;
  let sum = 0;
  let lnTerm = 0;
  for (let k = 0; k <= of; k++) {
    if (k > 0) lnTerm += Math.log((of - k + 1) / k);
    if (k < count) continue;
    sum += Math.exp(lnTerm + k * Math.log(probability) + (of - k) * Math.log1p(-probability));
  }
  return Math.min(1, sum);
}
