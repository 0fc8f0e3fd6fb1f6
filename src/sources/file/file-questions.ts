import { promises, readdirSync, realpathSync, statSync } from 'node:fs';
import { readTextLater, readTextNow } from './read-text.ts';

/** A question to the file system that can be asked synchronously or asynchronously. */
export interface FileQuestion {
  readonly now: () => unknown;
  readonly later: () => Promise<unknown>;
}

/**
 * Work with files that yields its questions to the file system. It is written once and runs either
 * synchronously, when an application starts, or asynchronously, while it serves requests.
 */
export type FileQuestions<T> = Generator<FileQuestion, T, unknown>;

/** Answers all questions synchronously and returns the result; throws what the work throws. */
export function runNow<T>(questions: FileQuestions<T>): T {
  let next = questions.next();
  while (next.done !== true) {
    const { now } = next.value;
    next = answerNow(questions, now);
  }
  return next.value;
}

function answerNow<T>(
  questions: FileQuestions<T>,
  now: () => unknown,
): IteratorResult<FileQuestion, T> {
  let answer: unknown;
  try {
    answer = now();
  } catch (error) {
    return questions.throw(error);
  }
  return questions.next(answer);
}

/** Answers all questions asynchronously; resolves to the result and rejects with what the work throws. */
export async function runLater<T>(questions: FileQuestions<T>): Promise<T> {
  let next = questions.next();
  while (next.done !== true) {
    const { later } = next.value;
    const answer = await later().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    next = 'error' in answer ? questions.throw(answer.error) : questions.next(answer.value);
  }
  return next.value;
}

function* ask<T>(now: () => T, later: () => Promise<T>): FileQuestions<T> {
  return (yield { now, later }) as T;
}

/** Reads a text file in UTF-8. */
export function textOf(path: string): FileQuestions<string> {
  return ask(
    () => readTextNow(path),
    () => readTextLater(path),
  );
}

/** Reads the identity, size and times of a file; follows links. */
export function statOf(path: string) {
  return ask(
    () => statSync(path, { bigint: true }),
    () => promises.stat(path, { bigint: true }),
  );
}

/** Resolves the links in a path. */
export function realPathOf(path: string): FileQuestions<string> {
  return ask(
    () => realpathSync(path),
    () => promises.realpath(path),
  );
}

/** Lists the names in a directory; undefined if the path is not a directory. */
export function* namesIn(path: string): FileQuestions<string[] | undefined> {
  try {
    return yield* ask(
      () => readdirSync(path),
      () => promises.readdir(path),
    );
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Returns true if a thrown value means that a path does not exist. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Returns the code of a system error thrown by Node, such as `ENOENT`. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
