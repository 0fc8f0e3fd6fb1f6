import { GrowingSha1, sha1Bytes } from '../hash/sha1.ts';
import { identityText } from '../hash/text.ts';
import type { Arguments } from './arguments.ts';
import { remainderOf, shareOf } from './hash60.ts';
import { pythonText } from './python-text.ts';
import { showValue } from '../errors/show-value.ts';

/** Between the parts of what is hashed. */
const SEPARATOR = '.';

/**
 * The hashes of one draw: of `<experiment salt>.<parameter salt>.<unit>[.<unit>…]`, or, where there
 * is `full_salt`, of `<full salt>.<unit>[.<unit>…]`.
 *
 * Operators that need several append something to the unit. To a list of units, PlanOut's reference
 * appends for good: the second hash is of the units and both things appended. What it draws is what
 * it draws; the list given is not touched here.
 */
export class Hashes {
  readonly #text: string;
  readonly #isList: boolean;
  #units: GrowingSha1 | undefined;

  /**
   * @param parameter the salt where the arguments have none: the parameter's name
   * @throws PlanoutError `operator` for a unit that can't be told from others
   */
  constructor(args: Arguments, experimentSalt: string, parameter: string | undefined) {
    const unit = args.any('unit');
    this.#text = `${saltOf(args, experimentSalt, parameter)}${SEPARATOR}${unitText(args, unit)}`;
    this.#isList = Array.isArray(unit);
  }

  /** The remainder of the unit's hash: a whole number, [0, modulus). */
  remainder(modulus: number): number {
    return remainderOf(sha1Bytes(this.#text), modulus);
  }

  /** The share of the unit's hash, [0, 1]. */
  share(): number {
    return shareOf(sha1Bytes(this.#text));
  }

  /** The remainder of the hash of the unit and a number appended: [0, modulus). */
  nextRemainder(appended: number, modulus: number): number {
    return remainderOf(this.#next(String(appended)), modulus);
  }

  /** The share of the hash of the unit and a text appended, [0, 1]. */
  nextShare(appended: string): number {
    return shareOf(this.#next(appended));
  }

  #next(appended: string): string {
    const tail = `${SEPARATOR}${appended}`;
    if (!this.#isList) return sha1Bytes(this.#text + tail);
    if (this.#units !== undefined) return this.#units.append(tail);
    this.#units = new GrowingSha1();
    return this.#units.append(this.#text + tail);
  }
}

function saltOf(args: Arguments, experimentSalt: string, parameter: string | undefined): string {
  if (args.has('full_salt')) return args.string('full_salt');
  const salt = parameter === undefined || args.has('salt') ? args.string('salt') : parameter;
  return `${experimentSalt}${SEPARATOR}${salt}`;
}

function unitText(args: Arguments, unit: unknown): string {
  if (!Array.isArray(unit)) return identityText(unit) ?? refusePart(args, unit, 'unit');
  if (unit.length === 0) args.refuse('unit', 'unit is an empty list; it would treat all alike');
  return unit
    .map((part, i) => identityText(part) ?? refusePart(args, part, `unit[${i}]`))
    .join(SEPARATOR);
}

function refusePart(args: Arguments, part: unknown, name: string): never {
  return args.refuse(
    'unit',
    `${name} is ${showValue(part)}; units are strings, finite numbers, booleans or objects with their own toString, or lists of these`,
  );
}

/** What is appended to the unit for a choice. @throws PlanoutError `operator` for choices without text */
export function choiceText(args: Arguments, choice: unknown): string {
  return (
    pythonText(choice) ??
    args.refuse('choices', `a choice is ${showValue(choice)}, which has no text to hash`)
  );
}
