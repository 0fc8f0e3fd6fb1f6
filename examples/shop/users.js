// @ts-check

/**
 * @typedef {object} DemoUser
 * @property {string} id
 * @property {string} name
 * @property {string} locale
 * @property {'free' | 'pro' | 'team'} plan
 * @property {{ id: string, name: string } | null} tenant the company the user buys for
 * @property {boolean} admin
 */

const harbour = { id: 'harbour', name: 'Harbour Boatyard' };
const joinery = { id: 'joinery', name: 'Old Mill Joinery' };

/**
 * The demo's customers. The id and the experiment's seed determine the bucket.
 *
 * @type {readonly DemoUser[]}
 */
export const users = [
  { id: 'ada', name: 'Ada', locale: 'en-US', plan: 'team', tenant: harbour, admin: true },
  { id: 'bob', name: 'Bob', locale: 'en-US', plan: 'pro', tenant: joinery, admin: false },
  { id: 'mia', name: 'Mia', locale: 'en-US', plan: 'free', tenant: joinery, admin: false },
  { id: 'remi', name: 'Rémi', locale: 'fr-CA', plan: 'free', tenant: harbour, admin: false },
  { id: 'gil', name: 'Gil', locale: 'en-GB', plan: 'pro', tenant: null, admin: false },
];

/** @param {unknown} id */
export function findUser(id) {
  return users.find((user) => user.id === id);
}

const orders = new Map([
  ['bob', 7],
  ['mia', 2],
]);

/**
 * Stands for an expensive database query.
 *
 * @param {DemoUser | undefined} user
 */
export function countOrders(user) {
  return orders.get(user?.id ?? '') ?? 0;
}
