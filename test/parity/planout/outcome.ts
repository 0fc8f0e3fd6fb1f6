import { isDeepStrictEqual } from 'node:util';
import { checkDocumented } from './differences.ts';

/** The answer about a case: by PlanOut, and by a copy of it with the documented differences. */
export interface Answer<T> {
  readonly original: T;
  readonly documented: T;
  /** The names of the documented differences that the case met. */
  readonly notes: readonly string[];
}

/** Counts how often each documented difference changed a result. */
export class Differences {
  /** The number of cases that were compared. */
  cases = 0;
  /** The number of cases with the original's result. */
  identical = 0;
  readonly counts = new Map<string, number>();

  /**
   * Compares our result with both answers.
   *
   * @throws Error unless our result is PlanOut's, or differs exactly as documented
   */
  compare(ours: unknown, { original, documented, notes }: Answer<unknown>): void {
    this.cases++;
    if (isSame(documented, original)) this.identical++;
    else {
      if (notes.length === 0) fail('no documented difference', { original, documented });
      for (const note of notes) {
        checkDocumented(note);
        this.counts.set(note, (this.counts.get(note) ?? 0) + 1);
      }
    }
    if (!isSame(ours, documented)) fail('different results', { ours, documented, original, notes });
  }
}

/** Two results are the same if both fail at the same operator, whatever the message. */
function isSame(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(comparable(left), comparable(right));
}

function comparable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('why' in value)) return value;
  const { why: _, ...rest } = value;
  return rest;
}

function fail(title: string, shown: object): never {
  const lines = Object.entries(shown).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  throw new Error([title, ...lines].join('\n'));
}

/** Returns a value as the Python side writes it. */
export function encoded(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  // A list of another realm makes lists of that realm.
  if (Array.isArray(value)) return Array.from(value, encoded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encoded(item)]));
}

/** Returns records without their time and checksum, which must be whole seconds and 8 digits. */
export function comparableRecords(records: readonly object[]): readonly unknown[] {
  return records.map((record) => {
    const { time, checksum, ...rest } = record as Record<string, unknown>;
    if (!Number.isInteger(time) || !/^[0-9a-f]{8}$/.test(String(checksum))) {
      fail('invalid time or checksum', { record });
    }
    return encoded(rest);
  });
}
