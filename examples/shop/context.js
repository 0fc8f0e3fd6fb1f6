// @ts-check
import { countOrders } from './users.js';

/** @typedef {import('./users.js').DemoUser} DemoUser */

/**
 * What rules and identities can ask beside `user` and `anonymous`.
 *
 * @type {import('evenhand').ContextProvider}
 */
export const contextProvider = ({ user }) => ({
  // Visitors get a locale no rule asks for, and so the fallback audience: they have no user.id.
  locale: user?.locale ?? 'en-GB',
  tenant: user?.tenant ?? null,
});

/**
 * Computed only if a rule asks.
 *
 * @type {Record<string, import('evenhand').LazyValue>}
 */
export const lazy = {
  order_count: ({ user }) => countOrders(user),
};

/**
 * The context somebody else would have, for the admin page: what the middleware makes of a request,
 * made without one.
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
