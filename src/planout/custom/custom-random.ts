import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import type { JsonValue } from '../../json/value.ts';
import type { Hashes } from '../hashes.ts';
import { pythonText } from '../python-text.ts';
import type { RandomDefinition } from '../random-operator.ts';
import type { OperatorArguments } from '../operator-set.ts';
import { callOperator } from './call-operator.ts';

/**
 * The hash of a draw: PlanOut's SHA-1 of the experiment's salt, the parameter's salt and the unit.
 *
 * Each method takes a value whose text is appended to the unit, for operators that draw several numbers.
 * As in PlanOut's reference, null appends nothing, and a unit that is a list keeps what is appended for
 * the hashes that follow.
 */
export interface DrawHash {
  /** Returns the hash as a share, [0, 1]: `getUniform(0, 1, appended)` of PlanOut's reference. */
  share(appended?: JsonValue): number;
  /**
   * Returns the remainder of the hash, [0, modulus): `getHash(appended) % modulus` of PlanOut's reference.
   *
   * @param modulus a whole number, [1, 2^53)
   */
  remainder(modulus: number, appended?: JsonValue): number;
}

/** A random operator, for {@link registerOperators} and `defineRandomOperator`. */
export interface CustomDraw<T = unknown> {
  /**
   * The arguments that must be given, besides the unit. A script without them is refused when it is
   * loaded.
   *
   * @default none
   */
  readonly required?: readonly string[] | undefined;
  /**
   * Returns the drawn value: JSON. It must depend on the arguments and the hash only.
   *
   * @param args frozen copies of the arguments without the unit and the salts
   * @param hash the hash of the salts and the unit
   */
  draw(args: OperatorArguments, hash: DrawHash): T;
}

/** The arguments that only the hash reads. */
const OF_THE_HASH: ReadonlySet<string> = new Set(['unit', 'salt', 'full_salt']);

/** Returns the definition of a random operator whose `draw` is a function of the application. */
export function randomDefinition(
  name: string,
  required: readonly string[],
  definition: CustomDraw,
): RandomDefinition {
  return {
    name,
    required: [...required, 'unit'],
    draw(args, hashes) {
      for (const parameter of required) args.any(parameter);
      const hash = hashOf(hashes);
      const values = args.without(OF_THE_HASH);
      return callOperator(args.operator, values, (copies) => definition.draw(copies, hash));
    },
  };
}

function hashOf(hashes: Hashes): DrawHash {
  return Object.freeze({
    share: (appended?: JsonValue) => hashes.nextShare(textOf(appended)),
    remainder(modulus: number, appended?: JsonValue) {
      if (!Number.isSafeInteger(modulus) || modulus < 1) {
        throw new OptionError(
          `remainder() takes a whole number from 1 to 2^53 - 1, not ${showValue(modulus)}`,
        );
      }
      return hashes.nextRemainder(textOf(appended), modulus);
    },
  });
}

function textOf(appended: unknown): string | undefined {
  if (appended === undefined || appended === null) return undefined;
  const text = pythonText(appended);
  if (text !== undefined) return text;
  throw new OptionError(`only JSON can be appended to the unit, not ${showValue(appended)}`);
}
