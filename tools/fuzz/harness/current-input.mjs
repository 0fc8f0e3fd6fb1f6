// The input that is being run, in a file: it can still be read when the process that runs it is gone.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** In front of the text: how many inputs were begun, and how many bytes the text has. */
const HEADER = 8;

/** Room for a text, in bytes of UTF-8; of a longer one the beginning is kept. */
const MAX_BYTES = 200_000;

/** The file, for the one process that writes it or the one that reads it. */
export class CurrentInput {
  #file;
  #buffer = Buffer.alloc(HEADER + MAX_BYTES);

  /** @param {string} path made where it is not there */
  constructor(path) {
    this.#file = openSync(path, 'a+');
    closeSync(this.#file);
    this.#file = openSync(path, 'r+');
  }

  /** Puts an input into the file, which is the so-manieth. */
  write(count, input) {
    const bytes = this.#buffer.write(input, HEADER);
    this.#buffer.writeUInt32LE(count, 0);
    this.#buffer.writeUInt32LE(bytes, 4);
    writeSync(this.#file, this.#buffer, 0, HEADER + bytes, 0);
  }

  /** The input in the file; `count` is 0 where there is none yet. */
  read() {
    const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    if (length < HEADER) return { count: 0, input: '' };
    const bytes = this.#buffer.readUInt32LE(4);
    const input = this.#buffer.toString('utf8', HEADER, HEADER + bytes);
    return { count: this.#buffer.readUInt32LE(0), input };
  }

  /** Nothing can be read or written afterwards. */
  close() {
    closeSync(this.#file);
  }
}
