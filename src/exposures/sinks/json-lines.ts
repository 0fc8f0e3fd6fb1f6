import type { EventRecord } from '../records/record.ts';

/** The properties whose values come from the application and may not be valid JSON. */
const FREE_FORM: ReadonlySet<string> = new Set(['context', 'properties']);

/**
 * Returns a record as one line of JSON. A value in `context` or `properties` that can't be written
 * as JSON (cyclic, or with a `toJSON` that throws) becomes null, so that the rest of the record is
 * kept. Big integers become strings.
 */
export function encodeRecord(record: EventRecord): string {
  try {
    return JSON.stringify(record);
  } catch {
    return JSON.stringify(Object.fromEntries(Object.entries(record).map(writable)));
  }
}

/** Returns records as JSON lines, each with a line break at its end. */
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
    // JSON.stringify returns undefined for functions and symbols.
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
