import type { Split } from '../../exposures/split-watch/watched-audience.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import { identityLabel } from '../../specification/identity-paths.ts';
import type { AudienceSpec, ExperimentSpec, ScheduleStep } from '../../specification/types.ts';
import type { ReportedPlace } from '../../workbench/usage/usage-report.ts';
import type { Visit } from '../frame/visit.ts';
import type { PastChange } from '../store/workspace.ts';

/** The most changes and places in the code on the page. */
const MAX_CHANGES = 8;
const MAX_PLACES = 30;

/** The data of the page of one experiment or switch. */
export interface ExperimentData {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly identity: string;
  readonly seed: string;
  readonly sticky: boolean;
  readonly shorthand: boolean;
  readonly buckets: number;
  readonly variants: ExperimentSpec['variants'];
  /** The declared control; absent if none is. */
  readonly control?: string;
  /** The audiences in force. */
  readonly audiences: readonly AudienceSpec[];
  readonly schedule: readonly ScheduleStep[];
  /** The instant of the step in force; absent before the first one. */
  readonly since?: string;
  readonly holdouts: readonly { readonly name: string; readonly percent: number }[];
  /** The splits of this process, one for each audience, and the start of its counts. */
  readonly splits: readonly Split[];
  readonly liveSince: string;
  /** The latest changes, the newest first; empty if the store keeps none, or fails. */
  readonly changes: readonly PastChange[];
  /** The places in the code; absent if they are not known. */
  readonly places?: readonly ReportedPlace[];
}

const BUCKETS = 100;

/** Returns what is known of the experiment that the path names; undefined if there is none. */
export async function experimentData(visit: Visit): Promise<ExperimentData | undefined> {
  const { snapshot, board, params } = visit;
  const spec = snapshot.experiments.find(({ name }) => name === params.name);
  if (spec === undefined) return undefined;
  const { name, description, owner, expires, identity, seed, variants, audiences, since } = spec;
  const usage = board.usage()?.experiments.find((one) => one.name === name);
  board.results.wanted(name);
  return {
    name,
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(expires !== undefined && { expires }),
    identity: identityLabel(identity),
    seed,
    sticky: spec.sticky === true,
    shorthand: spec.shorthand,
    buckets: spec.buckets ?? BUCKETS,
    variants,
    ...(spec.analysis?.control !== undefined && { control: spec.analysis.control }),
    audiences,
    schedule: spec.schedule ?? [],
    ...(since !== undefined && { since }),
    holdouts: holdoutsOf(snapshot.specification, name).map((one) => ({
      name: one.name,
      percent: one.percent,
    })),
    splits: board.results.liveSplitsOf(name),
    liveSince: board.results.liveSince,
    changes: await changesOf(visit, name),
    ...(usage !== undefined && { places: usage.places.slice(0, MAX_PLACES) }),
  };
}

async function changesOf({ board }: Visit, name: string): Promise<readonly PastChange[]> {
  try {
    const part = { kind: 'experiment', name } as const;
    return (await board.workspace?.changes({ part, limit: MAX_CHANGES })) ?? [];
  } catch {
    // The rest of the page needs no history.
    return [];
  }
}
