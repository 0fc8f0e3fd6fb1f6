import { promises, readdirSync, realpathSync, statSync } from 'node:fs';
import { readTextLater, readTextNow } from './read-text.ts';

/** One question to the file system, to be asked at once or without blocking. */
export interface Step {
  readonly now: () => unknown;
  readonly later: () => Promise<unknown>;
}

/**
 * Work with files, written once and done in either way: at once when an application starts, without
 * blocking it when it serves requests.
 */
export type Steps<T> = Generator<Step, T, unknown>;

/** Does the work at once; throws what it throws. */
export function runNow<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (next.done !== true) {
    const { now } = next.value;
    next = take(steps, now);
  }
  return next.value;
}

function take<T>(steps: Steps<T>, now: () => unknown): IteratorResult<Step, T> {
  let answer: unknown;
  try {
    answer = now();
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(answer);
}

/** Does the work without blocking; rejects with what it throws. */
export async function runLater<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (next.done !== true) {
    const { later } = next.value;
    const answer = await later().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    next = 'error' in answer ? steps.throw(answer.error) : steps.next(answer.value);
  }
  return next.value;
}

function* step<T>(now: () => T, later: () => Promise<T>): Steps<T> {
  return (yield { now, later }) as T;
}

/** The text of a file in UTF-8. */
export function textOf(path: string): Steps<string> {
  return step(
    () => readTextNow(path),
    () => readTextLater(path),
  );
}

/** A file's identity and times; of a link's target. */
export function statOf(path: string) {
  return step(
    () => statSync(path, { bigint: true }),
    () => promises.stat(path, { bigint: true }),
  );
}

/** A path without links. */
export function realPathOf(path: string): Steps<string> {
  return step(
    () => realpathSync(path),
    () => promises.realpath(path),
  );
}

/** The names in a directory; undefined where the path is no directory. */
export function* namesIn(path: string): Steps<string[] | undefined> {
  try {
    return yield* step(
      () => readdirSync(path),
      () => promises.readdir(path),
    );
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Whether what was thrown says that there is nothing of a path. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The code of what Node's functions throw. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
