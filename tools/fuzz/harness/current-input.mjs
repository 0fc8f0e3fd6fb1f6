// The current input, in a file that can be read after the process that runs it has ended.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** The size of the header: the number of inputs started, and the number of bytes of the text. */
const HEADER = 8;

/** The room for a text, in bytes of UTF-8. Longer texts are cut. */
const MAX_BYTES = 200_000;

/** The file, for the process that writes it and the one that reads it. */
export class CurrentInput {
  #file;
  #buffer = Buffer.alloc(HEADER + MAX_BYTES);

  /**
   * @param {string} path created if it does not exist
   */
  constructor(path) {
    this.#file = openSync(path, 'a+');
    closeSync(this.#file);
    this.#file = openSync(path, 'r+');
  }

  /** Writes an input and its number to the file. */
  write(count, input) {
    const bytes = this.#buffer.write(input, HEADER);
    this.#buffer.writeUInt32LE(count, 0);
    this.#buffer.writeUInt32LE(bytes, 4);
    writeSync(this.#file, this.#buffer, 0, HEADER + bytes, 0);
  }

  /** Returns the input in the file. `count` is 0 if there is none yet. */
  read() {
    const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    if (length < HEADER) return { count: 0, input: '' };
    const bytes = this.#buffer.readUInt32LE(4);
    const input = this.#buffer.toString('utf8', HEADER, HEADER + bytes);
    return { count: this.#buffer.readUInt32LE(0), input };
  }

  /** Closes the file. Nothing can be read or written afterwards. */
  close() {
    closeSync(this.#file);
  }
}
