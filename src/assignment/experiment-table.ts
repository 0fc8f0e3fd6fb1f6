import type { CompiledExperiment } from './experiment.ts';

/** The experiments of a snapshot, by name and in the order of the specification. */
export class ExperimentTable {
  /** In their order. */
  readonly all: readonly CompiledExperiment[];
  /**
   * The same by name. An object, as V8 finds one of thousands in it twice as fast as in a Map: names
   * that source code asks by are told apart by where they are, and a Map looks into each name that it
   * passes, for which it has to fetch them into the processor's cache. It has no prototype, so that no
   * name is more than a name.
   */
  readonly byName: Readonly<Record<string, CompiledExperiment>>;

  constructor(experiments: readonly CompiledExperiment[]) {
    const byName = Object.create(null) as Record<string, CompiledExperiment>;
    for (const experiment of experiments) byName[experiment.name] = experiment;
    this.all = experiments;
    // An object that has grown has room for twice as many; a copy takes what it needs.
    this.byName = { __proto__: null, ...byName } as unknown as typeof byName;
  }

  /** The experiment of this name, if there is one; what is no text is no name, whoever asks. */
  get(name: string): CompiledExperiment | undefined {
    return typeof name === 'string' ? this.byName[name] : undefined;
  }
}
