import * as fc from 'fast-check';
import { runs } from '../../runs.ts';
import { describeWithOriginals } from '../environment/python.ts';
import { SEED } from '../../seed.ts';
import { compareDecisions, Tally } from './compare/decision.ts';
import { Sides } from './compare/sides.ts';
import { cases } from './generate/cases.ts';

/** The decisions that each run compares, at least, and the part of them that both can make. */
const DECISIONS = 20_000;
const SHARE_MADE = 0.8;

describeWithOriginals('the decisions of Cravensworth and Evenhand', () => {
  const sides = new Sides();
  const tally = new Tally();

  beforeAll(() => sides.start());

  it('are the same for generated specifications, users and cookies', async () => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        await expect(compareDecisions(sides, given, tally)).resolves.toBeUndefined();
      }),
      { seed: SEED, numRuns: runs(370) },
    );
  });

  it(`number more than ${DECISIONS}, most of them without an error`, () => {
    expect(tally.decisions).toBeGreaterThan(DECISIONS);
    expect(tally.made / tally.decisions).toBeGreaterThan(SHARE_MADE);
  });
});
