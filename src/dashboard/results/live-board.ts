import type { Split } from '../../exposures/split-watch/watched-audience.ts';
import type { ResultsBoard } from './results-board.ts';

/** The time for which the splits are read only once, in milliseconds: a page asks for many experiments. */
const FRESH_MS = 1000;

/** The dependencies of a board without an engine. */
export interface LiveBoardSetup {
  /** Returns the splits of this process. */
  readonly splits: () => readonly Split[];
  /** The start of this process's counts: ISO 8601 in UTC. */
  readonly since: string;
  /** Returns the time in milliseconds. */
  readonly now: () => number;
}

/** Returns the board of a dashboard without an engine: the live splits of this process, and no results. */
export function liveBoard({ splits, since, now }: LiveBoardSetup): ResultsBoard {
  const byExperiment = new Map<string, Split[]>();
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    hasEngine: false,
    resultOf: () => ({ kind: 'off' }),
    liveSplitsOf(experiment) {
      const time = now();
      if (Math.abs(time - readAt) >= FRESH_MS) {
        byExperiment.clear();
        for (const split of splits()) {
          const list = byExperiment.get(split.experiment);
          if (list === undefined) byExperiment.set(split.experiment, [split]);
          else list.push(split);
        }
        readAt = time;
      }
      return byExperiment.get(experiment) ?? [];
    },
    liveSince: since,
    exposureDaysOf: () => [],
    sqlOf: () => undefined,
    wanted: () => {},
    close: () => {},
  };
}
