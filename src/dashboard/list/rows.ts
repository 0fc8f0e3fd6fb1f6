import type { Snapshot } from '../../assignment/snapshot.ts';
import { DEFAULT_PARKED } from '../../changes/parked.ts';
import type { AudienceSpec, ExperimentSpec } from '../../specification/types.ts';
import { isSwitch } from '../../ui/variant-key.ts';
import { staleReason } from '../../workbench/usage/stale.ts';
import type { Visit } from '../frame/visit.ts';

/** The state of an experiment, the most urgent first. */
export const STATES = ['split-off', 'running', 'not-started', 'stale'] as const;

/** A state of an experiment. */
export type ExperimentState = (typeof STATES)[number];

/** An experiment in the list. */
export interface ExperimentRow {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly state: ExperimentState;
  /** The reason to clean it up: "everyone gets one_page"; absent if there is none. */
  readonly stale?: string;
  readonly variants: readonly string[];
  readonly audiences: readonly AudienceSpec[];
  /** The control that the analysis compares with; absent if none is declared. */
  readonly control?: string;
}

/** The rows of a snapshot and a day; the states are those without the live split. */
const known = new WeakMap<Snapshot, { readonly day: string; readonly rows: ExperimentRow[] }>();

const PARKED = new Set(DEFAULT_PARKED);

/** The characters of a date in an ISO time. */
const DAY_LENGTH = 10;

/** Returns the experiments that are not switches, with alarms first, and then in the order of the file. */
export function experimentRows({ snapshot, board, now }: Visit): readonly ExperimentRow[] {
  const day = new Date(now).toISOString().slice(0, DAY_LENGTH);
  let found = known.get(snapshot);
  if (found?.day !== day) {
    const rows = snapshot.experiments.filter((spec) => !isSwitchSpec(spec)).map(rowOf(day));
    found = { day, rows };
    known.set(snapshot, found);
  }
  const rows = found.rows.map((row): ExperimentRow => {
    const isOff = board.results.liveSplitsOf(row.name).some(({ alarm }) => alarm);
    return isOff ? { ...row, state: 'split-off' } : row;
  });
  return rows.toSorted(
    (one, other) => Number(other.state === 'split-off') - Number(one.state === 'split-off'),
  );
}

/** Returns true for an experiment whose variants are on and off. */
export function isSwitchSpec({ variants }: ExperimentSpec): boolean {
  return isSwitch(variants.map(({ name }) => name));
}

function rowOf(day: string): (spec: ExperimentSpec) => ExperimentRow {
  return (spec) => {
    const { name, description, owner, audiences, analysis } = spec;
    const stale = staleReason(spec, day);
    return {
      name,
      ...(description !== undefined && { description }),
      ...(owner !== undefined && { owner }),
      state: isStarted(audiences) ? (stale === undefined ? 'running' : 'stale') : 'not-started',
      ...(stale !== undefined && { stale }),
      variants: spec.variants.map((variant) => variant.name),
      audiences,
      ...(analysis?.control !== undefined && { control: analysis.control }),
    };
  };
}

/** Returns true if someone gets a variant that is not parked. */
function isStarted(audiences: readonly AudienceSpec[]): boolean {
  return audiences.some(({ allocations }) =>
    allocations.some(({ variant, percent }) => percent > 0 && !PARKED.has(variant)),
  );
}
