import type { Failure } from './failures.ts';
import { mergeFailures } from './failures.ts';

/** A line of a context file that holds no context. */
export interface BrokenLine {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** One of the first units, in full. */
export interface PreviewRow {
  /** The unit's number, from 0; in a context file the line's number less 1. */
  readonly unit: number;
  /** The cell of each experiment; negative where it could not be decided. */
  readonly cells: readonly number[];
}

/** What one thread counted; can be sent from thread to thread, and added up. */
export interface Tally {
  /** Units looked at. */
  readonly units: number;
  /** How many units each cell of each experiment got, one experiment after another. */
  readonly cells: Uint32Array;
  /** How many units of each experiment could not be decided. */
  readonly failed: Uint32Array;
  /** The tables of all pairs, one after another. */
  readonly pairs: Uint32Array;
  /** For each experiment, why units could not be decided. */
  readonly failures: readonly (readonly (readonly [string, Failure])[])[];
  /** How often each pair of identities repeats; empty for units that are made up. */
  readonly repeats: readonly Uint32Array[];
  readonly preview: readonly PreviewRow[];
  /** The first broken lines. */
  readonly broken: readonly BrokenLine[];
  /** How many broken lines there are. */
  readonly brokenCount: number;
  /** Whether it ended before all units were looked at. */
  readonly stopped: boolean;
}

/** How many broken lines are told of one by one. */
export const MAX_BROKEN = 10;

/** Adds up what several threads counted; the same whatever way the units were split. */
export function mergeTallies(parts: readonly Tally[]): Tally {
  const [first] = parts;
  if (first === undefined) throw new TypeError('there is nothing to add up');
  return {
    units: sum(parts.map(({ units }) => units)),
    cells: addUp(parts.map(({ cells }) => cells)),
    failed: addUp(parts.map(({ failed }) => failed)),
    pairs: addUp(parts.map(({ pairs }) => pairs)),
    failures: first.failures.map((_, i) =>
      mergeFailures(parts.map(({ failures }) => failures[i] ?? [])),
    ),
    repeats: first.repeats.map((_, i) => addUp(parts.flatMap(({ repeats }) => repeats[i] ?? []))),
    preview: parts.flatMap(({ preview }) => preview).sort((a, b) => a.unit - b.unit),
    broken: parts
      .flatMap(({ broken }) => broken)
      .sort((a, b) => a.line - b.line)
      .slice(0, MAX_BROKEN),
    brokenCount: sum(parts.map(({ brokenCount }) => brokenCount)),
    stopped: parts.some(({ stopped }) => stopped),
  };
}

function addUp([first = new Uint32Array(0), ...others]: readonly Uint32Array[]): Uint32Array {
  const all = first.slice();
  for (const other of others) {
    // By index: an iterator over millions of counts takes seconds.
    for (let i = 0; i < other.length; i++) all[i] = (all[i] ?? 0) + (other[i] ?? 0);
  }
  return all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
