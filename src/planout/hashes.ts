import { GrowingSha1, sha1Bytes } from '../hash/sha1.ts';
import { identityText } from '../hash/text.ts';
import type { Arguments } from './arguments.ts';
import { remainderOf, shareOf } from './hash60.ts';
import { itemWithoutText, pythonText } from './python-text.ts';
import { showValue } from '../errors/show-value.ts';

/** Separates the parts of the hashed text. */
export const SEPARATOR = '.';

/**
 * The hashes of one draw. The hashed text is `<experiment salt>.<parameter salt>.<unit>[.<unit>…]`; with
 * `full_salt` it is `<full salt>.<unit>[.<unit>…]`. A script can replace the separator before the first
 * unit.
 *
 * Operators that need several hashes append a text to the unit for each. If the unit is a list, PlanOut's
 * reference modifies the list: the second hash also contains the first appended text. This class returns
 * the same hashes without modifying the caller's list.
 */
export class Hashes {
  readonly #text: string;
  readonly #isList: boolean;
  #units: GrowingSha1 | undefined;

  /**
   * @param parameter the parameter's name, used as the salt when the arguments contain none
   * @param separator the text between the parameter's salt and the unit
   * @throws PlanoutError `operator` for a unit without a text to hash
   */
  constructor(
    args: Arguments,
    experimentSalt: string,
    parameter: string | undefined,
    separator: string = SEPARATOR,
  ) {
    const unit = args.any('unit');
    const salt = saltOf(args, experimentSalt, parameter, separator);
    this.#text = `${salt}${unitText(args, unit)}`;
    this.#isList = Array.isArray(unit);
  }

  /** Returns the remainder of the unit's hash: a whole number, [0, modulus). */
  remainder(modulus: number): number {
    return remainderOf(sha1Bytes(this.#text), modulus);
  }

  /** Returns the unit's hash as a share, [0, 1]. */
  share(): number {
    return shareOf(sha1Bytes(this.#text));
  }

  /**
   * Returns the remainder of the hash of the unit with a text appended, [0, modulus). Undefined appends
   * nothing.
   */
  nextRemainder(appended: string | undefined, modulus: number): number {
    return remainderOf(this.#next(appended), modulus);
  }

  /** Returns the hash of the unit with a text appended as a share, [0, 1]. Undefined appends nothing. */
  nextShare(appended: string | undefined): number {
    return shareOf(this.#next(appended));
  }

  #next(appended: string | undefined): string {
    const tail = appended === undefined ? '' : `${SEPARATOR}${appended}`;
    if (!this.#isList) return sha1Bytes(this.#text + tail);
    if (this.#units !== undefined) return this.#units.append(tail);
    this.#units = new GrowingSha1();
    return this.#units.append(this.#text + tail);
  }
}

/** Returns the text before the unit. */
function saltOf(
  args: Arguments,
  experimentSalt: string,
  parameter: string | undefined,
  separator: string,
): string {
  if (args.has('full_salt')) return args.string('full_salt') + SEPARATOR;
  const salt = parameter === undefined || args.has('salt') ? args.string('salt') : parameter;
  return experimentSalt + SEPARATOR + salt + separator;
}

function unitText(args: Arguments, unit: unknown): string {
  if (!Array.isArray(unit)) return identityText(unit) ?? refusePart(args, unit, 'unit');
  if (unit.length === 0) args.refuse('unit', 'unit is an empty list; list at least one value');
  return unit.map((part, i) => partText(args, part, `unit[${i}]`)).join(SEPARATOR);
}

/** Returns the text of a part of a unit. A list inside the unit has the text that Python writes. */
function partText(args: Arguments, part: unknown, name: string): string {
  if (!Array.isArray(part)) return identityText(part) ?? refusePart(args, part, name);
  const bad = itemWithoutText(part, name);
  if (bad !== undefined) refusePart(args, bad.item, bad.place);
  return pythonText(part) ?? refusePart(args, part, name);
}

function refusePart(args: Arguments, part: unknown, name: string): never {
  return args.refuse(
    'unit',
    `${name} is ${showValue(part)}; units are strings, finite numbers, booleans or objects with their own toString, or lists of these`,
  );
}

/**
 * Returns the text that is appended to the unit for a choice; undefined for null, for which PlanOut's
 * reference appends nothing.
 *
 * @throws PlanoutError `operator` for a choice without a text to hash
 */
export function choiceText(args: Arguments, choice: unknown): string | undefined {
  if (choice === null || choice === undefined) return undefined;
  return (
    pythonText(choice) ??
    args.refuse(
      'choices',
      `a choice is ${showValue(choice)}, which can't be hashed; use JSON values`,
    )
  );
}
