import { Flagsmith } from 'flagsmith-nodejs';

/** Flagsmith's local evaluation: all flags of the environment for each identity; MD5. */
export function start(configuration) {
  const flagsmith = new Flagsmith({
    environmentKey: 'ser.bench',
    enableLocalEvaluation: true,
    fetch: async () => new Response(configuration),
  });
  return async ({ id, plan, locale }, name) =>
    (await flagsmith.getIdentityFlags(id, { locale, plan })).getFeatureValue(name);
}

export function configuration(experiments) {
  return JSON.stringify({
    id: 1,
    api_key: 'bench',
    name: 'bench',
    project: {
      id: 1,
      name: 'bench',
      organisation: { id: 1, name: 'bench' },
      hide_disabled_flags: false,
      segments: experiments.map(segment),
    },
    feature_states: experiments.map((experiment, i) => featureState(experiment, i, [])),
  });
}

function segment(experiment, i) {
  const rule = (conditions, rules = []) => ({ type: 'ALL', conditions, rules });
  const values = [
    ['active', 10],
    ['inactive', 80],
    ['control', 10],
  ];
  return {
    id: i + 1,
    name: `matching ${experiment.name}`,
    rules: [
      rule([
        { property_: 'locale', operator: 'EQUAL', value: 'en-US' },
        { property_: 'plan', operator: 'IN', value: experiment.plans.join(',') },
      ]),
    ],
    feature_states: [
      featureState(
        experiment,
        i,
        values.map(([value, percent], j) => ({
          id: 3 * i + j + 1,
          percentage_allocation: percent,
          multivariate_feature_option: { id: j + 1, value },
        })),
      ),
    ],
  };
}

function featureState({ name }, i, values) {
  return {
    django_id: i + 1,
    featurestate_uuid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    feature: { id: i + 1, name, type: values.length > 0 ? 'MULTIVARIATE' : 'STANDARD' },
    feature_state_value: 'inactive',
    multivariate_feature_state_values: values,
    enabled: true,
  };
}
