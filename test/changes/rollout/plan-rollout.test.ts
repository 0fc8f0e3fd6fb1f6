import * as fc from 'fast-check';
import { bucketsIn, bucketsOf, countOf, percentOf } from '../../../src/changes/rollout/listing.ts';
import { planRollout } from '../../../src/changes/rollout/plan-rollout.ts';
import { OptionError } from '../../../src/errors/usage-errors.ts';
import { parseExperiments } from '../../../src/index.ts';
import type { AllocationSpec, ExperimentSpec } from '../../../src/specification/types.ts';
import { runs } from '../../runs.ts';

type Shares = readonly (readonly [variant: string, percent: number])[];

/** Returns an experiment with an audience for each list; all but the last have a rule. */
function experiment(...audiences: readonly Shares[]): ExperimentSpec {
  const names = [...new Set(audiences.flat().map(([variant]) => variant))];
  const [spec] = parseExperiments([
    {
      name: 'test',
      identity: 'user.id',
      variants: names.map((name) => ({ name })),
      audiences: audiences.map((shares, i) => ({
        ...(i < audiences.length - 1 && { rule: `group == ${i}` }),
        allocations: shares.map(([variant, percent]) => ({ variant, percent })),
      })),
    },
  ]).experiments;
  if (spec === undefined) throw new Error('no experiment');
  return spec;
}

function written(allocations: readonly AllocationSpec[]): string {
  return allocations.map(({ variant, percent }) => `${variant} ${percent}`).join(', ');
}

const VARIANTS = ['a', 'b', 'c', 'd'];

/** Allocations that sum to 100; some are 0, and some variants are listed twice. */
const shares = fc
  .array(fc.tuple(fc.constantFrom(...VARIANTS), fc.integer({ min: 0, max: 60 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((list): Shares => {
    let left = 100;
    const cut = list.map(([variant, percent]) => {
      const taken = Math.min(left, percent);
      left -= taken;
      return [variant, taken] as const;
    });
    return [...VARIANTS.map((variant) => [variant, 0] as const), ...cut, ['d', left]];
  });

describe('planRollout', () => {
  it('reaches the requested percent and moves as few buckets as possible', () => {
    const requests = fc.record({
      shares,
      variant: fc.constantFrom(...VARIANTS),
      to: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(requests, ({ shares, variant, to }) => {
        const spec = experiment(shares);
        const from = VARIANTS.filter((one) => one !== variant);
        const { before, after, moves } = planRollout(spec, { variant, to, from });
        const [old, now] = [bucketsOf(before), bucketsOf(after)];
        expect(now).toHaveLength(100);
        expect(percentOf(now, variant)).toBe(to);
        const changed = old.filter((owner, i) => owner !== now[i]).length;
        expect(changed).toBe(Math.abs(to - percentOf(old, variant)));
        expect(moves.reduce((sum, { buckets }) => sum + buckets, 0)).toBe(changed);
        // Every listed variant stays listed.
        const listed = after.map((one) => one.variant);
        expect(listed).toEqual(expect.arrayContaining(before.map((one) => one.variant)));
      }),
    );
  });

  it('reaches percents with two decimals and moves as few of 10,000 buckets as possible', () => {
    const requests = fc.record({
      shares,
      variant: fc.constantFrom(...VARIANTS),
      to: fc.nat(10_000).map((hundredths) => hundredths / 100),
    });
    fc.assert(
      fc.property(requests, ({ shares, variant, to }) => {
        const spec = experiment(shares);
        const from = VARIANTS.filter((one) => one !== variant);
        const plan = planRollout(spec, { variant, to, from });
        expect(plan.buckets).toBe(Number.isInteger(to) ? undefined : 10_000);
        const count = plan.buckets ?? 100;
        const [old, now] = [bucketsOf(plan.before, count), bucketsOf(plan.after, count)];
        expect(now).toHaveLength(count);
        expect(percentOf(now, variant)).toBe(to);
        const changed = old.filter((owner, i) => owner !== now[i]).length;
        expect(changed).toBe(Math.abs(bucketsIn(to, count) - countOf(old, variant)));
        expect(plan.moves.reduce((sum, { buckets }) => sum + buckets, 0)).toBe(changed);
      }),
      { numRuns: runs(200) },
    );
  });

  it.each<[string, Shares, string, number, string[], string]>([
    [
      'takes from the only other one',
      [
        ['a', 10],
        ['b', 90],
      ],
      'a',
      25,
      [],
      'a 25, b 75',
    ],
    [
      'gives back to the only other one',
      [
        ['a', 10],
        ['b', 90],
      ],
      'a',
      0,
      [],
      'a 0, b 100',
    ],
    [
      'starts at the place of the parked variant',
      [
        ['a', 0],
        ['b', 100],
      ],
      'a',
      10,
      [],
      'a 10, b 90',
    ],
    [
      'starts at the end otherwise',
      [
        ['b', 100],
        ['a', 0],
      ],
      'a',
      10,
      [],
      'b 90, a 10',
    ],
    [
      'takes from the parked variant',
      [
        ['a', 25],
        ['inactive', 50],
        ['b', 25],
      ],
      'b',
      40,
      [],
      'a 25, inactive 35, b 40',
    ],
    [
      'takes from the named variants in order',
      [
        ['a', 20],
        ['b', 40],
        ['c', 40],
      ],
      'a',
      90,
      ['c', 'b'],
      'a 35, b 10, c 0, a 55',
    ],
    [
      'lists a variant twice if that keeps others in place',
      [
        ['a', 40],
        ['b', 40],
        ['c', 20],
      ],
      'a',
      50,
      ['c'],
      'a 40, b 40, a 10, c 10',
    ],
    [
      'changes nothing if the percent is already right',
      [
        ['a', 50],
        ['b', 50],
      ],
      'a',
      50,
      [],
      'a 50, b 50',
    ],
  ])('%s', (_what, shares, variant, to, from, expected) => {
    expect(written(planRollout(experiment(shares), { variant, to, from }).after)).toBe(expected);
  });

  it('takes from the variant of the fallback audience', () => {
    const spec = experiment(
      [
        ['a', 30],
        ['b', 30],
        ['plain', 40],
      ],
      [['plain', 100]],
    );
    const { audience, moves } = planRollout(spec, { variant: 'a', to: 50, from: [] });
    expect(audience).toBe(0);
    expect(moves).toEqual([{ from: 'plain', to: 'a', buckets: 20 }]);
  });

  it('asks for the audience if several have the variant', () => {
    const spec = experiment(
      [
        ['a', 30],
        ['b', 70],
      ],
      [
        ['a', 10],
        ['b', 90],
      ],
    );
    expect(() => planRollout(spec, { variant: 'a', to: 50, from: [] })).toThrow(
      new OptionError(
        '"test" has 2 audiences; choose one with --audience\n  1: group == 0\n  2: everyone else',
      ),
    );
    expect(written(planRollout(spec, { variant: 'a', to: 50, audience: 1, from: [] }).after)).toBe(
      'a 50, b 50',
    );
  });

  it.each<[string, string[], string]>([
    [
      'several variants could give',
      [],
      'several variants could give up buckets; choose one or more with --from: b (30%), c (30%)',
    ],
    [
      'a giving variant has too few',
      ['b'],
      '"test": a needs 50% more to reach 90%, but b only has 30%; name more variants with --from',
    ],
  ])('reports that %s', (_what, from, message) => {
    const spec = experiment([
      ['a', 40],
      ['b', 30],
      ['c', 30],
    ]);
    expect(() => planRollout(spec, { variant: 'a', to: 90, from })).toThrow(
      new OptionError(message),
    );
  });

  it('reports that several variants could receive', () => {
    const spec = experiment([
      ['a', 40],
      ['b', 30],
      ['c', 30],
    ]);
    expect(() => planRollout(spec, { variant: 'a', to: 10, from: [] })).toThrow(
      'several variants could receive buckets; choose one or more with --from: b (30%), c (30%)',
    );
  });

  it('reports the percent of the variant that it chose itself', () => {
    const spec = experiment([
      ['a', 10],
      ['b', 30],
      ['inactive', 60],
    ]);
    expect(() => planRollout(spec, { variant: 'a', to: 90, from: [] })).toThrow(
      '"test": a needs 80% more to reach 90%, but inactive only has 60%; name more variants with --from',
    );
  });

  it('takes everything from all variants', () => {
    const spec = experiment([
      ['a', 10],
      ['b', 30],
      ['inactive', 50],
      ['c', 10],
    ]);
    const { after, moves } = planRollout(spec, { variant: 'a', to: 100, from: [] });
    expect(written(after)).toBe('a 100, b 0, inactive 0, c 0');
    expect(moves).toEqual([
      { from: 'b', to: 'a', buckets: 30 },
      { from: 'inactive', to: 'a', buckets: 50 },
      { from: 'c', to: 'a', buckets: 10 },
    ]);
  });
});
