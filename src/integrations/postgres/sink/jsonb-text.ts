import type { EventRecord } from '../../../exposures/records/record.ts';
import { encodeRecord } from '../../../exposures/sinks/json-lines.ts';

/** A record as the table takes it. */
export interface RecordRow {
  /** JSON that `jsonb` has a form for. */
  readonly record: string;
  /** The record's own JSON where that is another. */
  readonly original: string | undefined;
}

/** Whether a text may hold one of the escapes that `jsonb` refuses; quick, and sometimes wrong. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/;

/**
 * The escapes in a JSON text, so that none is looked for behind a backslash that is one itself; as a
 * group those that `jsonb` refuses. JSON.stringify escapes halves of characters only where the other
 * half is missing.
 */
const ESCAPES = /\\(?:(u0000|ud[89a-f][0-9a-f]{2})|[^])/g;

/** Stands for what can't be written, as in UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * A record in the form the table takes. PostgreSQL has no form for the character NUL and for halves of
 * characters, which a visitor may well send: they are replaced in `record`, by U+FFFD, and the record
 * is kept as it was in `original`.
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
