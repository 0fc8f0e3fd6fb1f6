import * as fc from 'fast-check';
import { SplitWatch } from '../../../src/exposures/split-watch/split-watch.ts';
import type {
  CountedExposure,
  SplitWatchSetup,
} from '../../../src/exposures/split-watch/split-watch.ts';
import { bucketOf } from '../../../src/hash/bucket.ts';
import type { ExperimentSpec } from '../../../src/specification/types.ts';
import { createRandom } from '../../stats/random.ts';

const SPEC: ExperimentSpec = {
  name: 'button',
  identity: 'user.id',
  seed: 'button',
  variants: [{ name: 'blue' }, { name: 'green' }, { name: 'parked' }],
  audiences: [
    {
      rule: 'user.pro',
      allocations: [
        { variant: 'blue', percent: 20 },
        { variant: 'green', percent: 80 },
      ],
    },
    {
      allocations: [
        { variant: 'blue', percent: 25 },
        { variant: 'green', percent: 50 },
        { variant: 'parked', percent: 0 },
        { variant: 'blue', percent: 25 },
      ],
    },
  ],
  exposure: 'auto',
  shorthand: false,
};

const FALLBACK = 1;

function exposure(unit: string | undefined, variant: string, more: object = {}): CountedExposure {
  const base = { experiment: 'button', checksum: 'c1', audience: FALLBACK, overridden: false };
  return { ...base, variant, ...(unit === undefined ? {} : { unit }), ...more };
}

function createWatch(setup: Partial<SplitWatchSetup> = {}): {
  watch: SplitWatch;
  warnings: string[];
} {
  const warnings: string[] = [];
  const logger = {
    warn: (message: string) => void warnings.push(message),
    error: () => {},
  };
  return { watch: new SplitWatch({ logger, random: createRandom(1), ...setup }), warnings };
}

/** Returns the variant that the hash assigns. */
function variantOf(unit: string): string {
  const bucket = bucketOf(unit, SPEC.seed);
  return bucket >= 25 && bucket < 75 ? 'green' : 'blue';
}

describe('SplitWatch', () => {
  it('counts the units of each variant, next to the percents', () => {
    const { watch } = createWatch();
    watch.add(exposure('1', 'blue'), SPEC);
    watch.add(exposure('2', 'green'), SPEC);
    watch.add(exposure('3', 'green'), SPEC);
    watch.add(exposure('4', 'green', { audience: 0 }), SPEC);
    expect(watch.splits()).toEqual([
      {
        experiment: 'button',
        checksum: 'c1',
        audience: 0,
        variants: [
          { variant: 'blue', percent: 20, units: 0, exposures: 0 },
          { variant: 'green', percent: 80, units: 1, exposures: 1 },
        ],
        units: 1,
        sampledShare: 1,
        p: 1,
        alarm: false,
      },
      {
        experiment: 'button',
        checksum: 'c1',
        audience: 1,
        variants: [
          { variant: 'blue', percent: 50, units: 1, exposures: 1 },
          { variant: 'green', percent: 50, units: 2, exposures: 2 },
          { variant: 'parked', percent: 0, units: 0, exposures: 0 },
        ],
        units: 3,
        sampledShare: 1,
        p: expect.closeTo(1, 1) as number,
        alarm: false,
      },
    ]);
  });

  it('expects the exact shares of percents with two decimals', () => {
    const allocations = [
      { variant: 'blue', percent: 0.1 },
      { variant: 'green', percent: 97.3 },
      { variant: 'blue', percent: 2.6 },
    ];
    const spec: ExperimentSpec = { ...SPEC, buckets: 10_000, audiences: [{ allocations }] };
    const { watch, warnings } = createWatch();
    const audience = 0;
    for (let id = 0; id < 20_000; id++) {
      const bucket = bucketOf(id, spec.seed, 10_000);
      const variant = bucket >= 10 && bucket < 9740 ? 'green' : 'blue';
      watch.add(exposure(String(id), variant, { audience }), spec);
    }
    const [split] = watch.splits();
    expect(split?.variants.map(({ percent }) => percent)).toEqual([2.7, 97.3]);
    expect(split?.alarm).toBe(false);
    // Twice as many as allocated.
    for (let id = 0; id < 2000; id++) watch.add(exposure(`x${id}`, 'blue', { audience }), spec);
    expect(warnings[0]).toContain('(expected 2.7%)');
  });

  it('counts a unit once in an audience, and its exposures each time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 })), (ids) => {
        const { watch } = createWatch();
        for (const id of ids) watch.add(exposure(`u${id}`, 'blue'), SPEC);
        const [blue] = watch.splits()[0]?.variants ?? [];
        expect([blue?.units ?? 0, blue?.exposures ?? 0]).toEqual([new Set(ids).size, ids.length]);
      }),
    );
  });

  it('counts a unit in each of its audiences', () => {
    const { watch } = createWatch();
    watch.add(exposure('1', 'blue', { audience: 0 }), SPEC);
    watch.add(exposure('1', 'blue'), SPEC);
    expect(watch.splits().map(({ units }) => units)).toEqual([1, 1]);
  });

  it('counts every random draw', () => {
    const { watch } = createWatch();
    for (let i = 0; i < 3; i++) watch.add(exposure(undefined, 'blue'), SPEC);
    expect(watch.splits()[0]?.units).toBe(3);
  });

  it('ignores overrides and unknown variants and audiences', () => {
    const { watch } = createWatch();
    const { audience: _, ...override } = exposure('1', 'blue', { overridden: true });
    watch.add(override, SPEC);
    watch.add(exposure('2', 'blue', { overridden: true }), SPEC);
    watch.add(exposure('3', 'blue', { audience: 7 }), SPEC);
    watch.add(exposure('4', 'purple'), SPEC);
    expect(watch.splits().map(({ units }) => units)).toEqual([0]);
  });

  it('raises no alarm for units that the hash assigns, however many come and however often', () => {
    const { watch, warnings } = createWatch();
    for (let day = 0; day < 10; day++) {
      for (let i = 0; i < 20_000; i++) watch.add(exposure(`u${i}`, variantOf(`u${i}`)), SPEC);
    }
    for (let i = 0; i < 150_000; i++) watch.add(exposure(`v${i}`, variantOf(`v${i}`)), SPEC);
    expect(warnings).toEqual([]);
    const [split] = watch.splits();
    expect(split?.alarm).toBe(false);
    expect(split?.p).toBeGreaterThan(0.0005);
    expect(split?.sampledShare).toBeLessThan(1);
  });

  it('raises no alarm when a few unevenly split units come every day', () => {
    const { watch, warnings } = createWatch();
    const uneven = Array.from({ length: 2000 }, (_, i) => [`u${i}`, (i * 37) % 100 < 53] as const);
    for (let day = 0; day < 100; day++) {
      for (const [unit, blue] of uneven) watch.add(exposure(unit, blue ? 'blue' : 'green'), SPEC);
    }
    expect(warnings).toEqual([]);
  });

  it('warns once, with counts, shares, p and possible causes, when a variant loses a tenth', () => {
    const { watch, warnings } = createWatch();
    for (let i = 0; i < 60_000; i++) {
      const variant = variantOf(`u${i}`);
      const lost = variant === 'green' && i % 10 === 0;
      if (!lost) watch.add(exposure(`u${i}`, variant), SPEC);
    }
    expect(warnings).toHaveLength(1);
    const lines = warnings[0]?.split('\n') ?? [];
    expect(lines[0]).toMatch(
      /^evenhand: experiment "button", audience 1: the split is off \(sample ratio mismatch, p = 0\.000\d+ after \d+ units\)$/,
    );
    expect(lines[1]).toMatch(/^ {2}blue: \d+ units, 5\d\.\d\d% \(expected 50%\)$/);
    expect(lines[2]).toMatch(/^ {2}green: \d+ units, 4\d\.\d\d% \(expected 50%\)$/);
    expect(lines[3]).toBe('  parked: 0 units, 0.00% (expected 0%)');
    expect(warnings[0]).toContain('Check for: a variant that fails');
    expect(watch.splits()[0]).toMatchObject({ alarm: true });
  });

  it('waits for 1,000 units', () => {
    const { watch, warnings } = createWatch();
    for (let i = 0; i < 999; i++) watch.add(exposure(`u${i}`, 'blue'), SPEC);
    expect(watch.splits()[0]?.p).toBeLessThan(1e-9);
    expect(warnings).toEqual([]);
    watch.add(exposure('one more', 'blue'), SPEC);
    expect(warnings).toHaveLength(1);
  });

  it('quotes names that could forge log lines', () => {
    const { watch, warnings } = createWatch();
    for (let i = 0; i < 1000; i++) {
      watch.add(exposure(`u${i}`, 'blue', { experiment: 'a\nevenhand: all is well' }), SPEC);
    }
    expect(warnings[0]?.split('\n')[0]).toContain('experiment "a\\nevenhand: all is well"');
  });

  it('restarts the counts when the checksum changes, and keeps them when the same specification is loaded again', () => {
    const { watch } = createWatch();
    watch.add(exposure('1', 'blue'), SPEC);
    watch.add(exposure('2', 'blue'), { ...SPEC });
    expect(watch.splits()[0]?.units).toBe(2);
    watch.add(exposure('3', 'blue', { checksum: 'c2' }), { ...SPEC });
    expect(watch.splits()).toMatchObject([{ checksum: 'c2', units: 1 }]);
  });

  it('can raise the alarm again after a change', () => {
    const { watch, warnings } = createWatch();
    for (const checksum of ['c1', 'c2']) {
      const spec = { ...SPEC };
      for (let i = 0; i < 3000; i++) watch.add(exposure(`u${i}`, 'blue', { checksum }), spec);
    }
    expect(warnings).toHaveLength(2);
  });

  it('adds up the counts of several clients of one specification', () => {
    const first = { ...SPEC };
    const second = { ...SPEC };
    const { watch } = createWatch({ inForce: () => first });
    for (const [i, spec] of [second, first, second, second].entries()) {
      watch.add(exposure(`u${i}`, 'blue'), spec);
    }
    expect(watch.splits()).toMatchObject([{ units: 4 }]);
  });

  it('counts the current specification, and ignores late exposures of earlier ones', () => {
    const before = { ...SPEC };
    const now = { ...SPEC };
    let inForce: ExperimentSpec | undefined = before;
    const { watch } = createWatch({ inForce: () => inForce });
    watch.add(exposure('1', 'blue'), before);
    inForce = now;
    watch.add(exposure('2', 'blue', { checksum: 'c2' }), now);
    watch.add(exposure('3', 'blue'), before);
    watch.add(exposure('4', 'blue', { checksum: 'c2' }), now);
    expect(watch.splits()).toMatchObject([{ checksum: 'c2', units: 2 }]);
    inForce = undefined;
    expect(watch.splits()).toEqual([]);
    inForce = now;
    expect(watch.splits()).toEqual([]);
  });
});
