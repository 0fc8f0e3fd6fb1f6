import { EvenhandError } from '../../../errors/evenhand-error.ts';
import { RuleError } from '../../../errors/rule-error.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import type { UnitFailure } from '../plan/assigner.ts';

/** One cause for which units of an experiment could not be decided. */
export interface Failure {
  /** The audience whose rule failed, or that needed the identity; an index. */
  readonly audience: number;
  /** The error's code; `unknown` where the error is none of ours. */
  readonly code: string;
  /** The message of the first unit that met it. */
  readonly message: string;
  /** That unit. */
  readonly unit: number;
  /** How many units met it. */
  readonly count: number;
}

/** How many causes are told apart; a hostile file must not fill the memory. */
const MAX_CAUSES = 100;

/** Counts the causes for which units of one experiment could not be decided. */
export class FailureTally {
  private readonly causes = new Map<string, Failure>();
  private last: { readonly failure: UnitFailure; readonly key: string } | undefined;

  /** Counts one unit. */
  note(failure: UnitFailure, unit: number): void {
    // What fails for all units alike is one and the same failure.
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

  /** The causes by their keys, for adding up. */
  toEntries(): [string, Failure][] {
    return [...this.causes];
  }
}

/** Adds up the causes that several threads met; the first unit that met one gives the message. */
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

/** The audience, the code and the place in the rule: messages may hold a unit's values. */
function keyOf({ audience, thrown }: UnitFailure): string {
  const code = thrown instanceof EvenhandError ? thrown.code : 'unknown';
  const place = thrown instanceof RuleError ? thrown.range.start : '';
  return `${audience} ${code} ${place}`;
}
