// @ts-check
import { products } from '../products.js';
import { normal } from './random.js';

/** @typedef {import('./visitors.js').Visitor} Visitor */
/** @typedef {Pick<import('evenhand').Participant, 'track'>} Participant */

/**
 * The planted effect of each headline: 0.25 means that 25% more visits end with an order. The analysis has
 * to find it.
 *
 * @type {Readonly<Record<string, number>>}
 */
export const PLANTED = { plain: 0, proud: 0, question: 0.25 };

/** The pages that the bot fetches in one visit. */
const BOT_PAGES = 400;

/**
 * Plays one visit: pages, perhaps an order, and now and then a refund.
 *
 * @param {Participant} participant
 * @param {Visitor} visitor
 * @param {string | undefined} headline undefined before the week
 * @param {() => number} random
 * @param {(ms: number) => void} wait lets time pass
 */
export function playVisit(participant, visitor, headline, random, wait) {
  if (visitor.kind === 'bot') {
    for (let page = 0; page < BOT_PAGES; page++) {
      wait(200);
      participant.track('page', { ms: 5 });
    }
    return;
  }
  const pages = 1 + Math.floor(3 * random() ** 2);
  for (let page = 0; page < pages; page++) {
    wait(Math.floor(60_000 * random()));
    participant.track('page', { ms: Math.round(180 * Math.exp(0.5 * normal(random))) });
  }
  const chance = (visitor.buys / 100) * (1 + (PLANTED[headline ?? 'plain'] ?? 0));
  if (random() >= chance) return;
  wait(120_000);
  const value = orderValue(visitor, random);
  participant.track('purchase', { value, currency: 'EUR' });
  if (random() < 0.04) participant.track('refund', { value: -value, currency: 'EUR' });
}

/**
 * Draws the value of an order in euros. Most orders have one product; a few craftsmen equip a workshop.
 *
 * @param {Visitor} visitor
 * @param {() => number} random
 */
function orderValue({ budget }, random) {
  const product = products[Math.floor(random() * products.length)];
  const pieces = Math.max(1, Math.round(budget * Math.exp(0.7 * normal(random))));
  return (pieces * (product?.cents ?? 0)) / 100;
}
