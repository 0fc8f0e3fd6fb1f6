import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { formatOf, renderJson } from '../../changes/render-json.ts';
import { ConflictError, StoreError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { EvenhandError } from '../../errors/evenhand-error.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import { parseJson } from '../../json/parse.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import { codeOf } from '../../sources/file/file-questions.ts';
import { writeFileAtomically } from '../../sources/file/write-file.ts';
import { specificationSteps } from '../../specification/specification.ts';
import { lockFile } from './file-lock.ts';
import type { PutText, SpecificationStore, StoredText } from './specification-store.ts';

/** The hexadecimal digits of a revision. */
const DIGITS = 16;

/** A store that writes a file. */
export interface FileStore extends SpecificationStore {
  /** Returns the content of the file; undefined if there is no file. */
  read(): Promise<StoredText | undefined>;
  /**
   * Validates a specification and replaces the file with it, all or nothing. A text is written as it is, and
   * a value in the formatting of the file. Returns the new revision.
   *
   * Rejects with SpecError (`json`, `spec`), ConflictError (`conflict`) or StoreError (`store`); the file
   * then is as it was.
   *
   * @param specification the content of `experiments.config.json`, as JSON text or as a value
   */
  put(specification: unknown, options?: PutText): Promise<string>;
}

/**
 * Returns a store that writes a file, for `dashboard()`: safe against other processes and against a power
 * failure. The revision is a digest of the content, and author and reason are not kept. A container loses the
 * file with the next deployment unless it is on a volume.
 *
 * @param path of `experiments.config.json`, from the working directory
 * @throws OptionError (`option`) for anything but a path
 */
export function fileStore(path: string): FileStore {
  if (typeof path !== 'string' || path === '') {
    throw new OptionError(`fileStore() takes the path of a file, not ${showValue(path)}`);
  }
  const absolute = resolve(path);
  return {
    name: basename(absolute),
    read: () => describing(path, () => read(absolute)),
    put: (specification, options = {}) =>
      describing(path, () => put(absolute, path, specification, options)),
  };
}

async function read(path: string): Promise<StoredText | undefined> {
  try {
    const bytes = await readFile(path);
    return { text: bytes.toString(), revision: revisionOf(bytes) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function put(
  path: string,
  shown: string,
  specification: unknown,
  { expectedRevision }: PutText,
): Promise<string> {
  const target = await realpath(path).catch(() => path);
  const lock = await lockFile(target);
  try {
    const stored = await read(target);
    if (expectedRevision !== undefined && expectedRevision !== stored?.revision) {
      throw new ConflictError(shown, expectedRevision, stored?.revision);
    }
    const text = textOf(specification, stored?.text);
    await assertValid(text);
    if (!(await lock.isHeld())) {
      throw new StoreError(
        `${shown}: another process took the lock, so nothing was written; try again`,
      );
    }
    writeFileAtomically(target, text, { shown, madeFrom: stored?.text ?? null });
    return revisionOf(Buffer.from(text));
  } finally {
    await lock.release();
  }
}

function textOf(specification: unknown, before: string | undefined): string {
  if (typeof specification === 'string') return specification;
  if (typeof specification !== 'object' || specification === null) {
    throw new OptionError(
      `put() takes a specification as JSON text or as a value, not ${showValue(specification)}`,
    );
  }
  const format = formatOf(before ?? '');
  return `${renderJson(specification, format, '')}${format.eol}`;
}

async function assertValid(text: string): Promise<void> {
  const origin = 'put()';
  // The application's source knows the operators of scripts, and checks them.
  const from = { origin, text, operators: 'any' } as const;
  const steps = specificationSteps(parseJson(text, origin), from);
  await inSlices(steps, new AbortController().signal);
}

function revisionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, DIGITS);
}

/** Turns errors of the file system into StoreErrors. */
async function describing<Value>(path: string, run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EvenhandError && error.code !== 'source') throw error;
    throw new StoreError(messageOf(path, error), { cause: error });
  }
}

function messageOf(path: string, error: unknown): string {
  if (error instanceof EvenhandError) return error.message;
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `${path}: this process may not read or write there; change the permissions of the file and its folder`;
  }
  if (code === 'EISDIR') return `${path}: is a folder; name a file`;
  return `${path}: ${thrownMessage(error)}`;
}
