import type { EventRecord } from '../../../exposures/records/record.ts';
import { encodeRecord } from '../../../exposures/sinks/json-lines.ts';

/** A record in the form of the table. */
export interface RecordRow {
  /** The record as JSON that `jsonb` accepts. */
  readonly record: string;
  /** The unchanged JSON, if `record` differs from it. */
  readonly original: string | undefined;
}

/** A fast test for escapes that `jsonb` rejects; it has false positives. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/;

/**
 * All escapes of a JSON text; the group matches those that `jsonb` rejects. Matching all escapes
 * skips escaped backslashes correctly. JSON.stringify escapes half of a surrogate pair only if the
 * other half is missing.
 */
const ESCAPES = /\\(?:(u0000|ud[89a-f][0-9a-f]{2})|[^])/g;

/** The replacement character of Unicode. */
const REPLACEMENT = '\ufffd';

/**
 * Returns a record in the form of the table. PostgreSQL can't store the character NUL and half of a
 * surrogate pair, which a visitor may send. In `record` they are replaced by U+FFFD, and `original`
 * keeps the unchanged record.
 */
export function toRow(record: EventRecord): RecordRow {
  const json = encodeRecord(record);
  const storable = SUSPICIOUS.test(json)
    ? json.replaceAll(ESCAPES, (escape, refused: string | undefined) =>
        refused === undefined ? escape : REPLACEMENT,
      )
    : json;
  return { record: storable, original: storable === json ? undefined : json };
}
