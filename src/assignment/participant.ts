import { listNames, showValue } from '../errors/show-value.ts';
import type { JsonValue } from '../json/value.ts';
import type { Revision } from '../specification/types.ts';
import { decide } from './decide.ts';
import { type Decision, explain, explainUnknown } from './explanation.ts';
import type {
  CompiledExperiment,
  ExperimentTable,
  StickyAssignment,
  StickyKeeper,
} from './experiment.ts';
import type { CompiledNamespace } from './compiled-namespace.ts';
import { NamespaceAssignment } from './namespaces/namespace-assignment.ts';
import type { DecisionListener } from './listener.ts';
import type { DecidedExperiment, Outcome } from './outcome.ts';
import { OutcomeMemory } from './outcome-memory.ts';
import type { AssignmentPolicy } from './policy.ts';
import { StickyBook } from './special/sticky-book.ts';
import type {
  AllVariants,
  ExperimentName,
  NamespaceName,
  ParamsOf,
  SwitchName,
  ValueOf,
  VariantOf,
  VariantsOf,
} from './declared-names.ts';

/** A switch's two variants. */
const ON = 'on';
const OFF = 'off';

/** The parts that all participants of a snapshot share. */
export interface ParticipantSetup {
  readonly experiments: ExperimentTable;
  readonly namespaces: ReadonlyMap<string, CompiledNamespace>;
  readonly policy: AssignmentPolicy;
  /** Records what participants do; undefined if nothing is recorded. */
  readonly listener: DecisionListener | undefined;
  /** The variant by experiment that a participant was given. */
  readonly overrides: ReadonlyMap<string, string> | undefined;
  /** The sticky assignments that a participant was given. */
  readonly assignments: readonly StickyAssignment[] | undefined;
  /** The snapshot's revision. */
  readonly revision: Revision | undefined;
}

/**
 * One context evaluated against one snapshot of the experiments. It decides an experiment when it is
 * first asked and remembers the decision, so a request never sees two variants of one experiment.
 */
export class Participant {
  // `declare` keeps the constructor short: each request creates a participant.
  declare private readonly setup: ParticipantSetup;
  declare private readonly context: object;
  declare private readonly listener: DecisionListener | undefined;
  // Most participants decide one experiment: with its outcome here, they need no memory.
  declare private first: Outcome | undefined;
  // Not set in the constructor, so that most participants need no room for them.
  declare private others?: OutcomeMemory;
  declare private spaces?: NamespaceAssignment[];
  declare private kept?: StickyKeeper;

  /** Made by `snapshot.participant()`, `client.participant()` and the middleware. */
  constructor(setup: ParticipantSetup, context: object, listener: DecisionListener | undefined) {
    this.setup = setup;
    this.context = context;
    this.listener = listener;
    this.first = undefined;
  }

  /**
   * The revision of the experiments that make all of the participant's decisions, even if newer
   * experiments come into force; undefined if no client has loaded them.
   */
  get revision(): Revision | undefined {
    return this.setup.revision;
  }

  /**
   * Returns true if the participant has this variant, or one of these. False for an unknown
   * experiment, with one warning per name.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  // The overload for lists comes first: see `VariantsOf`.
  isVariant<Name extends ExperimentName>(name: Name, variants: readonly VariantOf<Name>[]): boolean;
  isVariant<Name extends ExperimentName>(name: Name, variant: VariantsOf<Name>): boolean;
  isVariant(name: string, variant: string | readonly string[]): boolean {
    const outcome = this.met(name);
    if (outcome === undefined) return false;
    if (typeof variant === 'string') {
      if (outcome.variant === variant) return true;
      this.warnUndeclared(outcome.experiment, variant);
      return false;
    }
    // A template may pass a variable without a value, which never matches.
    const variants: readonly unknown[] = Array.isArray(variant) ? variant : [variant];
    if (outcome.variant !== undefined && variants.includes(outcome.variant)) return true;
    for (const one of variants) this.warnUndeclared(outcome.experiment, one);
    return false;
  }

  /** Returns true if the switch is on: `isVariant(name, 'on')`. */
  isOn(name: SwitchName): boolean {
    return this.isVariant(name, ON);
  }

  /** Returns true if the switch is off: `isVariant(name, 'off')`. An unknown switch is neither. */
  isOff(name: SwitchName): boolean {
    return this.isVariant(name, OFF);
  }

  /**
   * Returns the participant's variant; undefined for an unknown experiment, with one warning per name.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  variant<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
  variant(name: string): string | undefined {
    return this.met(name)?.variant;
  }

  /**
   * Returns the participant's variant without recording an exposure.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  peek<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
  peek(name: string): string | undefined {
    return this.outcome(name)?.variant;
  }

  /**
   * Records that the participant sees its variant now: for an experiment whose `exposure` is
   * `manual`. Does nothing if that is recorded already, if `exposure` is `off`, or without the option
   * `exposures`.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  expose(name: ExperimentName): void {
    if (this.setup.listener === undefined) return;
    const outcome = this.outcome(name);
    if (outcome !== undefined && outcome.experiment.spec.exposure !== 'off') this.record(outcome);
  }

  /**
   * Records an event of the participant, to be joined with its exposures: `track('purchase', { value:
   * 12.5 })`. Does nothing without the option `exposures`. Never throws.
   *
   * @param name the event's name: 1–200 characters
   * @param properties more about the event: JSON of up to 16,000 characters
   */
  track(name: string, properties?: Readonly<Record<string, JsonValue | undefined>>): void {
    const { setup, context } = this;
    if (setup.listener === undefined) return;
    this.listener?.before();
    this.listener?.tracked({ name, properties, sources: setup, context });
  }

  /**
   * Returns the `value` of the participant's variant: frozen JSON; undefined if the variant has none
   * or the experiment is unknown.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  value<Name extends ExperimentName>(name: Name): ValueOf<Name> | undefined;
  value(name: string): JsonValue | undefined {
    const outcome = this.met(name);
    return outcome?.variant === undefined
      ? undefined
      : outcome.experiment.variants.get(outcome.variant);
  }

  /**
   * Returns the variant of every experiment, by name; to pass to a browser. An experiment that could
   * not be decided (only with `onError: 'fallback'`) is left out.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  variants(): AllVariants {
    const { experiments } = this.setup;
    (this.others ??= new OutcomeMemory()).expect(experiments.all.length);
    // Filling an object without a prototype is several times as fast.
    const variants = Object.create(null) as Record<string, string>;
    for (const experiment of experiments.all) {
      const { variant } = this.decided(experiment);
      if (variant !== undefined) variants[experiment.name] = variant;
    }
    return Object.setPrototypeOf(variants, Object.prototype) as AllVariants;
  }

  /**
   * Returns the decision and its reasons: override, each audience's rule with the clauses and values
   * that decided it, identity, bucket, allocation; or the holdout. Rules are evaluated again. A holdout
   * can be explained by its name too. Never throws: an error is part of the answer.
   */
  explain(name: string): Decision {
    const { revision } = this.setup;
    const decision = this.explained(name);
    return revision === undefined ? decision : { ...decision, revision };
  }

  private explained(name: string): Decision {
    const experiment = this.experimentOf(name) ?? this.setup.experiments.holdout(name);
    if (experiment === undefined) return explainUnknown(name);
    this.listener?.before();
    let outcome: Outcome | undefined;
    let thrown: unknown;
    try {
      outcome = this.decided(experiment);
    } catch (error) {
      thrown = error;
    }
    // The explanation shows the identity, even if the decision did not need it.
    this.listener?.after(undefined, undefined, this.context);
    return explain(experiment, outcome, thrown, this.context, this.setup.policy, this);
  }

  /**
   * Returns the participant's assignment in a namespace: its parameters, segment and experiment. An
   * unknown namespace has none, with one warning per name. Nothing is computed before it is read.
   */
  namespace<Name extends NamespaceName>(name: Name): NamespaceAssignment<ParamsOf<Name>>;
  namespace(name: string): NamespaceAssignment {
    const known = this.spaces?.find((space) => space.name === name);
    if (known !== undefined) return known;
    const namespace = this.setup.namespaces.get(name);
    const { context, setup, listener } = this;
    const made = new NamespaceAssignment(name, namespace, context, setup, listener, this);
    // Names may come from requests, so unknown names are not remembered.
    if (namespace === undefined) this.warnUnknownNamespace(name);
    else (this.spaces ??= []).push(made);
    return made;
  }

  /**
   * Returns the variants that the participant keeps in experiments with `"sticky": true`: those it was
   * given that still count, and those of its decisions so far. Give them to the next participant:
   * `client.participant(context, { assignments })`. In a request with the sticky cookie, which holds no
   * identities, the list has only the assignments that its decisions used.
   */
  assignments(): StickyAssignment[] {
    return this.sticky.assignments();
  }

  /**
   * The variants that the participant keeps.
   *
   * @internal
   */
  get sticky(): StickyKeeper {
    const { assignments, experiments } = this.setup;
    const listened = this.listener?.sticky?.();
    return listened ?? (this.kept ??= StickyBook.of(assignments, experiments));
  }

  /**
   * Decides an experiment of the snapshot without recording an exposure, for other decisions.
   *
   * @internal
   */
  outcomeOf(experiment: CompiledExperiment): Outcome {
    return this.decided(experiment);
  }

  /**
   * Does the same for the experiment of this name; returns undefined if there is none.
   *
   * @internal
   */
  outcomeNamed(name: string): Outcome | undefined {
    const experiment = this.experimentOf(name);
    return experiment && this.decided(experiment);
  }

  /**
   * Returns a decision that has been made; undefined if it has not.
   *
   * @internal
   */
  remembered(experiment: DecidedExperiment): Outcome | undefined {
    return this.first?.experiment === experiment ? this.first : this.others?.get(experiment);
  }

  /** Returns an empty object: a log of a participant must not contain its context. */
  toJSON(): object {
    return {};
  }

  /** Returns the outcome and reports that the application uses it. */
  private met(name: string): Outcome | undefined {
    const outcome = this.outcome(name);
    // Without a listener, exposures cost no more than reading this field.
    if (this.listener !== undefined && outcome?.experiment.spec.exposure === 'auto') {
      this.record(outcome);
    }
    return outcome;
  }

  /** Reports once that the application uses the variant. */
  private record(outcome: Outcome): void {
    if (outcome.exposed || this.setup.listener === undefined) return;
    outcome.exposed = true;
    this.listener?.exposed(outcome, this.context);
    if (this.setup.experiments.holdouts !== undefined) this.recordHoldouts(outcome);
  }

  /**
   * Reports once that the participant met an experiment of a holdout, whether held out or not: only the
   * two together can be compared. An override says nothing about the participants of the holdout.
   */
  private recordHoldouts({ experiment, reason }: Outcome): void {
    if (reason === 'override') return;
    for (const holdout of this.setup.experiments.holdouts?.of(experiment.name) ?? []) {
      this.record(this.decided(holdout));
    }
  }

  private outcome(name: string): Outcome | undefined {
    if (this.first?.experiment.name === name) return this.first;
    const experiment = this.experimentOf(name);
    if (experiment !== undefined) return this.decided(experiment);
    this.warnUnknown(name);
    return undefined;
  }

  private experimentOf(name: unknown): CompiledExperiment | undefined {
    return typeof name === 'string' ? this.setup.experiments.byName[name] : undefined;
  }

  private decided(experiment: CompiledExperiment): Outcome {
    const known = this.remembered(experiment);
    if (known !== undefined) return known;
    const { setup, listener } = this;
    if (listener !== undefined || setup.overrides !== undefined) {
      return this.decidedHeard(experiment, listener);
    }
    return this.remember(decide(experiment, this.context, undefined, setup.policy, this));
  }

  /** Decides with a listener or overrides. */
  private decidedHeard(
    experiment: CompiledExperiment,
    listener: DecisionListener | undefined,
  ): Outcome {
    const { overrides, policy } = this.setup;
    const { name } = experiment;
    let outcome: Outcome;
    try {
      const override = listener?.before(name) ?? overrides?.get(name);
      outcome = decide(experiment, this.context, override, policy, this);
    } catch (error) {
      // The application may catch the error and respond; shared caches must not keep that response.
      listener?.after(undefined, undefined, this.context);
      throw error;
    }
    const remembered = this.remember(outcome);
    // A context value may have asked for this decision meanwhile, and the listener has been called.
    if (remembered === outcome) listener?.after(outcome, this, this.context);
    return remembered;
  }

  /** Returns the outcome that is remembered: an earlier one if the decision was made meanwhile. */
  private remember(outcome: Outcome): Outcome {
    if (this.first !== undefined) return this.rememberToo(outcome);
    this.first = outcome;
    return outcome;
  }

  private rememberToo(outcome: Outcome): Outcome {
    const meanwhile = this.remembered(outcome.experiment);
    if (meanwhile !== undefined) return meanwhile;
    (this.others ??= new OutcomeMemory()).add(outcome, this.setup.experiments.all.length);
    return outcome;
  }

  /** Quotes and cuts the name, which may come from a request. */
  private warnUnknown(name: string): void {
    this.setup.policy.counts.unknownExperiments++;
    const warning = `evenhand: unknown experiment ${showValue(name)}: variant() is undefined; isVariant(), isOn() and isOff() are false`;
    this.setup.policy.once.warn(warning, warning);
  }

  private warnUnknownNamespace(name: string): void {
    this.setup.policy.counts.unknownNamespaces++;
    const warning = `evenhand: unknown namespace ${showValue(name)}: get() returns the fallback it is given`;
    this.setup.policy.once.warn(warning, warning);
  }

  private warnUndeclared({ name, variants }: DecidedExperiment, variant: unknown): void {
    if (typeof variant === 'string' && variants.has(variant)) return;
    this.setup.policy.counts.unknownVariants++;
    const warning = `evenhand: experiment ${showValue(name)} has no variant ${showValue(variant)}; declared: ${listNames(variants.keys())}`;
    this.setup.policy.once.warn(warning, warning);
  }
}
