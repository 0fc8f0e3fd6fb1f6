import type { Request } from 'express';
import { thrownMessage } from '../errors/thrown.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { isThenable, watchRejection } from '../runtime/thenable.ts';

/** A function of the application that answers a question about a request with `true` or `false`. */
export type Question = (req: Request) => unknown;

/** The option that has a question, for the log. */
export interface AskedOption {
  readonly name: string;
  /** The effect of a missing answer. */
  readonly effect: string;
}

/** A request with its answers, by question. */
type Answered = Request & { [ANSWERS]?: Map<Question, boolean | undefined> };

/** Shared by all middlewares and copies of the package, so that a question is asked once. */
const ANSWERS: unique symbol = Symbol.for('evenhand/answers');

/**
 * Asks a question about a request the first time, and then returns the same answer. Never throws. A
 * question that throws, or returns a promise or anything else, has no answer, and a warning says so
 * once. While the question is running it has no answer either: it may ask for a decision itself.
 *
 * @returns undefined without an answer
 */
export function askOnce(
  req: Answered,
  question: Question,
  option: AskedOption,
  once: OnceLogger,
): boolean | undefined {
  const answers = (req[ANSWERS] ??= new Map<Question, boolean | undefined>());
  if (answers.has(question)) return answers.get(question);
  answers.set(question, undefined);
  const answer = ask(req, question, option, once);
  answers.set(question, answer);
  return answer;
}

/** Returns true if the question has been asked about the request. */
export function wasAsked(req: Answered, question: Question): boolean {
  return req[ANSWERS]?.has(question) === true;
}

/** Asks a question about a request, also if it has been asked before. Otherwise like {@link askOnce}. */
export function ask(
  req: Request,
  question: Question,
  { name, effect }: AskedOption,
  once: OnceLogger,
): boolean | undefined {
  let answer: unknown;
  try {
    answer = question(req);
  } catch (thrown) {
    once.error(`${name} threw`, `evenhand: ${name} failed, so ${effect}: ${thrownMessage(thrown)}`);
    return undefined;
  }
  if (typeof answer === 'boolean') return answer;
  if (answer === undefined || answer === null) return undefined;
  if (isThenable(answer)) {
    watchRejection(answer, () => {});
    once.warn(
      `${name} promise`,
      `evenhand: ${name} returned a promise, so ${effect}; await it in an earlier middleware, and return true or false`,
    );
    return undefined;
  }
  // The value itself may be the text of a cookie.
  once.warn(
    `${name} ${typeof answer}`,
    `evenhand: ${name} returned a value of the type ${typeof answer}, so ${effect}; return true or false`,
  );
  return undefined;
}
