/** The longest wait, in ms. A server that asks for more may be mistaken or hostile. */
export const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/**
 * Matches the three forms of a date in HTTP (RFC 9110, section 5.6.7): they begin with a day and
 * contain a time.
 */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/**
 * Returns the wait that a server asks for in the header `Retry-After` (RFC 9110, section 10.2.3).
 * It is given in seconds or as a date. A date is compared with the server's own clock, if the
 * server sent it.
 *
 * @param value the value of `Retry-After`
 * @param date the value of `Date`
 * @param now in ms since 1970
 * @returns in ms, [0, one hour]; undefined if the header is missing or invalid
 */
export function retryAfterMs(
  value: string | null,
  date: string | null,
  now: number,
): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER_MS);
  const until = parseHttpDate(text);
  if (until === undefined) return undefined;
  const from = parseHttpDate(date?.trim() ?? '') ?? now;
  return Math.min(Math.max(0, until - from), MAX_RETRY_AFTER_MS);
}

function parseHttpDate(text: string): number | undefined {
  if (!HTTP_DATE.test(text)) return undefined;
  // The oldest form names no time zone; all three are in GMT.
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
