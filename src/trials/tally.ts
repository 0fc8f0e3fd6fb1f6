import { type ShareInterval, shareInterval } from '../stats/split/share-interval.ts';

/** The ways to decide that are compared. */
export const METHODS = ['fixed', 'hybrid', 'sequence'] as const;

/**
 * - `fixed`: the fixed interval at 5%, at each look as if it were the only one; Evenhand has it only at the
 *   planned end, at 2.5%
 * - `hybrid`: what Evenhand reports with a planned end: half of 5% before it, by the sequence, and half at it
 * - `sequence`: what Evenhand reports without a planned end
 */
export type Method = (typeof METHODS)[number];

/** One comparison at one look. */
export interface LookFigure {
  /** The side of the decision; undefined if nothing is decided. */
  readonly decided: 'up' | 'down' | undefined;
  /** The interval of the relative difference; null ends are open, and undefined is no interval. */
  readonly interval: readonly [number | null, number | null] | undefined;
}

/** One comparison of one run. */
export interface RunFigures {
  /** The estimate of the relative difference at the last look; undefined if there is none. */
  readonly estimate: number | undefined;
  readonly varianceReduction: number | undefined;
  /** One figure for each look and method. */
  readonly looks: Readonly<Record<Method, readonly LookFigure[]>>;
}

/** A count of runs, with the 95% interval of their share. */
export interface CountedShare extends ShareInterval {
  readonly count: number;
  readonly of: number;
  readonly share: number;
}

/** The results of one method over all runs. */
export interface MethodReport {
  readonly method: Method;
  /** The runs in which any look decided, and those in which the last look did. */
  readonly decided: CountedShare;
  readonly decidedAtEnd: CountedShare;
  /** The runs in which any look decided for the wrong side; without an effect, every decision is wrong. */
  readonly wrong: CountedShare;
  /** The runs whose last interval has the planted effect, and those in which all intervals have it. */
  readonly coversAtEnd: CountedShare;
  readonly coversAlways: CountedShare;
  /** The mean width of the last interval, as a share of the control's value; null without intervals. */
  readonly width: number | null;
  /** The mean share of looks before the first decision, in the runs with one; null without decisions. */
  readonly firstDecision: number | null;
}

/** Counts of one comparison over all runs. */
export class ComparisonTally {
  /** The number of runs. */
  runs = 0;
  private estimates = 0;
  private sum = 0;
  private squares = 0;
  private reductions = 0;
  private reductionSum = 0;
  private readonly methods = new Map(METHODS.map((method) => [method, new MethodTally()] as const));
  private readonly lift: number;

  /** Makes empty counts. */
  constructor(lift: number) {
    this.lift = lift;
  }

  /** Adds a run. */
  add({ estimate, varianceReduction, looks }: RunFigures): void {
    this.runs++;
    if (estimate !== undefined) {
      this.estimates++;
      this.sum += estimate;
      this.squares += (estimate - this.lift) ** 2;
    }
    if (varianceReduction !== undefined) {
      this.reductions++;
      this.reductionSum += varianceReduction;
    }
    for (const [method, tally] of this.methods) tally.add(looks[method], this.lift);
  }

  /** The mean of the estimates with its 95% interval; null without two estimates. */
  get estimate(): { readonly mean: number; readonly low: number; readonly high: number } | null {
    const { estimates: n, sum, squares, lift } = this;
    if (n < 2) return null;
    const mean = sum / n;
    const variance = Math.max(0, (squares - n * (mean - lift) ** 2) / (n - 1));
    const half = DEVIATIONS * Math.sqrt(variance / n);
    return { mean, low: mean - half, high: mean + half };
  }

  /** The mean of 1 − variance with CUPED / variance without; null if CUPED was never used. */
  get varianceReduction(): number | null {
    return this.reductions === 0 ? null : this.reductionSum / this.reductions;
  }

  /** Returns the results of each method. */
  reports(): MethodReport[] {
    return Array.from(this.methods, ([method, tally]) => tally.report(method, this.runs));
  }
}

/** The number of standard deviations of a 95% interval. */
const DEVIATIONS = 1.959963984540054;

class MethodTally {
  private decided = 0;
  private decidedAtEnd = 0;
  private wrong = 0;
  private coversAtEnd = 0;
  private coversAlways = 0;
  private widths = 0;
  private widthSum = 0;
  private firstSum = 0;

  add(looks: readonly LookFigure[], lift: number): void {
    const first = looks.findIndex(({ decided }) => decided !== undefined);
    const last = looks.at(-1);
    if (first !== -1) {
      this.decided++;
      this.firstSum += first / looks.length;
    }
    if (last?.decided !== undefined) this.decidedAtEnd++;
    if (looks.some(({ decided }) => isWrong(decided, lift))) this.wrong++;
    if (looks.every(({ interval }) => covers(interval, lift))) this.coversAlways++;
    if (covers(last?.interval, lift)) this.coversAtEnd++;
    const [low, high] = last?.interval ?? [null, null];
    if (low === null || high === null) return;
    this.widths++;
    this.widthSum += high - low;
  }

  report(method: Method, runs: number): MethodReport {
    return {
      method,
      decided: countedShare(this.decided, runs),
      decidedAtEnd: countedShare(this.decidedAtEnd, runs),
      wrong: countedShare(this.wrong, runs),
      coversAtEnd: countedShare(this.coversAtEnd, runs),
      coversAlways: countedShare(this.coversAlways, runs),
      width: this.widths === 0 ? null : this.widthSum / this.widths,
      firstDecision: this.decided === 0 ? null : this.firstSum / this.decided,
    };
  }
}

/** Returns a count as a share, with its 95% interval. */
export function countedShare(count: number, of: number): CountedShare {
  return { count, of, share: of === 0 ? 0 : count / of, ...shareInterval(count, of) };
}

function isWrong(decided: LookFigure['decided'], lift: number): boolean {
  if (decided === undefined) return false;
  return lift === 0 || decided === (lift > 0 ? 'down' : 'up');
}

/** Returns true if an interval has the value; a look without an interval claims nothing. */
function covers(interval: LookFigure['interval'], value: number): boolean {
  if (interval === undefined) return true;
  const [low, high] = interval;
  return (low ?? Number.NEGATIVE_INFINITY) <= value && value <= (high ?? Number.POSITIVE_INFINITY);
}
