import { FlagdCore } from '@openfeature/flagd-core';

/** flagd's in-process evaluation: JSONLogic compiled to JavaScript, MurmurHash3. */
export function start(configuration) {
  const core = createCore(configuration);
  return (user, name) => core.resolveStringEvaluation(name, '', contextOf(user)).value;
}

/** Reads all flags of a user. Returns their number. */
export function startAll(configuration) {
  const core = createCore(configuration);
  return (user) => core.resolveAll(contextOf(user)).length;
}

function createCore(configuration) {
  const core = new FlagdCore();
  core.setConfigurations(configuration);
  return core;
}

function contextOf({ id, plan, locale }) {
  return { targetingKey: id, locale, user: { id, plan } };
}

export function configuration(experiments) {
  return JSON.stringify({ flags: Object.fromEntries(experiments.map(flag)) });
}

function flag({ name, plans }) {
  const matching = {
    and: [{ '==': [{ var: 'locale' }, 'en-US'] }, { in: [{ var: 'user.plan' }, plans] }],
  };
  const fractions = [
    ['active', 10],
    ['inactive', 80],
    ['control', 10],
  ];
  return [
    name,
    {
      state: 'ENABLED',
      defaultVariant: 'inactive',
      variants: { active: 'active', inactive: 'inactive', control: 'control' },
      targeting: { if: [matching, { fractional: fractions }, 'inactive'] },
    },
  ];
}
