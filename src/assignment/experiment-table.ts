import type { CompiledExperiment } from './experiment.ts';

/** The experiments of a snapshot, by name and in the order of the specification. */
export class ExperimentTable {
  /** All experiments in that order. */
  readonly all: readonly CompiledExperiment[];
  /**
   * The experiments by name; look up strings only. V8 finds one of thousands in an object twice as fast
   * as in a Map: it compares names from source code by address, while a Map reads each name that it
   * passes, and has to fetch it into the processor's cache. The object has no prototype, so names such
   * as `constructor` are ordinary.
   */
  readonly byName: Readonly<Record<string, CompiledExperiment>>;

  constructor(experiments: readonly CompiledExperiment[]) {
    const byName = Object.create(null) as Record<string, CompiledExperiment>;
    for (const experiment of experiments) byName[experiment.name] = experiment;
    this.all = experiments;
    // An object that has grown keeps room for twice as many properties; a copy does not.
    this.byName = { __proto__: null, ...byName } as unknown as typeof byName;
  }

  /**
   * Returns the experiment of this name, if there is one; undefined if the name is not a string.
   */
  get(name: string): CompiledExperiment | undefined {
    return typeof name === 'string' ? this.byName[name] : undefined;
  }
}
