import type { EventRecord } from '../records/record.ts';

/** The properties whose values come from the application, and may be what JSON has no form for. */
const FREE_FORM: ReadonlySet<string> = new Set(['context', 'properties']);

/**
 * A record as JSON, on one line. A value of `context` or `properties` that JSON has no form for
 * (cyclic, or with a `toJSON` that throws) is written as null, as JSON itself writes NaN: a record is
 * worth more than one of its attributes. Big integers are written as text.
 */
export function encodeRecord(record: EventRecord): string {
  try {
    return JSON.stringify(record);
  } catch {
    return JSON.stringify(Object.fromEntries(Object.entries(record).map(writable)));
  }
}

/** Records as JSON lines, each ended by a line break. */
export function encodeLines(batch: readonly EventRecord[]): string {
  let text = '';
  for (const record of batch) text += `${encodeRecord(record)}\n`;
  return text;
}

function writable([name, value]: [string, unknown]): [string, unknown] {
  if (!FREE_FORM.has(name) || typeof value !== 'object' || value === null) return [name, value];
  return [name, Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))];
}

function plain(value: unknown): unknown {
  try {
    const text = JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'bigint' ? String(one) : one,
    );
    // Functions and symbols have no text at all.
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
