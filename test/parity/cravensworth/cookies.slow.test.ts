import * as fc from 'fast-check';
import { runs } from '../../runs.ts';
import { describeWithOriginals } from '../environment/python.ts';
import { SEED } from '../../seed.ts';
import { type Case, METER, METER_LISTS, NOBODY, PLAIN } from './case.ts';
import { compareCookies } from './compare/cookie.ts';
import { Tally } from './compare/decision.ts';
import { Sides } from './compare/sides.ts';
import { COOKIES, cookies } from './generate/cookies.ts';

/** The forms that each run compares, at least. */
const FORMS = 500;

const CASE: Case = {
  ...PLAIN,
  experiments: [
    {
      name: 'user_ab',
      identity: 'random',
      variants: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      audiences: [{ allocations: [{ variant: 'c', percent: 100 }] }],
    },
    {
      name: 'meter',
      identity: 'anonymous',
      variants: METER.map((name) => ({ name })),
      audiences: [{ allocations: METER.map((variant) => ({ variant, percent: 1 })) }],
    },
    'sw_on:on',
    'sw_off:off',
  ],
  questions: [
    { name: 'user_ab', variants: ['a', 'b', 'c'], lists: [] },
    { name: 'meter', variants: [], lists: METER_LISTS },
    { name: 'by_key', variants: ['a', 'b'], lists: [] },
    { name: 'sw_on', variants: [], lists: [] },
    { name: 'sw_off', variants: [], lists: [] },
  ],
};

describeWithOriginals('the cookies of Cravensworth and Evenhand', () => {
  const sides = new Sides();
  const tally = new Tally();
  let forms = 0;

  beforeAll(() => sides.start());

  const compare = async (cookie: string) => {
    forms++;
    const given = { ...CASE, visitors: [{ ...NOBODY, cookie }] };
    await expect(compareCookies(sides, given, tally)).resolves.toBeUndefined();
  };

  it.each(COOKIES.map((cookie) => [cookie.slice(0, 60), cookie]))(
    'have the same effect: %j',
    async (_shown, cookie) => {
      expect.hasAssertions();
      await compare(cookie);
    },
  );

  it('have the same effect when generated', async () => {
    expect.hasAssertions();
    await fc.assert(fc.asyncProperty(cookies, compare), { seed: SEED, numRuns: runs(400) });
  });

  it(`were compared in more than ${FORMS} forms`, () => {
    expect(forms).toBeGreaterThan(FORMS);
  });
});
