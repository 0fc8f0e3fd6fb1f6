import * as fc from 'fast-check';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { anyContext, anyExperiment } from './generators.ts';
import { runs } from '../../runs.ts';

const overrides = fc.dictionary(fc.constantFrom('exp', 'nope'), fc.constantFrom('a', 'typo'));

describe('participant.explain, for any experiment and context', () => {
  it('shows the decision that was made', () => {
    fc.assert(
      fc.property(
        anyExperiment,
        anyContext,
        overrides,
        fc.constantFrom('throw' as const, 'fallback' as const),
        fc.boolean(),
        (one, given, forced, onError, explainFirst) => {
          const participant = parseExperiments([one], { onError, logger: false }).participant(
            given,
            { overrides: forced },
          );
          const first = explainFirst ? participant.explain('exp') : undefined;
          let variant: string | undefined;
          let threw = false;
          try {
            variant = participant.variant('exp');
          } catch {
            threw = true;
          }
          const decision = participant.explain('exp');
          expect(first ?? decision).toEqual(decision);
          expect(decision.variant).toBe(variant);
          expect(decision).not.toHaveProperty('contextChanged');
          expect(threw).toBe(decision.reason === 'error' && onError === 'throw');
          expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
          if (decision.reason !== 'allocation') return;
          const { allocation, bucket, audiences, audience } = decision;
          expect(allocation?.variant).toBe(variant);
          expect(audiences.at(-1)?.audience).toBe(audience);
          if (bucket === undefined) return;
          expect(bucket).toBeGreaterThanOrEqual(allocation?.from ?? 100);
          expect(bucket).toBeLessThanOrEqual(allocation?.to ?? -1);
        },
      ),
      { numRuns: runs(1500) },
    );
  });
});
