/** No server may silence us for longer: one hour, in milliseconds. */
const MAX_RETRY_AFTER_MS = 3_600_000;

const MS_PER_SECOND = 1000;

/**
 * How long a server wants to be left alone, by its header `Retry-After`: whole seconds, or a date (RFC
 * 9110, section 10.2.3).
 *
 * @param value the header; null where there is none
 * @param now the time, in milliseconds since 1970
 * @returns milliseconds, [0, 3600000]; undefined where the header says nothing
 */
export function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * MS_PER_SECOND : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
