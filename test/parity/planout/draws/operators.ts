import * as planout from '../../../../src/planout/index.ts';

/** The random operators by their names in scripts. */
export const OPERATORS: Readonly<Record<string, (args: never) => unknown>> = {
  uniformChoice: planout.uniformChoice,
  weightedChoice: planout.weightedChoice,
  bernoulliTrial: planout.bernoulliTrial,
  bernoulliFilter: planout.bernoulliFilter,
  randomInteger: planout.randomInteger,
  randomFloat: planout.randomFloat,
  sample: planout.sample,
  fastSample: planout.fastSample,
};
