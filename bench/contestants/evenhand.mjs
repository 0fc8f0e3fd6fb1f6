import { importEvenhand } from '../harness/build.mjs';

const { parseExperiments } = await importEvenhand();

/** Makes a decision with a new participant, as a job or a request does. */
export function start(configuration) {
  const snapshot = parseExperiments(JSON.parse(configuration));
  return (user, name) => snapshot.participant(contextOf(user)).variant(name);
}

/** Reads all variants of a new participant. Returns their number. */
export function startAll(configuration) {
  const snapshot = parseExperiments(JSON.parse(configuration));
  return (user) => Object.keys(snapshot.participant(contextOf(user)).variants()).length;
}

function contextOf({ id, plan, locale }) {
  return { locale, user: { id, plan } };
}

/**
 * Returns the content of `experiments.config.json`.
 *
 * @param locale the context path of the locale: in the user, for applications without a context provider
 */
export function configuration(experiments, locale = 'locale') {
  return JSON.stringify(experiments.map((experiment) => specification(experiment, locale)));
}

function specification({ name, plans }, locale) {
  return {
    name,
    identity: 'user.id',
    variants: [{ name: 'active' }, { name: 'inactive' }, { name: 'control' }],
    audiences: [
      {
        rule: `${locale} == "en-US" and user.plan in [${plans.map((plan) => `"${plan}"`).join(', ')}]`,
        allocations: [
          { variant: 'active', percent: 10 },
          { variant: 'inactive', percent: 80 },
          { variant: 'control', percent: 10 },
        ],
      },
      { allocations: [{ variant: 'inactive', percent: 100 }] },
    ],
  };
}
