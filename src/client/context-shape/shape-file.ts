import { resolve } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { codeOf, readTextLater } from '../../sources/file/file-questions.ts';
import { replaceFile, writeReason } from '../../sources/file/replace-file.ts';
import { ContextShape } from '../../specification/context/shape.ts';

/**
 * The file with the names and types of contexts. Several processes may write to it: each adds what it
 * has seen to what the file holds.
 */
export class ShapeFile {
  /** Absolute. */
  readonly path: string;
  /** Everything that this process has written. */
  private readonly written = new ContextShape();

  /** @param path relative to the current working directory */
  constructor(path: string) {
    this.path = resolve(path);
  }

  /**
   * Adds a shape to the file if it has a name or a type that the file lacks. Returns true if the file has
   * been written.
   *
   * Rejects with SourceError (`source`) if the file can't be read or written, or holds something else.
   *
   * @param always true writes the number of contexts too if nothing else is new
   */
  async add(shape: ContextShape, always: boolean): Promise<boolean> {
    const kept = await this.read();
    const merged = kept ?? new ContextShape();
    const { version } = merged;
    merged.merge(shape);
    const complete = this.completed(merged);
    const isNew = kept === undefined || complete !== merged || merged.version !== version;
    if (!isNew && !always) return false;
    try {
      await replaceFile(this.path, `${JSON.stringify(complete, undefined, 2)}\n`);
    } catch (error) {
      throw this.error(
        `can't be written: ${writeReason(error)}; it must be in a directory that this process can write to`,
        error,
      );
    }
    this.written.merge(shape);
    return true;
  }

  /**
   * Returns the shape with everything that this process has written. A part of that is missing if
   * another process has replaced the file without having read it.
   */
  private completed(shape: ContextShape): ContextShape {
    const complete = ContextShape.parse(shape.toJSON()) ?? new ContextShape();
    const { version } = complete;
    complete.merge(this.written);
    return complete.version === version ? shape : complete;
  }

  /** Returns undefined if the file does not exist or is empty. */
  private async read(): Promise<ContextShape | undefined> {
    let text: string;
    try {
      text = await readTextLater(this.path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw this.error(`can't be read: ${thrownMessage(error)}`, error);
    }
    if (text.trim() === '') return undefined;
    const shape = parse(text);
    if (shape !== undefined) return shape;
    throw this.error(
      'holds something else, which is kept; set "recordContextShape" to another path',
    );
  }

  private error(what: string, cause?: unknown): SourceError {
    return new SourceError(`the shape file ${this.path} ${what}`, { cause });
  }
}

function parse(text: string): ContextShape | undefined {
  try {
    return ContextShape.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
