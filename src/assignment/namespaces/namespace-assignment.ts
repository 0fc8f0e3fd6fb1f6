import type { EvenhandError } from '../../errors/evenhand-error.ts';
import { PlanoutError } from '../../errors/planout-error.ts';
import { quote } from '../../errors/show-value.ts';
import { Assignment, type Widened } from '../../planout/assignment.ts';
import { isInexact, warnOfInexact, withholdsKey } from '../identity.ts';
import { segmentOf, unitTextOf } from '../../planout/namespaces/namespace-unit.ts';
import { FREE } from '../../planout/namespaces/segment-allocations.ts';
import { MISSING, readPath } from '../../rules/values/attributes.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type { AddedExperiment, CompiledNamespace } from '../compiled-namespace.ts';
import { describeFailure, toThrow } from '../failures.ts';
import type { DecisionListener } from '../listener.ts';
import type { AssignmentPolicy } from '../policy.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';

/** The reasons why a participant is in a namespace's experiment; plain JSON. */
export interface NamespaceExplanation {
  readonly namespace: string;
  /** The unit: its paths, and the text that was hashed (absent if the unit is missing). */
  readonly unit?: { readonly paths: readonly string[]; readonly text?: string };
  /** [0, number of segments); absent if the unit is missing or the namespace is unknown. */
  readonly segment?: number;
  /** The experiment that has the segment; absent if none has. */
  readonly experiment?: string;
  /** That experiment's salt, `namespace.experiment`. */
  readonly salt?: string;
  /** True if there is such an experiment and the participant is in it. */
  readonly inExperiment: boolean;
  /**
   * Present if the unit or the experiment needs the tracking key, and the visitor has not consented to the
   * tracking cookie. The defaults are returned.
   */
  readonly withoutConsent?: true;
  /** The error, also if the defaults are returned after it. */
  readonly error?: string;
}

/** The parts of a participant that its namespaces need. */
export interface NamespaceSetup {
  readonly policy: AssignmentPolicy;
  readonly listener: DecisionListener | undefined;
}

/** The position of a unit. */
interface Place {
  /** Undefined after an error. */
  readonly segment: number | undefined;
  readonly added: AddedExperiment | undefined;
}

/** The result of an experiment for a unit. */
interface Drawn {
  readonly assignment: Assignment | undefined;
  readonly inExperiment: boolean;
}

const NOWHERE: Place = Object.freeze({ segment: undefined, added: undefined });
const NOTHING: Drawn = Object.freeze({ assignment: undefined, inExperiment: false });

/**
 * One participant in one namespace of the specification. The segment is computed when it is first
 * read, and the parameters are drawn when one of them is read. Both are remembered.
 *
 * With `onError: 'throw'`, members throw PlanoutError `namespace` if the context has no usable value
 * for the unit, and `operator` or `script` if a script fails. With `'fallback'` the error is logged
 * once and the defaults are returned.
 */
export class NamespaceAssignment {
  /** The namespace's name. */
  readonly name: string;
  readonly #namespace: CompiledNamespace | undefined;
  readonly #context: object;
  readonly #setup: NamespaceSetup;
  readonly #listener: DecisionListener | undefined;
  readonly #participant: object;
  #unitText: string | undefined;
  #place: Place | undefined;
  #drawn: Drawn | undefined;
  #error: EvenhandError | undefined;
  /** True once the tracking key was needed and withheld. */
  #withheld = false;
  #exposed = false;

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
  get(parameter: string): unknown;
  get<D>(parameter: string, fallback: D): Widened<D>;
  get(parameter: string, fallback?: unknown): unknown {
    this.#meet(parameter);
    return this.#valueOf(parameter, fallback);
  }

  /** Returns a parameter's value like `get()`, without recording an exposure. */
  peek(parameter: string): unknown;
  peek<D>(parameter: string, fallback: D): Widened<D>;
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

  /** Returns all parameters, including the namespace's defaults, as a new object. */
  getParams(): Record<string, unknown> {
    this.#meet();
    const drawn = this.#draw().assignment?.getParams() ?? {};
    return Object.fromEntries([...(this.#namespace?.defaults ?? []), ...Object.entries(drawn)]);
  }

  /** Returns the reasons. Never throws: an error is part of the answer. */
  explain(): NamespaceExplanation {
    const namespace = this.name;
    if (this.#namespace === undefined) {
      return { namespace, inExperiment: false, error: 'there is no namespace of this name' };
    }
    let place = NOWHERE;
    let inExperiment = false;
    let error: string | undefined;
    try {
      place = this.#find();
      ({ inExperiment } = this.#draw());
    } catch (thrown) {
      error = thrownMessage(thrown);
    }
    error ??= this.#error?.message;
    const { segment, added } = place;
    const text = this.#unitText;
    return {
      namespace,
      unit: { paths: this.#namespace.spec.unit, ...(text === undefined ? {} : { text }) },
      ...(segment === undefined ? {} : { segment }),
      ...(added === undefined ? {} : { experiment: added.name, salt: added.salt }),
      inExperiment,
      ...(this.#withheld ? { withoutConsent: true } : {}),
      ...(error === undefined ? {} : { error }),
    };
  }

  #valueOf(parameter: string, fallback: unknown): unknown {
    const value = this.#draw().assignment?.get(parameter);
    if (value !== undefined) return value;
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
    const added = this.#place?.added;
    const unit = this.#unitText;
    if (!inExperiment || assignment === undefined || added === undefined || unit === undefined) {
      return;
    }
    this.#exposed = true;
    const exposure = { namespace, added, unit, params: assignment.getParams() };
    this.#listener?.exposed(exposure, this.#context);
  }

  /** Returns the experiment that has the segment. If no segment is taken, the unit is not read. */
  #added(): AddedExperiment | undefined {
    return this.#namespace?.isEmpty === false ? this.#find().added : undefined;
  }

  #find(): Place {
    if (this.#place !== undefined) return this.#place;
    const namespace = this.#namespace;
    if (namespace === undefined) return NOWHERE;
    const tracked = namespace.unit.some(([first]) => first === ANONYMOUS_IDENTITY);
    this.#listener?.before();
    try {
      this.#place =
        tracked && this.#withholds()
          ? NOWHERE
          : this.#orFallBack(() => this.#findPlace(namespace), NOWHERE);
    } catch (error) {
      this.#listener?.after(undefined, undefined, this.#context);
      throw error;
    }
    this.#after(tracked);
    return this.#place;
  }

  #findPlace(namespace: CompiledNamespace): Place {
    const { spec, table, added } = namespace;
    const values = this.#unit();
    this.#unitText = unitTextOf(values, (i, reason) => {
      const why = values[i] === undefined ? 'is not in the context' : reason;
      const path = spec.unit[i] ?? '';
      throw new PlanoutError('namespace', `the unit "${path}" ${why}`);
    });
    const inexact = values.findIndex(isInexact);
    if (inexact >= 0) {
      const what = `namespace ${quote(spec.name)}: the unit ${quote(spec.unit[inexact] ?? '')}`;
      warnOfInexact(this.#setup.policy.once, what, Number(values[inexact]));
    }
    const segment = segmentOf(spec.name, this.#unitText, table.length);
    return { segment, added: added[table[segment] ?? FREE] };
  }

  #draw(): Drawn {
    if (this.#drawn !== undefined) return this.#drawn;
    const added = this.#added();
    this.#drawn = added === undefined ? NOTHING : this.#orFallBack(() => this.#run(added), NOTHING);
    // A script that read the withheld key has drawn the same for all visitors without consent.
    if (this.#withheld) this.#drawn = NOTHING;
    return this.#drawn;
  }

  #run({ salt, assign }: AddedExperiment): Drawn {
    this.#listener?.before();
    const assignment = new Assignment(salt);
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
    const outcome = { reason: 'segment', personal: true, drawn: false, tracked } as const;
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
      // A script that can't use None in place of the withheld key.
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
