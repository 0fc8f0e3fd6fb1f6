import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  fstatSync,
  openSync,
  promises,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { NotUtf8Error } from '../../json/not-utf8.ts';
import { type FileKind, notRegular, READ_WITHOUT_WAITING } from './file-kind.ts';

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
export function fileText(path: string): FileQuestions<string> {
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

/**
 * The largest file, in bytes: 100,000 experiments take about 60 MB, and more is a mistake such as a
 * device.
 */
const MAX_BYTES = 256 * 2 ** 20;

/** Bytes read at once from a file that grows, and from a pipe: as many as have been read so far. */
const MIN_CHUNK_BYTES = 2 ** 16;
const MAX_CHUNK_BYTES = 2 ** 24;

/**
 * Reads a text file in UTF-8 synchronously. Pipes, sockets, devices and directories are refused.
 *
 * @throws the error of Node's functions; Error for more than 256 MiB, and for anything but a regular file;
 *   NotUtf8Error
 */
export function readTextNow(path: string): string {
  const file = openSync(path, READ_WITHOUT_WAITING);
  try {
    assertRegular(fstatSync(file));
    const text = new BoundedText();
    for (;;) {
      const chunk = Buffer.allocUnsafe(text.chunkBytes(fstatSync(file).size));
      const bytes = readSync(file, chunk, 0, chunk.length, null);
      if (bytes === 0) return text.toString();
      text.add(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}

/** Reads a text file in UTF-8 without blocking; rejects with the errors of {@link readTextNow}. */
export async function readTextLater(path: string): Promise<string> {
  const file = await promises.open(path, READ_WITHOUT_WAITING);
  try {
    assertRegular(await file.stat());
    const text = new BoundedText();
    for (;;) {
      const chunk = Buffer.allocUnsafe(text.chunkBytes((await file.stat()).size));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return text.toString();
      text.add(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** Reading a directory fails anyway, with an error that Node's callers know. */
function assertRegular(kind: FileKind): void {
  if (!kind.isFile() && !kind.isDirectory()) throw notRegular(kind);
}

/** Reads a stream of UTF-8 up to 256 MiB; rejects with NotUtf8Error for anything else. */
export async function readTextOf(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const text = new BoundedText();
  for await (const chunk of stream) text.add(Buffer.from(chunk));
  return text.toString();
}

/** A text in UTF-8 that arrives in chunks, up to 256 MiB. */
export class BoundedText {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  /** True until something has been added. */
  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  /** Returns the size of the next chunk: usually the rest of the file. @param size of the whole file */
  chunkBytes(size: number): number {
    const left = Math.min(size, MAX_BYTES) - this.bytes + 1;
    return Math.max(MIN_CHUNK_BYTES, left, Math.min(this.bytes, MAX_CHUNK_BYTES));
  }

  /** @throws Error if the text becomes too large */
  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > MAX_BYTES) {
      throw new Error(`it is larger than ${MAX_BYTES / 2 ** 20} MiB`);
    }
    this.chunks.push(chunk);
  }

  /** @throws NotUtf8Error, because replaced characters would silently make other names and seeds */
  toString(): string {
    const bytes = this.joined();
    // UTF-16 without a byte order mark has zeros, which are also UTF-8.
    const isUtf16 = bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0);
    if (isUtf16 || !isUtf8(bytes)) throw new NotUtf8Error(bytes);
    return bytes.toString('utf8');
  }

  /** Returns the text with U+FFFD in place of bytes that are not UTF-8, which do no harm in code. */
  toCode(): string {
    return this.joined().toString('utf8');
  }

  private joined(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.chunks;
    return others.length === 0 ? first : Buffer.concat(this.chunks);
  }
}
