import { OptionError } from '../../errors/usage-errors.ts';
import { checkSeparator } from '../assignment.ts';
import { SEPARATOR } from '../hashes.ts';
import { checksumOf } from '../checksum.ts';
import { createLog, type LogOptions } from './experiment-log.ts';
import { experimentName } from './experiment-name.ts';
import { ExperimentParticipant, type Plan } from './experiment-participant.ts';
import { paramsOf } from './params.ts';
import { toScript } from '../script/interpreter.ts';
import type { OperatorSet } from '../operator-set.ts';
import { showValue } from '../../errors/show-value.ts';

/** The parameters of an experiment that declares no types for them. */
export type AnyParams = Record<string, unknown>;

/** The inputs of an experiment that declares no types for them. */
export type AnyInputs = Record<string, string | number | bigint | boolean | object>;

/** An experiment defined in code. */
export interface ExperimentDefinition<P extends object, I extends object> extends LogOptions {
  /**
   * The name in every record. Also the salt, unless `salt` is set. Each run of white space becomes a
   * hyphen, as in PlanOut: `my experiment` is `my-experiment`.
   */
  readonly name: string;
  /**
   * The text that keeps the draws of this experiment independent of others. To rename an experiment
   * without moving units, set its old name here.
   *
   * @default the name, also for an empty salt
   */
  readonly salt?: string | undefined;
  /**
   * The text between a parameter's salt and the unit in the hashed text; `salt_sep` of PlanOut's
   * reference. Another separator reshuffles everyone.
   *
   * @default '.'
   */
  readonly saltSeparator?: string | undefined;
  /**
   * The parameters that `assign` can set. Reading another parameter then logs no exposure, which matters
   * in a namespace: the parameter may belong to another experiment.
   *
   * @default unknown: reading any parameter logs the exposure
   */
  readonly paramNames?: readonly (keyof P & string)[] | undefined;
  /**
   * Assigns the parameters: values, or operators, which draw immediately. It must depend on the inputs
   * only.
   *
   * @returns false if the unit is not in the experiment
   */
  assign(params: P, inputs: I): boolean | void;
}

/** An experiment defined by a script. */
export interface ScriptedExperimentDefinition extends LogOptions {
  /** The name in every record, as in {@link ExperimentDefinition}. */
  readonly name: string;
  /** The text that keeps the draws of this experiment independent of others. @default the name */
  readonly salt?: string | undefined;
  /**
   * The text between a parameter's salt and the unit in the hashed text; `salt_sep` of PlanOut's
   * reference. Another separator reshuffles everyone.
   *
   * @default '.'
   */
  readonly saltSeparator?: string | undefined;
  /** Source text in PlanOut's language, parsed JSON, or a script from `parseScript`. */
  readonly script: unknown;
  /**
   * The operators that source text or JSON may call besides PlanOut's own, from `registerOperators`.
   *
   * @default none
   */
  readonly operators?: OperatorSet | undefined;
}

/** Another name and salt for an experiment, set by its namespace. */
export interface ExperimentIdentity {
  readonly name: string;
  readonly salt: string;
}

/** An experiment, which assigns parameters to units. Created by {@link defineExperiment}. */
export class Experiment<P extends object = AnyParams, I extends object = AnyInputs> {
  readonly name: string;
  readonly salt: string;
  /** 8 hexadecimal digits that change whenever the code of the assignment changes. */
  readonly checksum: string;
  /**
   * The parameters that the experiment can set: those of a script, or the option `paramNames`; undefined
   * if unknown.
   */
  readonly paramNames: readonly string[] | undefined;
  readonly #plan: Plan;

  constructor(identity: ExperimentIdentity, plan: Plan) {
    this.name = identity.name;
    this.salt = identity.salt;
    this.checksum = plan.checksum;
    this.paramNames = plan.parameters && Object.freeze([...plan.parameters]);
    this.#plan = plan;
  }

  /**
   * Returns the experiment for one unit. Draws happen on the first read.
   *
   * @param inputs the values that the assignment needs: `{ userid: 4 }`
   * @param identity another name and salt
   */
  participant(inputs: I, identity?: ExperimentIdentity): ExperimentParticipant<P> {
    if (typeof inputs !== 'object' || inputs === null) {
      throw new OptionError(
        `an experiment takes its inputs as an object, not ${showValue(inputs)}`,
      );
    }
    const named = identity && { name: experimentName(identity.name), salt: identity.salt };
    return new ExperimentParticipant<P>(named ?? this, this.#plan, {
      ...(inputs as Readonly<Record<string, unknown>>),
    });
  }
}

/**
 * Creates an experiment from its definition: a function `assign` that sets the parameters, or a script.
 *
 * @throws OptionError `option` for an invalid definition
 * @throws PlanoutError `script` or `operator` for an invalid script
 */
export function defineExperiment<P extends object = AnyParams, I extends object = AnyInputs>(
  definition: ExperimentDefinition<P, I> | ScriptedExperimentDefinition,
): Experiment<P, I> {
  const { name: given, salt = '', autoExposure = true } = definition;
  if (typeof given !== 'string' || given === '') {
    throw new OptionError(`an experiment's name must be a string, not ${showValue(given)}`);
  }
  const name = experimentName(given);
  if (typeof salt !== 'string') {
    throw new OptionError(`an experiment's salt must be a string, not ${showValue(salt)}`);
  }
  if (typeof autoExposure !== 'boolean') {
    throw new OptionError(`autoExposure must be true or false, not ${showValue(autoExposure)}`);
  }
  const { saltSeparator = SEPARATOR } = definition;
  checkSeparator(saltSeparator);
  const log = createLog(definition);
  const procedure = 'script' in definition ? scripted(definition) : coded(definition);
  // As in PlanOut's reference, the name replaces an empty salt.
  const identity = { name, salt: salt === '' ? name : salt };
  return new Experiment(identity, { ...procedure, autoExposure, saltSeparator, log });
}

type Procedure = Pick<Plan, 'assign' | 'checksum' | 'parameters'>;

function scripted(definition: ScriptedExperimentDefinition): Procedure {
  const script = toScript(definition.script, definition.operators);
  return {
    checksum: script.checksum,
    parameters: script.parameters,
    assign: (assignment, inputs) => script.run(assignment, inputs),
  };
}

function coded<P extends object, I extends object>(
  definition: ExperimentDefinition<P, I>,
): Procedure {
  const source: unknown = Reflect.get(definition, 'assign');
  if (typeof source !== 'function') {
    throw new OptionError(
      'an experiment needs "assign", a function of params and inputs, or "script"',
    );
  }
  return {
    checksum: checksumOf(String(source)),
    parameters: parametersOf(definition.paramNames),
    assign(assignment, inputs) {
      const result: unknown = definition.assign(paramsOf(assignment) as P, inputs as I);
      if (result instanceof Promise) {
        throw new OptionError(
          'assign must not be async; await the value first and pass it as an input',
        );
      }
      return result === undefined || result === null || Boolean(result);
    },
  };
}

/** Returns the declared parameters; undefined if none are declared. */
function parametersOf(names: unknown): ReadonlySet<string> | undefined {
  if (names === undefined) return undefined;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new OptionError(`paramNames must be a list of strings, not ${showValue(names)}`);
  }
  return new Set(names);
}
