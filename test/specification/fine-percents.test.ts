import * as fc from 'fast-check';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { parseConfig } from '../../src/cli/files/config-file.ts';
import { SpecError } from '../../src/errors/spec-error.ts';
import { runs } from '../runs.ts';

/** Returns a specification with these percents of one audience. */
function withPercents(buckets: unknown, ...percents: readonly unknown[]): object[] {
  return [
    {
      name: 'x',
      identity: 'user.id',
      ...(buckets === undefined ? {} : { buckets }),
      variants: percents.map((_, i) => ({ name: `v${i}` })),
      audiences: [{ allocations: percents.map((percent, i) => ({ variant: `v${i}`, percent })) }],
    },
  ];
}

/** Returns the problems of a specification, each as its pointer and message. */
function problemsOf(data: unknown): string[] {
  try {
    parseExperiments(data);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
}

const PLACE = '/0/audiences/0/allocations';

describe('"buckets": 10000', () => {
  it.each([
    [0.25, 99.75],
    [33.33, 33.33, 33.34],
    [0.01, 99.99],
    [0, 100],
    [0.29, 0.57, 99.14],
    [10, 90],
  ])('allows the percents %p, %p …', (...percents) => {
    const [spec] = parseExperiments(withPercents(10_000, ...percents)).experiments;
    expect(spec?.buckets).toBe(10_000);
    expect(spec?.audiences[0]?.allocations.map(({ percent }) => percent)).toEqual(percents);
  });

  it('allows every split into hundredths of a percent, although sums of decimals are inexact', () => {
    const cuts = fc.array(fc.nat(10_000), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, (some) => {
        const ends = [...some.toSorted((a, b) => a - b), 10_000];
        const percents = ends.map((end, i) => (end - (ends[i - 1] ?? 0)) / 100);
        expect(problemsOf(withPercents(10_000, ...percents))).toEqual([]);
      }),
      { numRuns: runs(500) },
    );
  });

  it('leaves the specification without the property if it is 100', () => {
    const [spec] = parseExperiments(withPercents(100, 10, 90)).experiments;
    expect(spec).not.toHaveProperty('buckets');
  });

  it.each<[what: string, data: object[], problem: string]>([
    [
      'three decimals',
      withPercents(10_000, 0.125, 99.875),
      `${PLACE}/0/percent percents must have at most two decimals and sum to 100; for audience 1, write 0.13, 99.87`,
    ],
    [
      'three decimals that do not sum to 100',
      withPercents(10_000, 0.125, 50),
      `${PLACE}/0/percent percent must have at most two decimals, not 0.125; round it, for example to 0.13`,
    ],
    [
      'exact thirds',
      withPercents(10_000, 100 / 3, 100 / 3, 100 / 3),
      `${PLACE}/0/percent percents must have at most two decimals and sum to 100; for audience 1, write 33.34, 33.33, 33.33`,
    ],
    [
      'shares',
      withPercents(10_000, 0.5, 0.5),
      `${PLACE} percents must have at most two decimals and sum to 100; for audience 1, write 50, 50`,
    ],
    [
      'a sum below 100',
      withPercents(10_000, 33.33, 33.33, 33.33),
      `${PLACE} allocations of audience 1 sum to 99.99, not 100; raise one of them by 0.01`,
    ],
    [
      'a sum above 100',
      withPercents(10_000, 0.1, 0.2, 99.71),
      `${PLACE} allocations of audience 1 sum to 100.01, not 100; lower one of them by 0.01`,
    ],
    [
      'texts',
      withPercents(10_000, '0.25%', '99.75%'),
      `${PLACE} percents must be numbers that sum to 100; for audience 1, write 0.25, 99.75`,
    ],
    [
      'a percent above 100',
      withPercents(10_000, 100.5),
      `${PLACE}/0/percent percent must be a number from 0 to 100, not 100.5`,
    ],
    [
      'a word',
      withPercents(10_000, 'all'),
      `${PLACE}/0/percent percent must be a number from 0 to 100, not "all"`,
    ],
    [
      'decimals without "buckets"',
      withPercents(undefined, 0.25, 99.75),
      `${PLACE}/0/percent percents must be whole numbers that sum to 100; for audience 1, set "buckets": 10000 on the experiment, or write 0, 100`,
    ],
    [
      'decimals with 100 buckets',
      withPercents(100, 10, 12.5, 77.5),
      `${PLACE}/1/percent percents must be whole numbers that sum to 100; for audience 1, set "buckets": 10000 on the experiment, or write 10, 13, 77`,
    ],
    [
      'decimals without "buckets" that do not sum to 100',
      withPercents(undefined, 2.5, 50),
      `${PLACE}/0/percent percent must be a whole number from 0 to 100, not 2.5; for two decimals, set "buckets": 10000 on the experiment`,
    ],
    [
      'another number of buckets',
      withPercents(1000, 0.5, 99.5),
      '/0/buckets buckets must be 100, or 10000 for percents with two decimals, not 1000; did you mean 10000?',
    ],
    [
      'a small number of buckets',
      withPercents(10, 50, 50),
      '/0/buckets buckets must be 100, or 10000 for percents with two decimals, not 10',
    ],
    [
      'the number of buckets as text',
      withPercents('10,000', 50, 50),
      '/0/buckets buckets must be 100, or 10000 for percents with two decimals, not "10,000"; did you mean 10000, without quotes?',
    ],
    [
      'no number of buckets',
      withPercents(null, 50, 50),
      '/0/buckets buckets must be 100, or 10000 for percents with two decimals, not null',
    ],
    [
      'a misspelt property',
      [{ ...withPercents(undefined, 50, 50)[0], bucket: 10_000 }],
      '/0/bucket unknown property "bucket"; did you mean "buckets"?',
    ],
  ])('with %s, has one problem', (_what, data, problem) => {
    expect(problemsOf(data)).toEqual([problem]);
  });

  it('reports each percent with too many decimals, also beside one that is not a number', () => {
    expect(problemsOf(withPercents(10_000, 0.125, 'half', 20.001))).toEqual([
      `${PLACE}/0/percent percent must have at most two decimals, not 0.125; round it, for example to 0.13`,
      `${PLACE}/1/percent percent must be a number from 0 to 100, not "half"`,
      `${PLACE}/2/percent percent must have at most two decimals, not 20.001; round it, for example to 20`,
    ]);
  });

  it('gives problems their line and column', () => {
    const text = JSON.stringify(withPercents(10_000, 99.875, 0.125), null, 2);
    const thrown = (() => {
      try {
        parseConfig({ origin: 'test', path: undefined, text });
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    const lines = text.split('\n');
    const line = lines.findIndex((one) => one.includes('99.875'));
    expect(thrown).toMatchObject({
      problems: [{ line: line + 1, column: (lines[line]?.indexOf('99.875') ?? 0) + 1 }],
    });
  });
});
