// @ts-check
import { countOrders } from './users.js';

/** @typedef {import('./users.js').DemoUser} DemoUser */

/**
 * Adds values for rules and identities to `user` and `anonymous`.
 *
 * @type {import('evenhand').ContextProvider}
 */
export const contextProvider = ({ user }) => ({
  // Visitors have no user.id. No rule matches this locale, so they get the fallback audience.
  locale: user?.locale ?? 'en-GB',
  tenant: user?.tenant ?? null,
});

/**
 * Values that are computed only when a rule reads them.
 *
 * @type {Record<string, import('evenhand').LazyValue>}
 */
export const lazy = {
  order_count: ({ user }) => countOrders(user),
};

/**
 * Returns the context of another user for the admin page. The middleware builds the same from a
 * request.
 *
 * @param {DemoUser | undefined} user
 * @param {string} trackingKey
 */
export function contextOf(user, trackingKey) {
  return {
    user: user ? { ...user, is_authenticated: true } : { id: null, is_authenticated: false },
    anonymous: trackingKey,
    locale: user?.locale ?? 'en-GB',
    tenant: user?.tenant ?? null,
    get order_count() {
      return countOrders(user);
    },
  };
}
