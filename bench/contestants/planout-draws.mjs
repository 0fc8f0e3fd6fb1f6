/** PlanOut.js as its users write it. Its bundles share this code and use different hashes. */

/** Draws a parameter for a user. */
export function startDraw({ Assignment, Ops }, salt, parameter, choices) {
  return (unit) => {
    const assignment = new Assignment(salt);
    assignment.set(parameter, new Ops.Random.UniformChoice({ choices, unit }));
    return assignment.get(parameter);
  };
}

/** Returns a parameter of a user's experiment in a namespace, or the default. */
export function startGet(bundle, { name, segments, taken, experiment, parameter, choices }, none) {
  const Buttons = experimentClass(bundle, experiment, parameter, choices);
  class Checkout extends bundle.Namespace.SimpleNamespace {
    setupDefaults() {
      this.numSegments = segments;
    }

    setup() {
      this.setName(name);
      this.setPrimaryUnit('userid');
    }

    setupExperiments() {
      this.addExperiment(experiment, Buttons, taken);
    }
  }
  return (userid) => new Checkout({ userid }).get(parameter, none);
}

function experimentClass({ Experiment, Ops }, experiment, parameter, choices) {
  return class extends Experiment {
    setup() {
      this.setName(experiment);
    }

    getParamNames() {
      return [parameter];
    }

    configureLogger() {}

    log() {}

    previouslyLogged() {
      return true;
    }

    assign(params, { userid }) {
      params.set(parameter, new Ops.Random.UniformChoice({ choices, unit: userid }));
    }
  };
}
