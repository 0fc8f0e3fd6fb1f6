import { EvenhandError } from '../../../errors/evenhand-error.ts';
import { RuleError } from '../../../errors/rule-error.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import type { UnitFailure } from '../plan/assigner.ts';

/** One cause of failed decisions in an experiment. */
export interface Failure {
  /** The audience whose rule failed, or that needed the identity; an index. */
  readonly audience: number;
  /** The error's code; `unknown` for errors other than Evenhand's. */
  readonly code: string;
  /** The message for the first unit with this cause. */
  readonly message: string;
  /** The first unit with this cause. */
  readonly unit: number;
  /** The number of units with this cause. */
  readonly count: number;
}

/** The most causes that are told apart, so that a hostile file can't fill the memory. */
const MAX_CAUSES = 100;

/** Counts the causes of failed decisions in one experiment. */
export class FailureTally {
  private readonly causes = new Map<string, Failure>();
  private last: { readonly failure: UnitFailure; readonly key: string } | undefined;

  /** Counts one unit. */
  note(failure: UnitFailure, unit: number): void {
    // A failure that all units share is one object.
    const key = this.last?.failure === failure ? this.last.key : keyOf(failure);
    this.last = { failure, key };
    const known = this.causes.get(key);
    if (known !== undefined) {
      this.causes.set(key, { ...known, count: known.count + 1 });
      return;
    }
    if (this.causes.size >= MAX_CAUSES) return;
    const { audience, thrown } = failure;
    const code = thrown instanceof EvenhandError ? thrown.code : 'unknown';
    this.causes.set(key, { audience, code, message: thrownMessage(thrown), unit, count: 1 });
  }

  /** Returns the causes by their keys, which can be added up. */
  toEntries(): [string, Failure][] {
    return [...this.causes];
  }
}

/** Adds up the causes from several threads; the message is that of the first unit. */
export function mergeFailures(
  parts: readonly (readonly (readonly [string, Failure])[])[],
): [string, Failure][] {
  const all = new Map<string, Failure>();
  for (const [key, failure] of parts.flat()) {
    const known = all.get(key);
    if (known === undefined) all.set(key, failure);
    else {
      const first = known.unit <= failure.unit ? known : failure;
      all.set(key, { ...first, count: known.count + failure.count });
    }
  }
  return [...all].sort(([, a], [, b]) => a.unit - b.unit || a.audience - b.audience);
}

/** Returns audience, code and place in the rule; messages are not keys because they contain values. */
function keyOf({ audience, thrown }: UnitFailure): string {
  const code = thrown instanceof EvenhandError ? thrown.code : 'unknown';
  const place = thrown instanceof RuleError ? thrown.range.start : '';
  return `${audience} ${code} ${place}`;
}
