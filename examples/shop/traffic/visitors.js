// @ts-check
import { normal } from './random.js';

const DAY_MS = 86_400_000;

/** The first moment of the week: a Monday. */
export const WEEK_STARTS = Date.UTC(2026, 10, 2);

/** The moment after the week. */
export const WEEK_ENDS = WEEK_STARTS + 7 * DAY_MS;

/** The days before the week in which visitors are followed, but see no experiment. */
const DAYS_BEFORE = 28;

/** The visits of each day of the week, from Monday on, relative to an average day. */
const WEEKDAYS = [1.1, 1.15, 1.1, 1.05, 0.95, 0.7, 0.8];

/** @typedef {'en-GB' | 'en-US' | 'fr-CA'} Locale */

/**
 * @typedef {object} Visitor
 * @property {string} key the tracking key
 * @property {Locale} locale
 * @property {number} visitsPerDay
 * @property {number} buys how many of 100 visits end with an order
 * @property {number} budget the size of a typical order, relative to the others'
 * @property {'person' | 'bot' | 'staff'} kind
 */

/**
 * @typedef {object} Visit
 * @property {number} at milliseconds since 1970
 * @property {Visitor} visitor
 */

/**
 * Makes up a visitor. A few come and buy much more often than the others, and so it stays: what
 * somebody did before the week tells something about the week.
 *
 * @param {() => number} random
 * @param {number} number
 * @returns {Visitor}
 */
export function makeVisitor(random, number) {
  const place = random();
  const kind = number === 0 ? 'bot' : number % 400 === 1 ? 'staff' : 'person';
  const visitsPerDay = 0.11 * Math.exp(0.9 * normal(random));
  return {
    key: [1, 2, 3, 4].map(() => hex(random)).join(''),
    locale: place < 0.6 ? 'en-GB' : place < 0.9 ? 'en-US' : 'fr-CA',
    visitsPerDay: kind === 'bot' ? 2 : visitsPerDay,
    buys: 6.5 * Math.exp(0.8 * normal(random)),
    budget: Math.exp(0.6 * normal(random)),
    kind,
  };
}

/**
 * Makes up all visits in the order of their times.
 *
 * @param {() => number} random
 * @param {readonly Visitor[]} visitors
 */
export function makeVisits(random, visitors) {
  /** @type {Visit[]} */
  const visits = [];
  for (let day = -DAYS_BEFORE; day < 7; day++) {
    const rush = WEEKDAYS[(day + DAYS_BEFORE) % 7] ?? 1;
    for (const visitor of visitors) {
      let chance = visitor.visitsPerDay * rush;
      for (; random() < chance; chance /= 2) {
        // Most people come in the evening.
        const hour = (24 + 17 + 4 * normal(random)) % 24;
        visits.push({ at: Math.floor(WEEK_STARTS + (day + hour / 24) * DAY_MS), visitor });
      }
    }
  }
  return visits.toSorted((a, b) => a.at - b.at);
}

/** @param {() => number} random */
function hex(random) {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
