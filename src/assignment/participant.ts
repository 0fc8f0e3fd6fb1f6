import { listNames, showValue } from '../errors/show-value.ts';
import type { JsonValue } from '../json/value.ts';
import type { Revision } from '../specification/types.ts';
import { decide } from './decide.ts';
import { type Decision, explain } from './explanation.ts';
import type { CompiledExperiment } from './experiment.ts';
import type { ExperimentTable } from './experiment-table.ts';
import type { CompiledNamespace } from './compiled-namespace.ts';
import { ANONYMOUS, NamespaceAssignment } from './namespaces/namespace-assignment.ts';
import type { DecisionWatcher, ParticipantObserver } from './observer.ts';
import type { DecidedExperiment, Outcome } from './outcome.ts';
import { OutcomeMemory } from './outcome-memory.ts';
import type { AssignmentPolicy } from './policy.ts';
import type {
  AllVariants,
  ExperimentName,
  SwitchName,
  ValueOf,
  VariantOf,
  VariantsOf,
} from './declared-names.ts';

/** A switch's two variants. */
const ON = 'on';
const OFF = 'off';

/** What a snapshot gives each participant it makes. */
export interface ParticipantSetup {
  readonly experiments: ExperimentTable;
  readonly namespaces: ReadonlyMap<string, CompiledNamespace>;
  readonly policy: AssignmentPolicy;
  /** Undefined where nobody wants to know. */
  readonly observer: ParticipantObserver | undefined;
  /** That of the snapshot. */
  readonly revision: Revision | undefined;
}

/**
 * One context evaluated against one snapshot of the experiments. It decides an experiment when first
 * asked and remembers the decision, so that a request never sees two variants of one experiment.
 */
export class Participant {
  // Declared only, and set by the constructor: see `Outcome`.
  declare private readonly setup: ParticipantSetup;
  declare private readonly context: object;
  declare private readonly watcher: DecisionWatcher | undefined;
  // Most participants are asked one thing: with the first outcome here, they need no memory.
  declare private first: Outcome | undefined;
  // Not set: who is never asked for more has no room for it.
  declare private others?: OutcomeMemory;
  declare private spaces?: NamespaceAssignment[];

  /** Made by `snapshot.participant()`, `client.participant()` and the middleware. */
  constructor(setup: ParticipantSetup, context: object, watcher: DecisionWatcher | undefined) {
    this.setup = setup;
    this.context = context;
    this.watcher = watcher;
    this.first = undefined;
  }

  /**
   * The revision of the experiments that all of the participant's decisions are made by, whatever
   * comes into force meanwhile; undefined where no client has loaded them.
   */
  get revision(): Revision | undefined {
    return this.setup.revision;
  }

  /**
   * Whether the participant has this variant, or one of these. False for an unknown experiment, with
   * one warning per name.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  // Lists first: see registry.ts.
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
    // A template may hand over a variable that holds nothing: that is no variant of anybody.
    const variants: readonly unknown[] = Array.isArray(variant) ? variant : [variant];
    if (outcome.variant !== undefined && variants.includes(outcome.variant)) return true;
    for (const one of variants) this.warnUndeclared(outcome.experiment, one);
    return false;
  }

  /** Whether the switch is on: `isVariant(name, 'on')`. */
  isOn(name: SwitchName): boolean {
    return this.isVariant(name, ON);
  }

  /** Whether the switch is off: `isVariant(name, 'off')`. An unknown switch is neither on nor off. */
  isOff(name: SwitchName): boolean {
    return this.isVariant(name, OFF);
  }

  /**
   * The participant's variant; undefined for an unknown experiment, with one warning per name.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  variant<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
  variant(name: string): string | undefined {
    return this.met(name)?.variant;
  }

  /**
   * The participant's variant for somebody who only looks: as `variant()`, but no exposure.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  peek<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
  peek(name: string): string | undefined {
    return this.outcome(name)?.variant;
  }

  /**
   * Records that the participant meets its variant now: for an experiment whose `exposure` is
   * `manual`. Once recorded, nothing happens; nor where it is `off`, nor without the option
   * `exposures`.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  expose(name: ExperimentName): void {
    if (this.setup.observer === undefined) return;
    const outcome = this.outcome(name);
    if (outcome !== undefined && outcome.experiment.spec.exposure !== 'off') this.record(outcome);
  }

  /**
   * Records what the participant did, to be joined with its exposures: `track('purchase', { value:
   * 12.5 })`. Nothing happens without the option `exposures`. Never throws.
   *
   * @param name what happened: 1–200 characters
   * @param properties what else is to be known: JSON of up to 16,000 characters
   */
  track(name: string, properties?: Readonly<Record<string, JsonValue | undefined>>): void {
    const { observer } = this.setup;
    if (observer === undefined) return;
    this.watcher?.begin();
    const knowsKey = () => this.watcher === undefined || this.watcher.knowsKey();
    observer.tracked({ name, properties, sources: this.setup, context: this.context, knowsKey });
  }

  /**
   * The `value` of the participant's variant: frozen JSON; undefined where the variant has none or
   * the experiment is unknown.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  value<Name extends ExperimentName>(name: Name): ValueOf<Name> | undefined;
  value(name: string): JsonValue | undefined {
    const outcome = this.met(name);
    return outcome?.variant === undefined
      ? undefined
      : outcome.experiment.variants.get(outcome.variant);
  }

  /**
   * The variant of every experiment, by name; for handing to a browser. An experiment that could not
   * be decided (only with `onError: 'fallback'`) is left out.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  variants(): AllVariants {
    const { experiments } = this.setup;
    (this.others ??= new OutcomeMemory()).expect(experiments.all.length);
    // Filling an object without a prototype is several times as fast as one that has one.
    const variants = Object.create(null) as Record<string, string>;
    for (const experiment of experiments.all) {
      const { variant } = this.decided(experiment);
      if (variant !== undefined) variants[experiment.name] = variant;
    }
    return Object.setPrototypeOf(variants, Object.prototype) as AllVariants;
  }

  /**
   * The decision and how it came about: override, each audience's rule with the clauses and values
   * that decided it, identity, bucket, allocation. Rules are evaluated again for it. Never throws: an
   * error is part of the answer.
   */
  explain(name: string): Decision {
    const { revision } = this.setup;
    const decision = this.explained(name);
    return revision === undefined ? decision : { ...decision, revision };
  }

  private explained(name: string): Decision {
    const experiment = this.setup.experiments.get(name);
    if (experiment === undefined) return explain(name, undefined, undefined, undefined, {});
    this.watcher?.begin();
    let outcome: Outcome | undefined;
    let thrown: unknown;
    try {
      outcome = this.outcome(name);
    } catch (error) {
      thrown = error;
    }
    // Told with the identity, also where the decision did without.
    this.watcher?.looked();
    return explain(name, experiment, outcome, thrown, this.context);
  }

  /**
   * The participant in a namespace: its parameters, segment and experiment. An unknown namespace has
   * none, with one warning per name. Nothing is computed before it is asked.
   */
  namespace(name: string): NamespaceAssignment {
    const known = this.spaces?.find((space) => space.name === name);
    if (known !== undefined) return known;
    const namespace = this.setup.namespaces.get(name);
    const made = new NamespaceAssignment(name, namespace, this.context, this.setup, this.watcher);
    // Names may come from requests: unknown ones are not remembered.
    if (namespace === undefined) this.warnUnknownNamespace(name);
    else (this.spaces ??= []).push(made);
    return made;
  }

  /** Nothing: a participant that gets into a log must not take its context along. */
  toJSON(): object {
    return {};
  }

  /** The outcome for somebody who goes by it. */
  private met(name: string): Outcome | undefined {
    const outcome = this.outcome(name);
    // Who is observed has a watcher: for all others this one look at a field is what it costs.
    if (this.watcher !== undefined && outcome?.experiment.spec.exposure === 'auto') {
      this.record(outcome);
    }
    return outcome;
  }

  /** Tells that the participant has met the variant, once. */
  private record(outcome: Outcome): void {
    const { observer } = this.setup;
    if (outcome.exposed === true || observer === undefined) return;
    outcome.exposed = true;
    const unit = outcome.reason === 'override' ? this.unitOf(outcome.experiment) : outcome.unit;
    observer.exposed(outcome, unit, this.context);
  }

  /** Whom an override was for, if that can be told: the decision has not asked. */
  private unitOf({ identity, name, spec }: DecidedExperiment): string | undefined {
    if (identity === undefined) return undefined;
    if (spec.identity === ANONYMOUS && this.watcher?.knowsKey() === false) return undefined;
    try {
      this.watcher?.begin();
      return identity(this.context, name);
    } catch {
      return undefined;
    }
  }

  private outcome(name: string): Outcome | undefined {
    if (this.first?.experiment.name === name) return this.first;
    const experiment = this.setup.experiments.get(name);
    if (experiment !== undefined) return this.decided(experiment);
    this.warnUnknown(name);
    return undefined;
  }

  private decided(experiment: CompiledExperiment): Outcome {
    const known = this.remembered(experiment);
    if (known !== undefined) return known;
    const { watcher } = this;
    if (watcher !== undefined) return this.decidedWatched(experiment, watcher);
    return this.remember(decide(experiment, this.context, undefined, this.setup.policy));
  }

  /** The same for those who are watched. */
  private decidedWatched(experiment: CompiledExperiment, watcher: DecisionWatcher): Outcome {
    watcher.begin();
    let outcome: Outcome;
    try {
      const override = watcher.overrideOf(experiment.name);
      outcome = decide(experiment, this.context, override, this.setup.policy);
    } catch (error) {
      // Whoever catches it may answer, and others must not get that answer.
      watcher.looked();
      throw error;
    }
    const remembered = this.remember(outcome);
    // A context value may have asked for this very decision meanwhile: that one has been told.
    if (remembered !== outcome) return remembered;
    watcher.decided(outcome);
    this.setup.observer?.decided(outcome, this);
    return outcome;
  }

  /** Gives the outcome that is remembered, which is another one where it has been decided meanwhile. */
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

  private remembered(experiment: DecidedExperiment): Outcome | undefined {
    return this.first?.experiment === experiment ? this.first : this.others?.get(experiment);
  }

  /** Names may come from requests: shown quoted and cut, here and as what is remembered. */
  private warnUnknown(name: string): void {
    const warning = `evenhand: unknown experiment ${showValue(name)}; it is no variant, on or off for nobody`;
    this.setup.policy.once.warn(warning, warning);
  }

  private warnUnknownNamespace(name: string): void {
    const warning = `evenhand: unknown namespace ${showValue(name)}; it has no parameters`;
    this.setup.policy.once.warn(warning, warning);
  }

  private warnUndeclared({ name, variants }: DecidedExperiment, variant: unknown): void {
    if (typeof variant === 'string' && variants.has(variant)) return;
    const warning = `evenhand: experiment ${showValue(name)} has no variant ${showValue(variant)}; declared: ${listNames(variants.keys())}`;
    this.setup.policy.once.warn(warning, warning);
  }
}
