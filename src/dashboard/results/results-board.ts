import type { Result } from '../../analysis/result/result.ts';
import type { Split } from '../../exposures/split-watch/watched-audience.ts';

/** The result of one experiment, as far as it is known. */
export type ResultState =
  /** There is no engine. */
  | { readonly kind: 'off' }
  /** The experiment declares no metrics, or cannot be analysed; the text says why. */
  | { readonly kind: 'none'; readonly text: string }
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'ready';
      readonly result: Result;
      /** When the records were read: ISO 8601 in UTC. */
      readonly at: string;
      /** Why a newer result could not be computed; absent if this is the newest. */
      readonly problem?: string;
    }
  | { readonly kind: 'failed'; readonly problem: string; readonly at: string };

/** Units with a first exposure until the end of a day, by variant. */
export interface ExposureDay {
  /** ISO 8601 in UTC. */
  readonly day: string;
  readonly units: Readonly<Record<string, number>>;
}

/** Results, splits and exposures, computed in the background. Nothing here waits for a statement or throws. */
export interface ResultsBoard {
  /** True if an engine is set. */
  readonly hasEngine: boolean;
  resultOf(experiment: string): ResultState;
  /** The splits of this process, one for each audience; empty if no exposure is counted. */
  liveSplitsOf(experiment: string): readonly Split[];
  /** The start of this process's counts: ISO 8601 in UTC. */
  readonly liveSince: string;
  /** Cumulative units by day from the stored records; empty without an engine. */
  exposureDaysOf(experiment: string): readonly ExposureDay[];
  /** The statement behind the result, for the reader; undefined without an engine. */
  sqlOf(experiment: string): string | undefined;
  /** Asks for a newer result soon; called when a page shows the experiment. */
  wanted(experiment: string): void;
  /** Ends all statements and timers. */
  close(): void;
}
