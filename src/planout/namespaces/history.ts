import { SegmentAllocations } from './segment-allocations.ts';

/** A line of a namespace's history that adds an experiment. */
export interface AdditionLine {
  /** The name in the namespace: part of the salt. */
  readonly add: string;
  /** How many segments it takes. */
  readonly segments: number;
  /** The name of its definition. */
  readonly experiment: string;
}

/** A line of a namespace's history that takes an experiment out. */
export interface RemovalLine {
  readonly remove: string;
}

/** A line of a namespace's history. */
export type HistoryLine = AdditionLine | RemovalLine;

/** A namespace as a history has made it. */
export interface ReplayedHistory {
  /** For each segment the number of the addition that has it, 0 for none. */
  readonly table: Int32Array;
  /** The additions by their numbers, from 1. */
  readonly additions: readonly (AdditionLine | undefined)[];
  /** How many segments nobody has. */
  readonly free: number;
}

/**
 * Replays a history that has been found possible: each line adds what is not present, with no more
 * segments than are free, or removes what is present.
 */
export function replayHistory(
  namespace: string,
  segments: number,
  history: readonly HistoryLine[],
): ReplayedHistory {
  const allocations = new SegmentAllocations(namespace, segments);
  const additions: (AdditionLine | undefined)[] = [];
  for (const line of history) {
    if ('remove' in line) allocations.remove(line.remove);
    else additions[allocations.add(line.add, line.segments)] = line;
  }
  return { table: allocations.table, additions, free: allocations.free };
}
