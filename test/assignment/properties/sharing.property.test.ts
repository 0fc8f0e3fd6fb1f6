import * as fc from 'fast-check';
import { EvenhandError } from '../../../src/errors/evenhand-error.ts';
import type { Participant } from '../../../src/assignment/participant.ts';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { anyContext, anyExperiment } from './generators.ts';
import { runs } from '../../runs.ts';

/** Those encoded ahead, and those that are not. */
const seeds = fc.constantFrom('seed', '', 'naïve', 'x'.repeat(200), '😀');

const experiments = fc
  .array(fc.tuple(anyExperiment, seeds), { minLength: 1, maxLength: 6 })
  .map((some) => some.map(([one, seed], i) => ({ ...one, name: `exp_${i}`, seed })));

/** The variant, or the error's code, and how it came about. */
function answerOf(participant: Participant, name: string): unknown[] {
  let answer: unknown;
  try {
    answer = participant.variant(name);
  } catch (error) {
    if (!(error instanceof EvenhandError)) throw error;
    answer = error.code;
  }
  return [answer, participant.explain(name)];
}

describe('what experiments and participants share, and what is remembered', () => {
  it('never changes an answer', () => {
    fc.assert(
      fc.property(
        experiments,
        fc.array(anyContext, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('throw' as const, 'fallback' as const),
        (specs, contexts, onError) => {
          const options = { onError, logger: false, random: () => 0.42 } as const;
          const together = parseExperiments(specs, options);
          for (const context of contexts) {
            const participant = together.participant(context);
            // Asked twice, and in the other order the second time.
            const first = specs.map(({ name }) => answerOf(participant, name));
            const again = specs.toReversed().map(({ name }) => answerOf(participant, name));
            const alone = specs.map((spec) =>
              answerOf(parseExperiments([spec], options).participant(context), spec.name),
            );
            expect(first).toEqual(alone);
            expect(again.toReversed()).toEqual(alone);
          }
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
