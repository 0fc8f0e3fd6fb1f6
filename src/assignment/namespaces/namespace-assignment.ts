import type { EvenhandError } from '../../errors/evenhand-error.ts';
import { Assignment } from '../../planout/assignment.ts';
import type { AnyParams } from '../../planout/experiments/experiment.ts';
import type { ParamOr } from '../../planout/experiments/experiment-participant.ts';
import { MISSING, readPath } from '../../rules/values/attributes.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type {
  AddedExperiment,
  CompiledNamespace,
  NamespaceOverrides,
} from '../compiled-namespace.ts';
import { describeFailure, toThrow } from '../failures.ts';
import { withholdsKey } from '../identity.ts';
import type { DecisionListener } from '../listener.ts';
import type { AssignmentPolicy } from '../policy.ts';
import {
  explainSoFar,
  type NamespaceExplanation,
  type NamespaceSoFar,
} from './namespace-explanation.ts';
import { allParams, checkOverrides, overridesFor } from './namespace-overrides.ts';
import { type Drawn, NOTHING, NOWHERE, type Place, placeOf } from './namespace-place.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';

/** The parts of a participant that its namespaces need. */
export interface NamespaceSetup {
  readonly policy: AssignmentPolicy;
  readonly listener: DecisionListener | undefined;
}

/**
 * One participant in one namespace of the specification. The segment is computed when it is first
 * read, and the parameters are drawn when one of them is read. Both are remembered.
 *
 * With `onError: 'throw'`, members throw PlanoutError `namespace` if the context has no usable value
 * for the unit, and `operator` or `script` if a script fails. With `'fallback'` the error is logged
 * once and the defaults are returned.
 */
export class NamespaceAssignment<P extends object = AnyParams> {
  /** The namespace's name. */
  readonly name: string;
  readonly #namespace: CompiledNamespace | undefined;
  readonly #context: object;
  readonly #setup: NamespaceSetup;
  readonly #listener: DecisionListener | undefined;
  readonly #participant: object;
  #place: Place | undefined;
  #drawn: Drawn | undefined;
  #error: EvenhandError | undefined;
  /** True once the tracking key was needed and withheld. */
  #withheld = false;
  #exposed = false;
  /** Undefined until something is read; null if nothing is forced. */
  #overrides: NamespaceOverrides | null | undefined;

  /** Called by `participant.namespace()`. */
  constructor(
    name: string,
    namespace: CompiledNamespace | undefined,
    context: object,
    setup: NamespaceSetup,
    listener: DecisionListener | undefined,
    participant: object,
  ) {
    this.name = name;
    this.#namespace = namespace;
    this.#context = context;
    this.#setup = setup;
    this.#listener = listener;
    this.#participant = participant;
  }

  /**
   * The segment, [0, number of segments); undefined for an unknown namespace, or after an error.
   */
  get segment(): number | undefined {
    return this.#find().segment;
  }

  /** The name of the experiment that has the segment; undefined if none has. */
  get experiment(): string | undefined {
    return this.#added()?.name;
  }

  /** True if there is such an experiment, and its script did not return a false value. */
  get inExperiment(): boolean {
    return this.#draw().inExperiment;
  }

  /**
   * Returns a parameter's value: from the participant's experiment, otherwise the namespace's default,
   * otherwise the fallback.
   */
  get<K extends keyof P & string>(parameter: K): P[K] | undefined;
  get<K extends keyof P & string, D>(parameter: K, fallback: D): ParamOr<P[K], D>;
  get(parameter: string, fallback?: unknown): unknown {
    this.#meet(parameter);
    return this.#valueOf(parameter, fallback);
  }

  /** Returns a parameter's value like `get()`, without recording an exposure. */
  peek<K extends keyof P & string>(parameter: K): P[K] | undefined;
  peek<K extends keyof P & string, D>(parameter: K, fallback: D): ParamOr<P[K], D>;
  peek(parameter: string, fallback?: unknown): unknown {
    return this.#valueOf(parameter, fallback);
  }

  /**
   * Records that the participant sees its parameters now: for a namespace whose `exposure` is `manual`.
   * Does nothing if that is recorded already, if the participant is in no experiment, or without the
   * option `exposures`.
   */
  expose(): void {
    if (this.#namespace?.spec.exposure !== 'off') this.#expose();
  }

  /**
   * Returns all parameters that the participant gets, including the namespace's defaults, as a new object.
   * Records an exposure to its experiment. Without an experiment and defaults, the object is empty.
   */
  getParams(): Partial<P> {
    this.#meet();
    const { assignment } = this.#draw();
    const params: unknown = allParams(this.#namespace, this.#forced(), assignment);
    return params as Partial<P>;
  }

  /**
   * Sets parameters to fixed values, for tests and previews. The script computes other
   * parameters from them. Participants in no experiment get them too. Replaces the overrides of an earlier
   * call and of the override cookie. Parameters that no running experiment can set are ignored, with one
   * warning for each. Exposures that are recorded afterwards are `overridden`. A parameter that is
   * undefined is not forced.
   *
   * @throws OptionError (`option`) for anything but an object
   */
  setOverrides(overrides: Readonly<Partial<P>>): void {
    if (this.#namespace === undefined) return;
    const forced = checkOverrides(this.#namespace, overrides, this.#setup.policy.once);
    this.#place = undefined;
    this.#drawn = undefined;
    this.#error = undefined;
    this.#withheld = false;
    this.#force(forced);
  }

  /** Returns the reasons. Never throws: an error is part of the answer. */
  explain(): NamespaceExplanation {
    let thrown: { readonly error: string } | undefined;
    try {
      this.#find();
      this.#draw();
    } catch (error) {
      thrown = { error: thrownMessage(error) };
    }
    this.#forced();
    return { ...this.soFar().explanation, ...thrown };
  }

  /**
   * Returns the parts that have been computed, without computing anything.
   *
   * @internal
   */
  soFar(): NamespaceSoFar {
    const overrides = this.#overrides ?? undefined;
    const [place, drawn, withheld] = [this.#place, this.#drawn, this.#withheld];
    const state = { place, drawn, withheld, error: this.#error?.message, overrides };
    return explainSoFar(this.name, this.#namespace, state);
  }

  #valueOf(parameter: string, fallback: unknown): unknown {
    const value = this.#draw().assignment?.get(parameter);
    if (value !== undefined) return value;
    const forced = this.#overrides?.params;
    // Also for a parameter that the unit's own experiment can't set.
    if (forced?.has(parameter)) return forced.get(parameter);
    const defaults = this.#namespace?.defaults;
    return defaults?.has(parameter) ? defaults.get(parameter) : fallback;
  }

  /**
   * Records an exposure when a parameter is read that the unit's experiment can set, or all of them. If
   * only the parameters of the unit's own variant counted, variants that set more of them would be
   * recorded more often.
   */
  #meet(parameter?: string): void {
    if (this.#setup.listener === undefined || this.#namespace?.spec.exposure !== 'auto') return;
    const isOwn = parameter === undefined || this.#added()?.parameters.has(parameter) === true;
    if (isOwn) this.#expose();
  }

  #expose(): void {
    const namespace = this.#namespace;
    if (this.#exposed || this.#setup.listener === undefined || namespace === undefined) return;
    const { assignment, inExperiment } = this.#draw();
    const { added, unit } = this.#place ?? NOWHERE;
    if (!inExperiment || assignment === undefined || added === undefined || unit === undefined) {
      return;
    }
    this.#exposed = true;
    const overridden = this.#forced() !== undefined;
    const exposure = { namespace, added, unit, params: assignment.getParams(), overridden };
    this.#listener?.exposed(exposure, this.#context);
  }

  /**
   * Returns the forced experiment, otherwise the one that has the segment. If no segment is taken, the unit
   * is not read.
   */
  #added(): AddedExperiment | undefined {
    const isEmpty = this.#namespace?.isEmpty !== false;
    return isEmpty && this.#forced()?.added === undefined ? undefined : this.#find().added;
  }

  /** Returns what is forced for the participant; undefined if nothing is. */
  #forced(): NamespaceOverrides | undefined {
    if (this.#overrides === undefined) {
      const namespace = this.#namespace;
      // A function that decides about overrides may read the namespace itself. That answer stays.
      this.#overrides = null;
      const overrides = namespace && this.#listener?.forced?.(namespace);
      if (this.#place === undefined && this.#drawn === undefined) this.#force(overrides);
    }
    return this.#overrides ?? undefined;
  }

  #force(overrides: NamespaceOverrides | undefined): void {
    this.#overrides = overrides ?? null;
    if (overrides === undefined) return;
    this.#setup.policy.counts.overrides++;
    this.#after(false);
  }

  #find(): Place {
    if (this.#place !== undefined) return this.#place;
    const namespace = this.#namespace;
    if (namespace === undefined) return NOWHERE;
    const { tracked } = namespace;
    this.#listener?.before();
    try {
      this.#place = this.#orFallBack(
        () => (tracked && this.#withholds() ? NOWHERE : this.#findPlace(namespace)),
        NOWHERE,
      );
    } catch (error) {
      this.#listener?.after(undefined, undefined, this.#context);
      throw error;
    }
    this.#after(tracked);
    return this.#place;
  }

  #findPlace(namespace: CompiledNamespace): Place {
    const forced = this.#forced()?.added;
    try {
      const place = placeOf(namespace, this.#unit(), this.#setup.policy);
      return forced === undefined ? place : { ...place, added: forced };
    } catch (error) {
      // A forced experiment may need no unit.
      if (forced === undefined) throw error;
      return { ...NOWHERE, added: forced };
    }
  }

  #draw(): Drawn {
    if (this.#drawn !== undefined) return this.#drawn;
    const added = this.#added();
    this.#drawn = added === undefined ? NOTHING : this.#orFallBack(() => this.#run(added), NOTHING);
    // A script that read the withheld key has drawn the same for all visitors without consent.
    if (this.#withheld) this.#drawn = NOTHING;
    return this.#drawn;
  }

  #run(added: AddedExperiment): Drawn {
    const { salt, assign } = added;
    this.#listener?.before();
    const assignment = new Assignment(salt);
    const forced = this.#forced();
    if (forced !== undefined) assignment.setOverrides(overridesFor(added, forced));
    const subject = { unit: () => this.#unit(), read: (name: string) => this.#read(name) };
    return { assignment, inExperiment: assign(assignment, subject) };
  }

  #unit(): readonly unknown[] {
    return (this.#namespace?.unit ?? []).map((path) => this.#valueAt(path));
  }

  /** Reads an input, otherwise a context value, for a script. */
  #read(name: string): unknown {
    const path = this.#namespace?.inputs.get(name) ?? [name];
    const value = this.#valueAt(path);
    // After reading, which creates the key of a visitor who has none.
    if (path[0] === ANONYMOUS_IDENTITY) {
      this.#withholds();
      this.#after(true);
    }
    return value;
  }

  /** Returns true if the visitor has not consented to the tracking cookie, and counts that once. */
  #withholds(): boolean {
    if (!withholdsKey(this.#context)) return false;
    if (!this.#withheld) this.#setup.policy.counts.withoutConsent++;
    this.#withheld = true;
    return true;
  }

  /** Reports that the context was read. @param tracked true if the tracking key was read */
  #after(tracked: boolean): void {
    const overridden = this.#overrides !== undefined && this.#overrides !== null;
    const outcome = {
      reason: 'segment',
      personal: true,
      drawn: false,
      tracked,
      overridden,
    } as const;
    this.#listener?.after(outcome, undefined, this.#context);
  }

  #valueAt(path: readonly string[]): unknown {
    const value = readPath(this.#context, path);
    return value === MISSING ? undefined : value;
  }

  /** Returns the computed value, or the fallback if that fails and the policy is to fall back. */
  #orFallBack<T>(compute: () => T, fallback: T): T {
    try {
      return compute();
    } catch (thrown) {
      // The script may have failed because it can't use None in place of the withheld key.
      if (this.#withheld) return fallback;
      const { policy } = this.#setup;
      const experiment = this.#place?.added?.name;
      const part = { namespace: this.name, ...(experiment === undefined ? {} : { experiment }) };
      const failure = { part, thrown, effect: 'the defaults apply' };
      const error = describeFailure(failure, policy);
      policy.failed?.(error, part, this.#participant);
      if (policy.onError === 'throw') throw toThrow(failure, error);
      this.#error = error;
      return fallback;
    }
  }
}
