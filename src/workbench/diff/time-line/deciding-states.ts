import { type CompiledExperiment, compileExperiment } from '../../../assignment/experiment.ts';
import type { Snapshot } from '../../../assignment/snapshot.ts';
import { holdoutsOf } from '../../../specification/holdouts.ts';
import { instantAdder, type PrepareContext } from '../../contexts/prepare-context.ts';
import type { LookUp } from '../../simulate/plan/assigners.ts';
import type { State } from './time-line.ts';

/** One side of a change, as it decides. */
export interface DecidingState {
  /** Finds the experiments that rules ask for. */
  readonly lookUp: LookUp;
  /** Adds the instant that rules read as `now`. */
  readonly addInstant: PrepareContext;
}

/** Returns the part of a file that decides now. */
export function presentOf(snapshot: Snapshot, now = new Date()): DecidingState {
  return {
    lookUp: {
      experiment: (name) => snapshot.setup.experiments.get(name),
      holdouts: (name) => holdoutsOf(snapshot, name),
    },
    addInstant: instantAdder(snapshot.experiments, now),
  };
}

/** Returns a function that keeps the deciding part of each state, which several experiments share. */
export function statesOf(): typeof decidingState {
  const made = new Map<State, DecidingState>();
  return (snapshot, state, nowMs) => {
    const deciding = made.get(state) ?? decidingState(snapshot, state, nowMs);
    made.set(state, deciding);
    return deciding;
  };
}

/**
 * Returns the part of a file that decides in a state of its schedule.
 *
 * @param nowMs the instant that rules read. Both sides of a change see one, so that only it moves people
 */
function decidingState(snapshot: Snapshot, { experiments }: State, nowMs: number): DecidingState {
  const compiled = new Map<string, CompiledExperiment>();
  return {
    lookUp: {
      experiment: (name) => {
        const spec = experiments.get(name);
        if (spec === undefined || compiled.has(name)) return compiled.get(name);
        const made = compileExperiment(spec, snapshot.rulesOf(name));
        compiled.set(name, made);
        return made;
      },
      holdouts: (name) => holdoutsOf(snapshot, name),
    },
    addInstant: instantAdder([...experiments.values()], new Date(nowMs)),
  };
}
