import { flag } from 'flags/next';
import { fnv1a } from '../work/hashes.mjs';
import { decideByHand } from './by-hand.mjs';

/**
 * Vercel's Flags SDK has no rules and no hash. This measures its overhead around the decision written by
 * hand, with a new request of Next.js's Pages Router each time, because a request remembers its decisions.
 */
export function start(configuration) {
  const flags = new Map(JSON.parse(configuration).map((name) => [name, createFlag(name)]));
  return ({ id, plan, locale }, name) =>
    flags.get(name)({
      headers: { 'accept-language': locale, 'x-user': id, 'x-plan': plan },
      cookies: {},
    });
}

export function configuration(experiments) {
  return JSON.stringify(experiments.map(({ name }) => name));
}

function createFlag(key) {
  return flag({
    key,
    identify: ({ headers }) => ({
      locale: headers.get('accept-language'),
      user: { id: headers.get('x-user'), plan: headers.get('x-plan') },
    }),
    decide: ({ entities }) => decideByHand(entities, key, fnv1a),
  });
}
