import planout from 'planout';

/** PlanOut.js: the rule is JavaScript, as its users write it; SHA-1 in JavaScript. */
export function start(configuration) {
  const experiments = new Map(JSON.parse(configuration).map((name) => [name, createClass(name)]));
  return ({ id, plan, locale }, name) => {
    const Experiment = experiments.get(name);
    return new Experiment({ userId: id, plan, locale }).get('variant');
  };
}

export function configuration(experiments) {
  return JSON.stringify(experiments.map(({ name }) => name));
}

function createClass(name) {
  return class extends planout.Experiment {
    setup() {
      this.setName(name);
    }

    getParamNames() {
      return ['variant'];
    }

    configureLogger() {}

    log() {}

    previouslyLogged() {
      return true;
    }

    assign(params, { userId, plan, locale }) {
      if (locale === 'en-US' && (plan === 'pro' || plan === 'team')) {
        const choices = ['active', 'inactive', 'control'];
        const weights = [0.1, 0.8, 0.1];
        params.set(
          'variant',
          new planout.Ops.Random.WeightedChoice({ choices, weights, unit: userId }),
        );
      } else {
        params.set('variant', 'inactive');
      }
    }
  };
}
