/** No server is waited for longer: it may be mistaken, or hostile. In ms. */
export const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/** The three forms of a date in HTTP (RFC 9110, section 5.6.7) begin with a day and have a time. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/**
 * How long a server asks to wait, from the header `Retry-After` (RFC 9110, section 10.2.3): seconds,
 * or a date, which is compared with the server's own clock where it has told it.
 *
 * @param value of `Retry-After`
 * @param date value of `Date`
 * @param now in ms since 1970
 * @returns in ms, [0, one hour]; undefined where it doesn't say, or can't be read
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
  // The oldest form has no zone; all three are in GMT.
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
