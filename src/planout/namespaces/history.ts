import { type Sampling, SegmentAllocations } from './segment-allocations.ts';

/** A line of a namespace's history that adds an experiment. */
export interface AdditionLine {
  /** The name in the namespace, which is part of the salt. */
  readonly add: string;
  /** The number of segments that the experiment takes. */
  readonly segments: number;
  /** The name of the experiment's definition. */
  readonly experiment: string;
}

/** A line of a namespace's history that removes an experiment. */
export interface RemovalLine {
  readonly remove: string;
}

/** A line of a namespace's history. */
export type HistoryLine = AdditionLine | RemovalLine;

/** The parts of a namespace that determine which units are in which experiment. */
export interface HistorySubject {
  readonly name: string;
  readonly segments: number;
  readonly sampling: Sampling;
  readonly history: readonly HistoryLine[];
}

/** The state of a namespace after its history. */
export interface ReplayedHistory {
  /** The number of the addition that holds each segment; 0 for none. */
  readonly table: Int32Array;
  /** The additions by their numbers, from 1. */
  readonly additions: readonly (AdditionLine | undefined)[];
  /** The number of free segments. */
  readonly free: number;
}

/**
 * Replays a valid history: each line adds an experiment that is not running, with at most the free
 * segments, or removes a running one.
 */
export function replayHistory({
  name,
  segments,
  sampling,
  history,
}: HistorySubject): ReplayedHistory {
  const allocations = new SegmentAllocations(name, segments, sampling);
  const additions: (AdditionLine | undefined)[] = [];
  for (const line of history) {
    if ('remove' in line) allocations.remove(line.remove);
    else additions[allocations.add(line.add, line.segments)] = line;
  }
  return { table: allocations.table, additions, free: allocations.free };
}
