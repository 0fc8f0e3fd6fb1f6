import type { OutcomePart } from '../../../specification/metric-types.ts';
import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import type { Window } from './window.ts';

/** Outcomes that metrics select: their names and the rule. Its number names the column `is_1`. */
export interface Part {
  readonly number: number;
  readonly outcomes: readonly string[];
  readonly where: string | undefined;
}

/** A number of the outcomes of a part. Its number names the column `v_1`. */
export interface Amount {
  readonly number: number;
  readonly part: Part;
  readonly path: string;
}

/**
 * A number for each unit, which several metrics can share: how many of its outcomes meet a condition, or
 * the sum of their amounts.
 */
export interface Measure {
  /** The column, `c_1` or `s_1`. */
  readonly name: string;
  /** A condition over the columns of the stage `matched`. */
  readonly condition: string;
  readonly period: Period;
  /** The column of the amount; absent for a number of outcomes. */
  readonly amount?: string;
}

/** The period in which outcomes are measured. */
export type Period = 'window' | 'before' | 'early' | 'late';

/** Collects the parts, amounts and measures of a plan, each once. */
export class Measures {
  readonly parts: Part[] = [];
  readonly amounts: Amount[] = [];
  readonly all: Measure[] = [];
  private readonly known = new Map<string, Part | Amount | Measure>();
  private readonly preMs: number;

  constructor(plan: Pick<AnalysisPlan, 'preMs'>) {
    this.preMs = plan.preMs ?? 0;
  }

  /** The number of outcomes of a part in a period. Returns its column. */
  count(outcomes: OutcomePart, period: Period, window: Window): string {
    const part = this.partOf(outcomes);
    return this.measure(period, `is_${part.number} = 1 AND ${this.inPeriod(period, window)}`);
  }

  /** The sum of the amounts of a part in a period; of a part without `value`, the number of outcomes. */
  total(outcomes: OutcomePart, period: Period, window: Window): string {
    if (outcomes.value === undefined) return this.count(outcomes, period, window);
    const { number } = this.amountOf(outcomes, outcomes.value);
    return this.measure(period, this.inPeriod(period, window), `v_${number}`);
  }

  /** The condition for outcomes of a part in the window of a metric. */
  inWindow(outcomes: OutcomePart, window: Window): string {
    return `is_${this.partOf(outcomes).number} = 1 AND ${this.inPeriod('window', window)}`;
  }

  partOf({ outcomes, where }: OutcomePart): Part {
    const names = [...new Set(outcomes)].sort();
    return this.once(['part', names, where ?? null], () => {
      const part = { number: this.parts.length + 1, outcomes: names, where };
      this.parts.push(part);
      return part;
    });
  }

  amountOf(outcomes: OutcomePart, path: string): Amount {
    const part = this.partOf(outcomes);
    return this.once(['amount', part.number, path], () => {
      const amount = { number: this.amounts.length + 1, part, path };
      this.amounts.push(amount);
      return amount;
    });
  }

  private measure(period: Period, condition: string, amount?: string): string {
    return this.once(['measure', period, condition, amount ?? null], () => {
      const name = `${amount === undefined ? 'c' : 's'}_${this.all.length + 1}`;
      const measure = { name, condition, period, ...(amount === undefined ? {} : { amount }) };
      this.all.push(measure);
      return measure;
    }).name;
  }

  /** `since` is the time after the first exposure in microseconds. */
  private inPeriod(period: Period, window: Window): string {
    if (period === 'before') return `since >= ${-this.preMs * 1000} AND since < 0`;
    if (period === 'early') return 'since < 0';
    if (period === 'late') {
      return window.end === undefined ? 'since IS NULL' : `since >= ${window.end}`;
    }
    return window.end === undefined
      ? `since >= ${window.start}`
      : `since >= ${window.start} AND since < ${window.end}`;
  }

  private once<T extends Part | Amount | Measure>(key: unknown, make: () => T): T {
    const text = JSON.stringify(key);
    const known = this.known.get(text);
    // A key holds the kind of its value.
    if (known !== undefined) return known as T;
    const made = make();
    this.known.set(text, made);
    return made;
  }
}
