import * as fc from 'fast-check';
import { parseExperiments } from '../../../../src/assignment/parse-experiments.ts';
import { bucketOfText } from '../../../../src/hash/bucket.ts';
import { holdoutsOf } from '../../../../src/specification/holdouts.ts';
import { instantAdder } from '../../../../src/workbench/contexts/prepare-context.ts';
import { Assigners } from '../../../../src/workbench/simulate/plan/assigners.ts';
import { ShownVariant } from '../../../../src/workbench/simulate/plan/shown-variant.ts';
import {
  featureContexts,
  featureSpecifications,
  NOW,
} from '../../../generators/feature-specifications.ts';
import { runs } from '../../../runs.ts';

describe('the workbench', () => {
  it('decides real contexts as participants do, with all features at once', () => {
    fc.assert(
      fc.property(featureSpecifications, featureContexts, (specification, context) => {
        const snapshot = parseExperiments(specification, { logger: false, at: NOW });
        const { experiments } = snapshot.setup;
        const holdouts = (name: string) => holdoutsOf(snapshot, name);
        const lookUp = { experiment: (name: string) => experiments.get(name), holdouts };
        const assigners = new Assigners(lookUp, bucketOfText);
        const withInstant = instantAdder(snapshot.experiments, NOW)(context);
        for (const experiment of experiments.all) {
          const { name } = experiment;
          const shown = new ShownVariant(assigners.of(experiment), holdouts(name), bucketOfText);
          const { variant } = snapshot.participant(context).explain(name);
          expect([name, shown.of(withInstant, 0)]).toEqual([name, variant]);
        }
      }),
      { numRuns: runs(400) },
    );
  });
});
