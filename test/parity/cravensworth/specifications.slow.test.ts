import * as fc from 'fast-check';
import { runs } from '../../runs.ts';
import { SEED } from '../../seed.ts';
import { describeWithOriginals } from '../environment/python.ts';
import { Tally } from './compare/decision.ts';
import { Sides } from './compare/sides.ts';
import { compareSpecification, type Loaded } from './compare/specification.ts';
import { mistakenCases } from './generate/mistakes.ts';

/** The specifications that each run compares. */
const MISTAKES = 300;

describeWithOriginals('specifications with mistakes', () => {
  const sides = new Sides();
  const tally = new Tally();
  const loaded: Loaded = { both: 0, neither: 0, refused: 0 };

  beforeAll(() => sides.start());

  it('are accepted by both or refused by both, except for the differences in the table', async () => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(mistakenCases, async (given) => {
        await expect(compareSpecification(sides, given, loaded, tally)).resolves.toBeUndefined();
      }),
      { seed: SEED, numRuns: runs(MISTAKES) },
    );
  });

  it('were loaded by both, by neither and by Cravensworth alone', () => {
    expect(loaded.both + loaded.neither + loaded.refused).toBe(MISTAKES);
    expect(tally.rows.size).toBeGreaterThan(5);
    expect(Math.min(loaded.both, loaded.neither, loaded.refused)).toBeGreaterThan(10);
  });
});
