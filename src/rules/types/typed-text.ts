import { quote } from '../../errors/show-value.ts';
import { remedyFor } from '../typed-text/advice.ts';
import { readTyped } from '../typed-text/typed.ts';
import type { OrderOperator } from '../values/order.ts';
import {
  type Alternative,
  BOOLEAN,
  type RuleType,
  type StringType,
  type TypedType,
} from './types.ts';
import { doubtful, failing, gives, type Verdict } from './verdict.ts';

/** The known texts that are listed when only some of them can be read. */
interface Texts {
  readonly readable: readonly string[];
  readonly unreadable: readonly string[];
}

/** Returns a typed alternative and the string that it is compared with; undefined for other pairs. */
function typedPair(
  left: Alternative,
  right: Alternative,
): readonly [TypedType, StringType] | undefined {
  if (isTyped(left) && right.kind === 'string') return [left, right];
  return isTyped(right) && left.kind === 'string' ? [right, left] : undefined;
}

function isTyped(one: Alternative): one is TypedType {
  return one.kind === 'version' || one.kind === 'date';
}

/** Sorts the known values of a string; undefined if they are not known. */
function textsOf({ kind }: TypedType, { values }: StringType): Texts | undefined {
  if (values === undefined) return undefined;
  const texts = Array.from(values, String);
  const isReadable = (text: string) => readTyped(kind, text) !== undefined;
  return {
    readable: texts.filter(isReadable),
    unreadable: texts.filter((text) => !isReadable(text)),
  };
}

/** Judges the order of a version or a date and a text; undefined for other pairs. Mirrors `inOrder`. */
export function judgeTypedOrder(
  operator: OrderOperator,
  left: Alternative,
  right: Alternative,
): Verdict | undefined {
  if (isTyped(left) && left.kind === right.kind) return gives(BOOLEAN);
  const pair = typedPair(left, right);
  if (pair === undefined) return undefined;
  const [{ kind }, string] = pair;
  const texts = textsOf(pair[0], string);
  if (texts === undefined) {
    const reason = `"${operator}" can't compare a ${kind} with a string that is not a ${kind}`;
    return doubtful(BOOLEAN, `${reason}; declare the string with "format" if it is a ${kind} too`);
  }
  const [text] = texts.unreadable;
  if (text === undefined) return gives(BOOLEAN);
  const reason =
    `"${operator}" can't compare a ${kind} with ${quote(text)}, which is not a ${kind}; ` +
    remedyFor(kind, text);
  return texts.readable.length === 0 ? failing(reason) : doubtful(BOOLEAN, reason);
}

/**
 * Returns true if a version or a date may equal a text, and false if it can't; undefined for other pairs.
 * Mirrors `equals`.
 */
export function typedEquals(left: Alternative, right: Alternative): boolean | undefined {
  const pair = typedPair(left, right);
  if (pair === undefined) return undefined;
  const texts = textsOf(...pair);
  return texts === undefined || texts.readable.length > 0;
}

/** Returns the remedy for a text that no version or date of the type equals; empty if there is none. */
export function hintOfTyped(text: string, type: RuleType): string {
  const typed = type.find(isTyped);
  if (typed === undefined || readTyped(typed.kind, text) !== undefined) return '';
  return `; ${remedyFor(typed.kind, text)}`;
}
