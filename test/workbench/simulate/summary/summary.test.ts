import { hasFindings } from '../../../../src/workbench/simulate/summary/summary.ts';
import { audience, experiment } from '../../../assignment/build.ts';
import { simulated } from '../simulated.ts';
import { runs } from '../../../runs.ts';

const HALVES = [audience({ a: 50, b: 50 })];

describe('summarize', () => {
  it('counts each variant by audience, beside its allocation', async () => {
    const spec = experiment({
      audiences: [audience({ a: 20, b: 80, c: 0 }, 'user.id % 4 == 0'), audience({ c: 100 })],
    });
    const { summary } = await simulated([spec], { units: 20_000 });
    const [first, second] = summary.experiments[0]?.audiences ?? [];
    expect(first).toMatchObject({
      audience: 0,
      rule: 'user.id % 4 == 0',
      units: 5000,
      verdict: 'fair',
    });
    expect(first?.variants.map(({ variant, percent }) => [variant, percent])).toEqual([
      ['a', 20],
      ['b', 80],
      ['c', 0],
    ]);
    expect(first?.variants[0]?.share).toBeCloseTo(0.2, 1);
    expect(second).toMatchObject({ audience: 1, units: 15_000, verdict: 'untested' });
    expect(second).not.toHaveProperty('rule');
    expect(hasFindings(summary)).toBe(false);
  });

  it('detects an unfair hash', async () => {
    const { summary } = await simulated([experiment({ audiences: HALVES })], {
      bucketOf: (identity) => Number(identity) % 90,
    });
    expect(summary.experiments[0]?.audiences[0]?.verdict).toBe('unfair');
    expect(hasFindings(summary)).toBe(true);
  });

  it('tests percents with two decimals by their exact shares', async () => {
    const percents = { tiny: 0.25, small: 2.5, rest: 97.25 };
    const spec = { ...experiment({ audiences: [audience(percents)] }), buckets: 10_000 };
    const { summary } = await simulated([spec], { units: 100_000 });
    const [only] = summary.experiments[0]?.audiences ?? [];
    expect(only?.variants.map(({ variant, percent }) => [variant, percent])).toEqual(
      Object.entries(percents),
    );
    expect(only?.test?.degrees).toBe(2);
    expect(only?.verdict).toBe('fair');
    // Rounded to whole buckets, the shares would be 0%, 2% and 97%.
    const unfair = await simulated([spec], {
      units: 100_000,
      bucketOf: (id) => (Math.floor(Number(id) / 100) % 100) * 100,
    });
    expect(unfair.summary.experiments[0]?.audiences[0]?.verdict).toBe('unfair');
  });

  it('finds the shared seed of an experiment with 100 buckets and one with 10,000', async () => {
    const one = experiment({ name: 'one', seed: 's' });
    const other = { ...experiment({ name: 'two', seed: 's' }), buckets: 10_000 };
    const { summary } = await simulated([one, other]);
    expect(summary.pairs).toMatchObject([
      { verdict: 'dependent', reason: 'same-seed-and-identity' },
    ]);
  });

  it('raises no false alarm over hundreds of experiments and thousands of pairs', async () => {
    const specs = Array.from({ length: 60 }, (_, i) => experiment({ name: `e${i}` }));
    const { summary } = await simulated(specs, { units: runs(20_000) });
    expect(summary.pairs).toHaveLength((60 * 59) / 2);
    expect(summary.pairs.filter(({ test }) => (test?.p ?? 1) < 0.01).length).toBeGreaterThan(0);
    expect(hasFindings(summary)).toBe(false);
  });

  it('finds the only pair with the same seed among many', async () => {
    const specs = Array.from({ length: 30 }, (_, i) =>
      experiment({ name: `e${i}`, seed: i === 7 || i === 20 ? 'shared' : `s${i}` }),
    );
    const { summary } = await simulated(specs, { units: 5000 });
    const dependent = summary.pairs.filter(({ verdict }) => verdict === 'dependent');
    expect(dependent).toMatchObject([{ a: 'e7', b: 'e20', reason: 'same-seed-and-identity' }]);
  });

  it('treats experiments with the same seed but different identities as independent', async () => {
    const specs = [
      experiment({ name: 'one', seed: 's' }),
      experiment({ name: 'two', seed: 's', identity: 'tenant.id' }),
    ];
    const { summary } = await simulated(specs);
    expect(summary.pairs[0]).toMatchObject({ verdict: 'independent', reason: 'same-seed' });
  });

  it('does not call two experiments dependent because they share an audience', async () => {
    const audiences = [audience({ a: 50, b: 50 }, 'user.id < 3000'), audience({ a: 95, b: 5 })];
    const specs = [experiment({ name: 'one', audiences }), experiment({ name: 'two', audiences })];
    const { summary } = await simulated(specs);
    expect(summary.pairs[0]).toMatchObject({ verdict: 'independent' });
    const { counts } = summary.pairs[0] ?? { counts: [] };
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(10_000);
  });

  it('calls a pair with one seed dependent even if every decision fails', async () => {
    const audiences = [audience({ a: 50, b: 50 }, 'country == "DE"'), audience({ a: 100 })];
    const specs = ['one', 'two'].map((name) => experiment({ name, seed: 's', audiences }));
    const { summary } = await simulated(specs);
    expect(summary.experiments[0]).toMatchObject({ decided: 0, failed: 10_000 });
    expect(summary.pairs[0]).toMatchObject({ verdict: 'dependent' });
    expect(summary.pairs[0]).not.toHaveProperty('test');
  });

  it('leaves experiments with one variant per audience out of the pairs', async () => {
    const specs = [
      experiment({ name: 'one' }),
      experiment({ name: 'two' }),
      experiment({
        name: 'fixed',
        audiences: [audience({ a: 100 }, 'user.id > 5'), audience({ b: 100 })],
      }),
    ];
    const { summary } = await simulated(specs);
    expect(summary.pairs).toMatchObject([{ a: 'one', b: 'two' }]);
  });

  it('leaves out pairs beyond the limit, but none with the same seed', async () => {
    const specs = Array.from({ length: 70 }, (_, i) =>
      experiment({ name: `e${i}`, seed: i >= 68 ? 'shared' : `s${i}` }),
    );
    const { summary } = await simulated(specs, { units: 300 });
    expect(summary.pairs).toHaveLength(2016);
    expect(summary.pairsLeftOut).toBe((70 * 69) / 2 - 2016);
    expect(summary.pairs.find(({ a, b }) => a === 'e68' && b === 'e69')?.verdict).toBe('dependent');
  });

  it('counts failures by their cause, with the message of the first unit', async () => {
    const spec = experiment({
      audiences: [
        audience({ a: 100 }, 'user.id % 2 == 0 or country == "DE"'),
        audience({ b: 100 }),
      ],
    });
    const { summary } = await simulated([spec], { units: 100 });
    const [{ decided, failed, failures } = { decided: 0, failed: 0, failures: [] }] =
      summary.experiments;
    expect({ decided, failed }).toEqual({ decided: 50, failed: 50 });
    expect(failures).toMatchObject([{ audience: 0, code: 'name', unit: 1, count: 50 }]);
    expect(failures[0]?.message).toContain('country');
  });
});

describe('summarize with real contexts', () => {
  const rows = (ids: Iterable<number>) =>
    [...ids].map((id) => `{"user": {"id": ${id}}, "tenant": {"id": "t${id % 40}"}}\n`);

  it('raises no alarm if a few people repeat very often', async () => {
    const units = runs(20_000);
    const specs = [
      experiment({ name: 'one', identity: 'tenant.id' }),
      experiment({ name: 'two', identity: 'tenant.id' }),
    ];
    const { summary } = await simulated(specs, { chunks: rows(Array(units).keys()) });
    // With 40 tenants, the split is not exactly even; counted as rows, it would look significant.
    expect(summary.units).toBe(units);
    expect(hasFindings(summary)).toBe(false);
  });

  it('still finds a shared seed', async () => {
    const specs = [experiment({ name: 'one', seed: 's' }), experiment({ name: 'two', seed: 's' })];
    const { summary } = await simulated(specs, { chunks: rows(Array(3000).keys()) });
    expect(summary.pairs[0]).toMatchObject({ verdict: 'dependent' });
  });

  it('finds a shared seed of two identities with the same values', async () => {
    const specs = [
      experiment({ name: 'one', seed: 's' }),
      experiment({ name: 'two', seed: 's', identity: 'account' }),
    ];
    const chunks = Array.from(
      { length: 3000 },
      (_, id) => `{"user":{"id":${id}},"account":"${id}"}\n`,
    );
    const { summary } = await simulated(specs, { chunks });
    expect(summary.pairs[0]).toMatchObject({ verdict: 'dependent', reason: 'same-seed' });
  });

  it('adds a tracking key to rows without one, like the middleware', async () => {
    const spec = experiment({ identity: 'anonymous' });
    const { summary } = await simulated([spec], { chunks: ['{}\n'.repeat(1000)] });
    expect(summary.experiments[0]).toMatchObject({ decided: 1000, failed: 0 });
  });

  it('skips broken lines and reports their numbers', async () => {
    const chunks = ['{"user":{"id":1}}\n{"user"\n\n[]\n', '"x"\n{"user":{"id":2}}'];
    const { summary } = await simulated([experiment()], { chunks });
    expect(summary.units).toBe(2);
    expect(summary.brokenLineCount).toBe(3);
    expect(summary.brokenLines.map(({ line }) => line)).toEqual([2, 4, 5]);
    expect(hasFindings(summary)).toBe(true);
  });
});
