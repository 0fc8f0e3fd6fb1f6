import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeRecord } from '../exposures/sinks/json-lines.ts';
import type { EventRecord } from '../exposures/records/record.ts';

/** The characters that are written at once. */
const CHUNK = 1 << 20;

/** A file that records of one simulated experiment are written to, as JSON lines. */
export class TrialFile {
  private readonly descriptor: number;
  private waiting = '';

  /** Creates the file, or empties it. */
  constructor(path: string) {
    // Records can hold what the user passed as context.
    this.descriptor = openSync(path, 'w', 0o600);
  }

  /** Adds a record. */
  write(record: EventRecord): void {
    this.waiting += `${encodeRecord(record)}\n`;
    if (this.waiting.length >= CHUNK) this.flush();
  }

  /** Writes the rest and closes the file. */
  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private flush(): void {
    writeSync(this.descriptor, this.waiting);
    this.waiting = '';
  }
}
