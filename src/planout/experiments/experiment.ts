import { OptionError } from '../../errors/usage-errors.ts';
import { checksumOf } from '../checksum.ts';
import { createLog, type LogOptions } from './experiment-log.ts';
import { ExperimentParticipant, type Plan } from './experiment-participant.ts';
import { paramsOf } from './params.ts';
import { toScript } from '../script/interpreter.ts';
import { showValue } from '../../errors/show-value.ts';

/** The parameters of an experiment that declares no types for them. */
export type AnyParams = Record<string, unknown>;

/** The inputs of an experiment that declares no types for them. */
export type AnyInputs = Record<string, string | number | bigint | boolean | object>;

/** An experiment as it is written in code. */
export interface ExperimentDefinition<P extends object, I extends object> extends LogOptions {
  /** Part of every record, and the salt if there is none. */
  readonly name: string;
  /**
   * What tells this experiment's draws from others': keep it, and the experiment can be renamed.
   *
   * @default the name
   */
  readonly salt?: string | undefined;
  /**
   * Assigns the parameters: a value or an operator, which is drawn at once. Its result depends on
   * nothing but the inputs.
   *
   * @returns false for a unit that is not in the experiment
   */
  assign(params: P, inputs: I): boolean | void;
}

/** An experiment as a script. */
export interface ScriptedExperimentDefinition extends LogOptions {
  /** Part of every record, and the salt if there is none. */
  readonly name: string;
  /** @default the name */
  readonly salt?: string | undefined;
  /** Source text in PlanOut's language, PlanOut's JSON (parsed), or what `parseScript` gave. */
  readonly script: unknown;
}

/** Another name and salt for an experiment, as a namespace gives them. */
export interface ExperimentIdentity {
  readonly name: string;
  readonly salt: string;
}

/** An experiment: how units get their parameters. Made by {@link defineExperiment}. */
export class Experiment<P extends object = AnyParams, I extends object = AnyInputs> {
  readonly name: string;
  readonly salt: string;
  /** Changes whenever the code of the assignment does: 8 hexadecimal digits. */
  readonly checksum: string;
  readonly #plan: Plan;

  constructor(identity: ExperimentIdentity, plan: Plan) {
    this.name = identity.name;
    this.salt = identity.salt;
    this.checksum = plan.checksum;
    this.#plan = plan;
  }

  /**
   * The experiment for one unit. Nothing is drawn until it is asked.
   *
   * @param inputs what the assignment needs: `{ userid: 4 }`
   * @param identity another name and salt
   */
  participant(inputs: I, identity?: ExperimentIdentity): ExperimentParticipant<P> {
    if (typeof inputs !== 'object' || inputs === null) {
      throw new OptionError(
        `an experiment takes its inputs as an object, not ${showValue(inputs)}`,
      );
    }
    return new ExperimentParticipant<P>(identity ?? this, this.#plan, {
      ...(inputs as Readonly<Record<string, unknown>>),
    });
  }
}

/**
 * An experiment from its definition: in code, where `assign` gives the parameters their values, or as
 * a script.
 *
 * @throws OptionError `option` for a definition that can't be meant
 * @throws PlanoutError `script` or `operator` for a script that can't be read
 */
export function defineExperiment<P extends object = AnyParams, I extends object = AnyInputs>(
  definition: ExperimentDefinition<P, I> | ScriptedExperimentDefinition,
): Experiment<P, I> {
  const { name, salt = name, autoExposure = true } = definition;
  if (typeof name !== 'string' || name === '') {
    throw new OptionError(`an experiment's name is a string, not ${showValue(name)}`);
  }
  if (typeof salt !== 'string') {
    throw new OptionError(`an experiment's salt is a string, not ${showValue(salt)}`);
  }
  if (typeof autoExposure !== 'boolean') {
    throw new OptionError(`autoExposure is true or false, not ${showValue(autoExposure)}`);
  }
  const log = createLog(definition);
  const procedure = 'script' in definition ? scripted(definition) : coded(definition);
  return new Experiment({ name, salt }, { ...procedure, autoExposure, log });
}

type Procedure = Pick<Plan, 'assign' | 'checksum'>;

function scripted(definition: ScriptedExperimentDefinition): Procedure {
  const script = toScript(definition.script);
  return {
    checksum: script.checksum,
    assign: (assignment, inputs) => script.run(assignment, inputs),
  };
}

function coded<P extends object, I extends object>(
  definition: ExperimentDefinition<P, I>,
): Procedure {
  const source: unknown = Reflect.get(definition, 'assign');
  if (typeof source !== 'function') {
    throw new OptionError('an experiment needs assign, a function of params and inputs');
  }
  return {
    checksum: checksumOf(String(source)),
    assign(assignment, inputs) {
      const result: unknown = definition.assign(paramsOf(assignment) as P, inputs as I);
      if (result instanceof Promise) {
        throw new OptionError('assign must not be async: await before, and give it as an input');
      }
      return result === undefined || result === null || Boolean(result);
    },
  };
}
