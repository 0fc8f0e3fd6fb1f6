import { Assignment, type Widened } from '../assignment.ts';
import type { Log } from './experiment-log.ts';

/** What all participants of an experiment share. */
export interface Plan {
  readonly checksum: string;
  readonly autoExposure: boolean;
  /** Assigns the parameters; false where the unit is not in the experiment. */
  readonly assign: (assignment: Assignment, inputs: Readonly<Record<string, unknown>>) => boolean;
  /** Undefined where nothing is logged. */
  readonly log: Log | undefined;
}

/** A parameter's type, or, where the experiment declares none, that of the default. */
export type ParamOr<T, D> = unknown extends T ? Widened<D> : T | Widened<D>;

/** One unit in one experiment. The parameters are assigned once, when they are first asked for. */
export class ExperimentParticipant<P extends object> {
  readonly name: string;
  readonly salt: string;
  /** Changes whenever the code of the assignment does: 8 hexadecimal digits. */
  readonly checksum: string;
  readonly #plan: Plan;
  readonly #inputs: Record<string, unknown>;
  #overrides: Readonly<Record<string, unknown>> | undefined;
  #assigned: { readonly assignment: Assignment; readonly inExperiment: boolean } | undefined;
  #autoExposure: boolean;
  #isExposed = false;

  constructor(
    { name, salt }: { readonly name: string; readonly salt: string },
    plan: Plan,
    inputs: Record<string, unknown>,
  ) {
    this.name = name;
    this.salt = salt;
    this.checksum = plan.checksum;
    this.#plan = plan;
    this.#inputs = inputs;
    this.#autoExposure = plan.autoExposure;
  }

  /** Whether the unit is in the experiment: the assignment has not returned false. Logs nothing. */
  get inExperiment(): boolean {
    return this.#assign().inExperiment;
  }

  /**
   * A parameter's value; the default, or undefined, where the assignment gave it none. Logs the
   * exposure, unless that is switched off.
   *
   * @throws PlanoutError `operator` or `script` for what is wrong with the assignment
   */
  get<K extends keyof P & string>(name: K): P[K] | undefined;
  get<K extends keyof P & string, D>(name: K, fallback: D): ParamOr<P[K], D>;
  get(name: string, fallback?: unknown): unknown {
    const { assignment } = this.#assign();
    this.#autoExpose();
    return assignment.get(name, fallback);
  }

  /** All parameters, as a new object. Logs the exposure, unless that is switched off. */
  getParams(): Partial<P> {
    const { assignment } = this.#assign();
    this.#autoExpose();
    return assignment.getParams() as Partial<P>;
  }

  /**
   * Gives parameters and inputs fixed values, for testing and for previews; those of an earlier call
   * are forgotten. The parameters are assigned anew.
   */
  setOverrides(overrides: Readonly<Partial<P> & Record<string, unknown>>): void {
    this.#overrides = { ...overrides };
    this.#assigned = undefined;
  }

  /** Switches the automatic logging of the exposure on or off. */
  setAutoExposure(on: boolean): void {
    this.#autoExposure = on;
  }

  /** Logs the exposure, unless it has been logged. */
  logExposure(extra?: Readonly<Record<string, unknown>>): void {
    if (this.#isExposed) return;
    this.#isExposed = true;
    this.logEvent('exposure', extra);
  }

  /** Logs an event of another type, as often as it is called. */
  logEvent(type: string, extra?: Readonly<Record<string, unknown>>): void {
    const { log } = this.#plan;
    if (log === undefined) return;
    const { assignment } = this.#assign();
    log({
      event: type,
      name: this.name,
      salt: this.salt,
      inputs: this.#effectiveInputs(),
      params: assignment.getParams(),
      checksum: this.checksum,
      ...(extra === undefined ? {} : { extra_data: { ...extra } }),
    });
  }

  #autoExpose(): void {
    if (this.#autoExposure && this.inExperiment) this.logExposure();
  }

  #assign(): { readonly assignment: Assignment; readonly inExperiment: boolean } {
    if (this.#assigned !== undefined) return this.#assigned;
    const assignment = new Assignment(this.salt);
    if (this.#overrides !== undefined) assignment.setOverrides(this.#overrides);
    const inExperiment = this.#plan.assign(assignment, this.#effectiveInputs());
    this.#assigned = { assignment, inExperiment };
    return this.#assigned;
  }

  /** The inputs, with those overridden that there are. */
  #effectiveInputs(): Record<string, unknown> {
    const inputs = { ...this.#inputs };
    for (const [name, value] of Object.entries(this.#overrides ?? {})) {
      if (Object.hasOwn(inputs, name)) inputs[name] = value;
    }
    return inputs;
  }
}
