import * as fc from 'fast-check';
import { parseExperiments } from '../../../../src/assignment/parse-experiments.ts';
import { DEFAULT_PARKED } from '../../../../src/changes/parked.ts';
import {
  diffSpecifications,
  isHarmfulDiff,
  type SpecificationDiff,
} from '../../../../src/workbench/diff/diff-specifications.ts';
import { heldShares } from '../../../../src/workbench/diff/holdouts/held-shares.ts';
import type { HoldoutSpec } from '../../../../src/specification/types.ts';
import { bucketOfText } from '../../../../src/hash/bucket.ts';
import { audience, experiment } from '../../../assignment/build.ts';

const search = experiment({
  name: 'search',
  identity: 'user.id',
  variants: ['fast', 'control'].map((name) => ({ name })),
  audiences: [audience({ fast: 40, control: 60 })],
});

const winter = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['search'] };

const spec = (...holdouts: object[]) => ({ experiments: [search, 'chat:on'], holdouts });

/** Compares two specifications, for contexts if there are some. */
async function diff(
  before: object,
  after: object,
  contexts?: object[],
): Promise<SpecificationDiff> {
  async function* chunks(): AsyncGenerator<string> {
    yield* (contexts ?? []).map((context) => `${JSON.stringify(context)}\n`);
  }
  const control = { stopped: () => false, report: () => {} };
  return diffSpecifications(
    parseExperiments(before, { logger: false }),
    parseExperiments(after, { logger: false }),
    { units: 20_000, parked: new Set(DEFAULT_PARKED) },
    contexts && { chunks: chunks(), control },
  );
}

const movementOf = ({ changed }: SpecificationDiff, name: string) =>
  changed.find((one) => one.name === name)?.comparison.movements[0];

describe('the diff of a holdout', () => {
  it('that grows from 5 to 10 percent moves 5 percent of those who saw a treatment', async () => {
    const found = await diff(spec(winter), spec({ ...winter, percent: 10 }));
    expect(found.holdouts).toEqual([
      {
        name: 'winter',
        message: 'percent 5 → 10; 5% are newly held out',
        enters: expect.closeTo(0.05),
        leaves: expect.closeTo(0),
      },
    ]);
    expect(found.changed).toHaveLength(1);
    expect(found.changed[0]).toMatchObject({
      name: 'search',
      changes: ['held out: 5% by winter → 10% by winter'],
      harmful: true,
      onlyHoldouts: true,
    });
    expect(movementOf(found, 'search')).toEqual({
      from: 0,
      to: 0,
      rows: ['fast', 'control'],
      columns: ['fast', 'control'],
      // 95% were not held out, of whom 40% saw `fast`; 5 of the 95 are newly held out.
      shares: [
        [0.36, 0.02],
        [0, 0.62],
      ],
      harmful: 0.02,
      parked: 0,
    });
    expect(isHarmfulDiff(found)).toBe(true);
    expect(found.changed[0]?.suggestion).toBeUndefined();
  });

  it('that shrinks or ends gives treatments to those who had the control', async () => {
    const shrunk = await diff(spec({ ...winter, percent: 10 }), spec(winter));
    expect(movementOf(shrunk, 'search')).toMatchObject({ harmful: 0.02 });
    const ended = await diff(spec({ ...winter, percent: 10 }), spec());
    expect(movementOf(ended, 'search')).toMatchObject({ harmful: 0.04 });
    expect(ended.holdouts).toMatchObject([
      { message: 'removed, 10% are no longer held out of search' },
    ]);
  });

  it('counts a switch that it turns off as parked', async () => {
    const found = await diff(spec(), spec({ ...winter, experiments: ['chat'] }));
    expect(found.holdouts).toMatchObject([{ message: 'new, holds 5% out of chat' }]);
    expect(movementOf(found, 'chat')).toMatchObject({ harmful: 0, parked: 0.05 });
    expect(isHarmfulDiff(found)).toBe(false);
  });

  it('compares each experiment that joins or leaves it', async () => {
    const found = await diff(spec(winter), spec({ ...winter, experiments: ['chat'] }));
    expect(found.holdouts).toMatchObject([
      { message: 'new experiments: chat; removed experiments: search' },
    ]);
    expect(found.changed.map(({ name, changes }) => [name, ...changes])).toEqual([
      ['search', 'held out: 5% by winter → no one'],
      ['chat', 'held out: no one → 5% by winter'],
    ]);
  });

  it('says that a new seed holds out others', async () => {
    const found = await diff(
      spec({ ...winter, percent: 10 }),
      spec({ ...winter, percent: 10, seed: 'new' }),
    );
    expect(found.holdouts?.[0]?.message).toBe(
      'seed "winter" → "new"; 9% are newly held out, 9% are no longer held out',
    );
    expect(found.changed[0]?.changes).toEqual(['other participants are held out: 10% by winter']);
  });

  it('finds no difference in a new name with the old seed, or a new description', async () => {
    const found = await diff(
      spec(winter),
      spec({ ...winter, name: 'spring', seed: 'winter', description: 'still the same people' }),
    );
    expect(found.changed).toEqual([]);
    const described = await diff(spec(winter), spec({ ...winter, owner: 'ada' }));
    expect(described).not.toHaveProperty('holdouts');
  });

  it('adds up with a change of the experiment itself', async () => {
    const grown = { ...search, audiences: [audience({ fast: 50, control: 50 })] };
    const found = await diff(spec(winter), {
      ...spec({ ...winter, percent: 10 }),
      experiments: [grown, 'chat:on'],
    });
    // Of the 90% who take part before and after, 10% move; of the 5%, 40% had `fast`.
    expect(movementOf(found, 'search')?.harmful).toBeCloseTo(0.9 * 0.1 + 0.05 * 0.4);
    expect(found.changed[0]).not.toHaveProperty('onlyHoldouts');
  });

  it('moves participants of sticky experiments too, but no one else', async () => {
    const sticky = { ...search, sticky: true };
    const grown = { ...sticky, audiences: [audience({ fast: 50, control: 50 })] };
    const found = await diff(
      { ...spec(winter), experiments: [sticky, 'chat:on'] },
      { ...spec({ ...winter, percent: 10 }), experiments: [grown, 'chat:on'] },
    );
    expect(movementOf(found, 'search')?.harmful).toBeCloseTo(0.05 * 0.4);
  });

  it('counts the contexts that move, as their participants would be decided', async () => {
    const contexts = Array.from({ length: 2000 }, (_, id) => ({ user: { id } }));
    const [before, after] = [spec(winter), spec({ ...winter, percent: 10 })];
    const found = await diff(before, after, [...contexts, {}, { user: { id: null } }]);
    const [old, next] = [before, after].map((one) => parseExperiments(one, { logger: false }));
    const moved = contexts.filter(
      (context) =>
        old?.participant(context).variant('search') !==
        next?.participant(context).variant('search'),
    ).length;
    expect(moved).toBeGreaterThan(10);
    expect(found.changed[0]?.contexts).toMatchObject({ units: 2000, failed: 2 });
    expect(found.changed[0]?.contexts?.harmful).toBeCloseTo(moved / 2000, 6);
  });
});

describe('heldShares', () => {
  const percents = fc.nat(100);
  const holdout = (seed: string, percent: number): HoldoutSpec => ({
    name: seed,
    identity: 'user.id',
    seed,
    percent,
    experiments: ['search'],
  });

  it('are the shares of units, of any two holdouts before and after', () => {
    fc.assert(
      fc.property(percents, percents, percents, percents, (a, b, c, d) => {
        const before = [holdout('one', a), holdout('two', b)];
        const after = [holdout('one', c), holdout('two', d)];
        const counts = { neither: 0, enters: 0, leaves: 0, both: 0 };
        const units = 2000;
        for (let id = 0; id < units; id++) {
          const held = (list: HoldoutSpec[]) =>
            list.some(({ seed, percent }) => bucketOfText(String(id), seed) < percent);
          const [was, is] = [held(before), held(after)];
          counts[was ? (is ? 'both' : 'leaves') : is ? 'enters' : 'neither']++;
        }
        const shares = heldShares({ before, after });
        for (const [name, share] of Object.entries(shares)) {
          // Five standard errors of a share of 2,000 units.
          expect(Math.abs(share - counts[name as keyof typeof counts] / units)).toBeLessThan(0.056);
        }
        expect(Object.values(shares).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1);
      }),
      { numRuns: 30 },
    );
  });

  it('count the larger of two holdouts with one seed and identity', () => {
    const shares = heldShares({
      before: [holdout('x', 5), holdout('x', 20)],
      after: [holdout('x', 20)],
    });
    expect(shares).toEqual({ neither: 0.8, enters: 0, leaves: 0, both: expect.closeTo(0.2) });
  });
});
