import { html, type Html } from '../../ui/html.ts';
import type { Visit } from './visit.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const SHORT: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };

const FULL: Intl.DateTimeFormatOptions = { ...DATE, ...SHORT, timeZoneName: 'short' };

/** The formats by time zone and kind; making one takes longer than a page. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${timeZone} ${Object.keys(options).join(' ')}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
    formats.set(key, found);
  }
  return found.format(at);
}

/** The parts of a visit that times need. */
export interface TimeSetting {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly timeZone: string;
}

/** Returns the clock and the time zone of a visit. */
export function timesOf({ now, board }: Visit): TimeSetting {
  return { now, timeZone: board.timeZone };
}

/** Writes a time with its date and zone: `30 Nov 2026, 14:02 UTC`. Anything that is no time stays a text. */
export function timeText(at: string | number, timeZone: string): string {
  const ms = millisecondsOf(at);
  return Number.isFinite(ms) ? format(ms, timeZone, FULL) : String(at);
}

/** Writes a day: `30 Nov 2026`. */
export function dayText(at: string | number, timeZone: string): string {
  const ms = millisecondsOf(at);
  return Number.isFinite(ms) ? format(ms, timeZone, DATE) : String(at);
}

/** Writes a time of today as `14:02`, and any other as {@link timeText} does. */
export function sinceText(at: string | number, { now, timeZone }: TimeSetting): string {
  const ms = millisecondsOf(at);
  const isToday = Number.isFinite(ms) && dayText(ms, timeZone) === dayText(now, timeZone);
  return isToday ? format(ms, timeZone, SHORT) : timeText(at, timeZone);
}

/** Writes how long ago a time is, or how far ahead: `just now`, `5 min ago`, `2 h ago`, `in 3 days`. */
export function agoText(at: string | number, now: number): string {
  const ms = now - millisecondsOf(at);
  if (!Number.isFinite(ms)) return String(at);
  const length = lengthText(Math.abs(ms));
  if (length === undefined) return 'just now';
  return ms < 0 ? `in ${length}` : `${length} ago`;
}

function lengthText(ms: number): string | undefined {
  if (ms < MINUTE_MS) return undefined;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  const days = Math.floor(ms / DAY_MS);
  return days === 1 ? '1 day' : `${days} days`;
}

/** Renders how long ago a time is; the time itself appears on pointing at it. */
export function ago(at: string | number, { now, timeZone }: TimeSetting): Html {
  const ms = millisecondsOf(at);
  const text = agoText(at, now);
  if (!isDate(ms)) return html`${text}`;
  return html`<time datetime="${new Date(ms).toISOString()}" title="${timeText(ms, timeZone)}"
    >${text}</time
  >`;
}

/** The largest distance of a date from 1970: ECMAScript, section 21.4.1.1. */
const MAX_DATE = 8.64e15;

function isDate(ms: number): boolean {
  return Math.abs(ms) <= MAX_DATE;
}

/** Returns NaN for a text or number that is no time. */
function millisecondsOf(at: string | number): number {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return isDate(ms) ? ms : Number.NaN;
}
