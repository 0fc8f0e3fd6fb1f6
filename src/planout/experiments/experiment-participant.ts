import { Assignment, type Widened } from '../assignment.ts';
import type { Log } from './experiment-log.ts';

/** The parts of an experiment that all its participants share. */
export interface Plan {
  readonly checksum: string;
  readonly autoExposure: boolean;
  /** Assigns the parameters. Returns false if the unit is not in the experiment. */
  readonly assign: (assignment: Assignment, inputs: Readonly<Record<string, unknown>>) => boolean;
  /** The parameters that the assignment can set; undefined if unknown. */
  readonly parameters: ReadonlySet<string> | undefined;
  /** The text between a parameter's salt and the unit. */
  readonly saltSeparator: string;
  /** Undefined if nothing is logged. */
  readonly log: Log | undefined;
}

/** A parameter's type; if the experiment declares none, the type of the default. */
export type ParamOr<T, D> = unknown extends T ? Widened<D> : T | Widened<D>;

/** One unit in one experiment. The parameters are assigned once, on the first read. */
export class ExperimentParticipant<P extends object> {
  readonly name: string;
  readonly salt: string;
  /** 8 hexadecimal digits that change whenever the code of the assignment changes. */
  readonly checksum: string;
  readonly #plan: Plan;
  readonly #inputs: Record<string, unknown>;
  #overrides: Readonly<Record<string, unknown>> | undefined;
  #assigned: { readonly assignment: Assignment; readonly inExperiment: boolean } | undefined;
  #autoExposure: boolean;
  #isExposed = false;
  #isOverridden = false;

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

  /** False if the assignment returns false: the unit is not in the experiment. Logs nothing. */
  get inExperiment(): boolean {
    return this.#assign().inExperiment;
  }

  /**
   * Returns a parameter's value; the default, or undefined, if the assignment did not set it. Logs the
   * exposure if the experiment can set the parameter, unless automatic logging is off.
   *
   * @throws PlanoutError `operator` or `script` if the assignment fails
   */
  get<K extends keyof P & string>(name: K): P[K] | undefined;
  get<K extends keyof P & string, D>(name: K, fallback: D): ParamOr<P[K], D>;
  get(name: string, fallback?: unknown): unknown {
    const { assignment } = this.#assign();
    if (this.#plan.parameters?.has(name) !== false) this.#autoExpose();
    return assignment.get(name, fallback);
  }

  /** Returns all parameters, as a new object. Logs the exposure, unless automatic logging is off. */
  getParams(): Partial<P> {
    const { assignment } = this.#assign();
    this.#autoExpose();
    return assignment.getParams() as Partial<P>;
  }

  /**
   * Sets parameters and inputs to fixed values, for tests and previews. Replaces the overrides of an
   * earlier call and assigns the parameters again. Records that are logged afterwards have
   * `overridden: true`.
   */
  setOverrides(overrides: Readonly<Partial<P> & Record<string, unknown>>): void {
    this.#overrides = { ...overrides };
    this.#isOverridden = Object.keys(this.#overrides).length > 0;
    this.#assigned = undefined;
  }

  /** Turns the automatic logging of the exposure on or off. */
  setAutoExposure(on: boolean): void {
    this.#autoExposure = on;
  }

  /**
   * Logs an exposure, on every call. No exposure is logged automatically after it. Logs nothing for a
   * unit that is not in the experiment.
   */
  logExposure(extra?: Readonly<Record<string, unknown>>): void {
    this.#isExposed = true;
    this.logEvent('exposure', extra);
  }

  /** Logs an event of another type, on every call. Logs nothing for a unit that is not in the experiment. */
  logEvent(type: string, extra?: Readonly<Record<string, unknown>>): void {
    const { log } = this.#plan;
    if (log === undefined) return;
    const { assignment, inExperiment } = this.#assign();
    if (!inExperiment) return;
    const hasExtra = extra !== undefined && Object.keys(extra).length > 0;
    log({
      event: type,
      name: this.name,
      salt: this.salt,
      inputs: this.#effectiveInputs(),
      params: assignment.getParams(),
      checksum: this.checksum,
      ...(this.#isOverridden ? { overridden: true } : {}),
      ...(hasExtra ? { extra_data: { ...extra } } : {}),
    });
  }

  #autoExpose(): void {
    if (this.#autoExposure && !this.#isExposed && this.inExperiment) this.logExposure();
  }

  #assign(): { readonly assignment: Assignment; readonly inExperiment: boolean } {
    if (this.#assigned !== undefined) return this.#assigned;
    const assignment = new Assignment(this.salt, this.#plan);
    if (this.#overrides !== undefined) assignment.setOverrides(this.#overrides);
    const inExperiment = this.#plan.assign(assignment, this.#effectiveInputs());
    this.#assigned = { assignment, inExperiment };
    return this.#assigned;
  }

  /** Returns the inputs with their overrides. */
  #effectiveInputs(): Record<string, unknown> {
    const inputs = { ...this.#inputs };
    for (const [name, value] of Object.entries(this.#overrides ?? {})) {
      if (Object.hasOwn(inputs, name)) inputs[name] = value;
    }
    return inputs;
  }
}
