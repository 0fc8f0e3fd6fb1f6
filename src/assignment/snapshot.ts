import { ContextError } from '../errors/usage-errors.ts';
import type {
  ExperimentSpec,
  HoldoutSpec,
  NamespaceSpec,
  Revision,
  Specification,
} from '../specification/types.ts';
import type { MetricSpec } from '../specification/metric-types.ts';
import type { Steps } from '../runtime/steps.ts';
import {
  checkOptions,
  checks,
  type OptionCheck,
  type OptionChecks,
} from '../options/check-options.ts';
import {
  type CompiledExperiment,
  type CompileSpecial,
  compileSteps,
  ExperimentTable,
  type HoldoutTable,
  type StickyAssignment,
} from './experiment.ts';
import { warnOfInexact } from './identity.ts';
import { NOW } from '../specification/reserved-names.ts';
import { timeOf } from '../rules/typed-text/date.ts';
import { quote } from '../errors/show-value.ts';
import type { CompiledRule } from '../rules/compile/compile.ts';
import { compileNamespace } from './namespaces/namespace.ts';
import type { DecisionListener } from './listener.ts';
import { compileSpecial } from './special/compile-special.ts';
import { Participant, type ParticipantSetup } from './participant.ts';
import { type AssignmentPolicy, policyAt } from './policy.ts';
import { compileHoldouts } from './special/holdouts.ts';
import type { VariantsByName } from './declared-names.ts';
import { warnOfUnkept } from './special/sticky.ts';

/** Options of `participant()`. */
export interface ParticipantOptions {
  /** Variant by experiment; undeclared experiments and variants are ignored. */
  overrides?: VariantsByName | ReadonlyMap<string, string>;
  /**
   * The variants that the participant keeps in experiments with `"sticky": true`, from
   * `participant.assignments()`. Entries that don't fit the experiments are ignored. @default none
   */
  assignments?: readonly StickyAssignment[];
  /**
   * The instant that rules read as `now`: for tests, and for jobs about another time.
   *
   * @default the time when a rule first reads it
   */
  now?: Date;
}

const participantChecks: OptionChecks = new Map<string, OptionCheck>([
  ['overrides', checks.anObject],
  ['assignments', { expected: 'a list of sticky assignments', accepts: Array.isArray }],
  ['now', { expected: 'a valid Date', accepts: (value) => Number.isFinite(timeOf(Object(value))) }],
]);

/** The validated, compiled, immutable set of experiments in force at one moment. */
export class Snapshot {
  /** @internal */
  readonly setup: ParticipantSetup;
  /** @internal */
  readonly specification: Specification;

  private constructor(
    specification: Specification,
    experiments: readonly CompiledExperiment[],
    holdouts: HoldoutTable | undefined,
    policy: AssignmentPolicy,
    listener: DecisionListener | undefined,
    revision: Revision | undefined,
  ) {
    this.specification = specification;
    this.setup = Object.freeze({
      experiments: new ExperimentTable(experiments, holdouts),
      namespaces: new Map(
        specification.namespaces.map((spec) => [spec.name, compileNamespace(spec)]),
      ),
      policy,
      listener,
      overrides: undefined,
      assignments: undefined,
      revision,
    });
    Object.freeze(this);
  }

  /**
   * Compiles a specification in steps. Applications call `parseExperiments()` or make a client.
   *
   * @param revision the source's revision, which the decisions carry
   * @internal
   */
  static *steps(
    specification: Specification,
    policy: AssignmentPolicy,
    listener?: DecisionListener,
    revision?: Revision,
  ): Steps<Snapshot> {
    const inexact = (path: string, value: number): void =>
      warnOfInexact(policy.once, `the identity ${quote(path)}`, value);
    const holdouts =
      specification.holdouts === undefined ? undefined : compileHoldouts(specification, inexact);
    const special = specialOf(specification, holdouts);
    const experiments = yield* compileSteps(
      specification.experiments,
      specification.rulesOf,
      inexact,
      special,
    );
    if (special !== undefined) warnOfUnkept(specification, policy);
    yield;
    const declaresContext = specification.declaresContext === true;
    return new Snapshot(
      specification,
      experiments,
      holdouts,
      { ...policy, declaresContext },
      listener,
      revision,
    );
  }

  /** The origin of the specification: a file's path, or a source's name. */
  get origin(): string {
    return this.specification.origin;
  }

  /** The revision of the specification; undefined if no client has loaded it. */
  get revision(): Revision | undefined {
    return this.setup.revision;
  }

  /** The validated specifications, in the order of the file. */
  get experiments(): readonly ExperimentSpec[] {
    return this.specification.experiments;
  }

  /** The validated namespaces, in the order of the file. */
  get namespaces(): readonly NamespaceSpec[] {
    return this.specification.namespaces;
  }

  /** The validated holdouts, in the order of the file. */
  get holdouts(): readonly HoldoutSpec[] {
    return this.specification.holdouts ?? [];
  }

  /** The validated metrics, in the order of the file. */
  get metrics(): readonly MetricSpec[] {
    return this.specification.metrics ?? [];
  }

  /** Returns true if there is an experiment or switch of this name. */
  has(name: string): boolean {
    return this.setup.experiments.get(name) !== undefined;
  }

  /**
   * Returns the specification of the experiment of this name, if there is one, or that of the experiment
   * that a holdout is decided as.
   *
   * @internal
   */
  specOf(name: string): ExperimentSpec | undefined {
    const { experiments } = this.setup;
    return (experiments.get(name) ?? experiments.holdout(name))?.spec;
  }

  /**
   * Returns the compiled rules of the experiment of this name, by their source.
   *
   * @internal
   */
  rulesOf(name: string): ReadonlyMap<string, CompiledRule> {
    return this.specification.rulesOf(name);
  }

  /**
   * Returns a participant for a context.
   *
   * @param context the context values: plain objects, class instances, Maps; read when a rule needs them
   * @throws ContextError (`context`) if the context is not an object
   * @throws OptionError (`option`) for invalid options
   */
  participant(context: object = {}, options?: ParticipantOptions): Participant {
    if (typeof context !== 'object' || context === null) throw notAContext(context);
    const { setup } = this;
    // Without options there is nothing to check, and a participant costs next to nothing.
    if (options === undefined) return new Participant(setup, context, setup.listener);
    const { overrides, assignments, now } = checkOptions(
      'participant()',
      options,
      participantChecks,
    );
    const own = {
      ...setup,
      overrides: copyOf(overrides),
      assignments,
      policy: now === undefined ? setup.policy : policyAt(setup.policy, now),
    };
    return new Participant(own, context, setup.listener);
  }
}

/**
 * Returns the compiler of features that most experiments don't use; undefined if no experiment of the
 * specification can use them.
 */
function specialOf(
  { experiments }: Specification,
  holdouts: HoldoutTable | undefined,
): CompileSpecial | undefined {
  return holdouts !== undefined || experiments.some(isSpecial)
    ? (spec) => compileSpecial(spec, holdouts)
    : undefined;
}

function isSpecial(spec: ExperimentSpec): boolean {
  const { identity, audiences, segments = [], buckets, sticky, prerequisites } = spec;
  if (typeof identity !== 'string' || buckets !== undefined) return true;
  if (sticky === true || prerequisites !== undefined) return true;
  // Most rules don't have the letters of "now"; only the others are parsed again.
  return [...audiences, ...segments].some(({ rule }) => rule?.includes(NOW) === true);
}

function notAContext(context: unknown): ContextError {
  return new ContextError(
    `the context must be an object, not ${context === null ? 'null' : typeof context}`,
  );
}

/** Returns a copy: later changes of the original must not change decisions. */
function copyOf(
  overrides: ParticipantOptions['overrides'],
): ReadonlyMap<string, string> | undefined {
  return overrides && new Map(overrides instanceof Map ? overrides : Object.entries(overrides));
}
