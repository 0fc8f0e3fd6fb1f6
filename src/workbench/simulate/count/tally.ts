import type { Failure } from './failures.ts';
import { mergeFailures } from './failures.ts';

/** A line of a context file without a context. */
export interface BrokenLine {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** One of the first units, in full. */
export interface PreviewRow {
  /** The unit's number, from 0; in a context file, the line's number minus 1. */
  readonly unit: number;
  /** The cell of each experiment; negative if the decision failed. */
  readonly cells: readonly number[];
}

/** The counts of one thread; can be sent between threads and added up. */
export interface Tally {
  /** The number of units. */
  readonly units: number;
  /** The number of units in each cell, one experiment after another. */
  readonly cells: Uint32Array;
  /** The number of failed decisions of each experiment. */
  readonly failed: Uint32Array;
  /** The tables of all pairs, one after another. */
  readonly pairs: Uint32Array;
  /** The causes of failed decisions, for each experiment. */
  readonly failures: readonly (readonly (readonly [string, Failure])[])[];
  /** The repetitions of each pair of identities; empty for generated units. */
  readonly repeats: readonly Uint32Array[];
  readonly preview: readonly PreviewRow[];
  /** The first broken lines. */
  readonly broken: readonly BrokenLine[];
  /** The number of all broken lines. */
  readonly brokenCount: number;
  /** True if counting stopped before the last unit. */
  readonly stopped: boolean;
}

/** The most broken lines that are reported one by one. */
export const MAX_BROKEN = 10;

/** Adds up the counts of several threads; the result does not depend on how units were split. */
export function mergeTallies(parts: readonly Tally[]): Tally {
  const [first] = parts;
  if (first === undefined) throw new TypeError('mergeTallies needs at least one tally');
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
    // An iterator over millions of counts would take seconds.
    for (let i = 0; i < other.length; i++) all[i] = (all[i] ?? 0) + (other[i] ?? 0);
  }
  return all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
