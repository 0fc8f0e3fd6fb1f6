import * as fc from 'fast-check';
import { audience, experiment } from '../../assignment/build.ts';
import { compared } from './compared.ts';
import { runs } from '../../runs.ts';

const grown = {
  before: experiment({ audiences: [audience({ treatment: 25, control: 25, inactive: 50 })] }),
  after: experiment({ audiences: [audience({ treatment: 30, control: 30, inactive: 40 })] }),
};

describe('suggest', () => {
  it('finds an order in which shown variants take buckets from a parked one', () => {
    const { comparison, suggestion } = compared(grown.before, grown.after);
    expect(comparison.worst).toBeCloseTo(0.05, 10);
    expect(suggestion?.comparison.worst).toBe(0);
    expect(suggestion?.audiences).toMatchObject([{ audience: 0 }]);
    expect(suggestion).not.toHaveProperty('seed');
  });

  it('describes the real effect of the suggested change', () => {
    const { suggestion } = compared(grown.before, grown.after);
    const [{ allocations } = { allocations: [] }] = suggestion?.audiences ?? [];
    const { comparison } = compared(grown.before, { ...grown.after, audiences: [{ allocations }] });
    expect(comparison.worst).toBe(0);
    expect(comparison.movements[0]?.parked).toBeCloseTo(0.1, 10);
  });

  it('avoids harmless moves if possible', () => {
    const reordered = experiment({
      variants: grown.before.variants,
      audiences: [audience({ inactive: 40, control: 30, treatment: 30 })],
    });
    const { comparison, suggestion } = compared(grown.before, reordered, {
      parked: ['inactive', 'treatment'],
    });
    expect(comparison).toMatchObject({ worst: 0 });
    expect(comparison.moved).toBeGreaterThan(0.5);
    expect(suggestion?.comparison.moved).toBeCloseTo(0.1, 10);
  });

  it('keeps the old seed if that is enough', () => {
    const { suggestion } = compared(grown.before, { ...grown.before, seed: 'other' });
    expect(suggestion).toMatchObject({ seed: 'exp', audiences: [], comparison: { worst: 0 } });
  });

  it('keeps the old seed and reorders allocations if both are needed', () => {
    const { suggestion } = compared(grown.before, { ...grown.after, seed: 'other' });
    expect(suggestion).toMatchObject({ seed: 'exp', comparison: { worst: 0, exact: true } });
    expect(suggestion?.audiences).toHaveLength(1);
  });

  it('keeps the old identity', () => {
    const { suggestion } = compared(grown.before, { ...grown.before, identity: 'tenant.id' });
    expect(suggestion).toMatchObject({ identity: 'user.id', comparison: { worst: 0 } });
  });

  it('suggests nothing if the percents themselves cause harm', () => {
    const { comparison, suggestion } = compared(
      experiment({ audiences: [audience({ a: 50, b: 50 })] }),
      experiment({ audiences: [audience({ a: 60, b: 40 })] }),
    );
    expect(comparison.worst).toBeCloseTo(0.1, 10);
    expect(suggestion).toBeUndefined();
  });

  it('reduces harm that it can’t avoid', () => {
    const { comparison, suggestion } = compared(
      experiment({ audiences: [audience({ a: 30, b: 60, off: 10 })] }),
      experiment({
        audiences: [audience({ b: 30, a: 70 })],
        variants: ['a', 'b', 'off'].map((name) => ({ name })),
      }),
    );
    expect(comparison.worst).toBeGreaterThan(0.5);
    expect(suggestion?.comparison.worst).toBeCloseTo(0.3, 10);
  });

  it('lays out a new audience for people who come from another', () => {
    const variants = ['a', 'b', 'inactive'].map((name) => ({ name }));
    const rest = audience({ a: 30, b: 30, inactive: 40 });
    const { comparison, suggestion } = compared(
      experiment({ variants, audiences: [rest] }),
      experiment({ variants, audiences: [audience({ b: 40, a: 40, inactive: 20 }, 'vip'), rest] }),
    );
    expect(comparison.worst).toBeCloseTo(0.5, 10);
    expect(suggestion).toMatchObject({ audiences: [{ audience: 0 }], comparison: { worst: 0 } });
  });

  it('never causes more harm than the change, and always sums to 100', () => {
    const percents = fc
      .tuple(fc.nat(100), fc.nat(100))
      .map(([a, b]) =>
        audience({ x: Math.min(a, b), off: Math.abs(a - b), y: 100 - Math.max(a, b) }),
      );
    fc.assert(
      fc.property(percents, percents, fc.boolean(), (old, next, reseed) => {
        const seed = reseed ? { seed: 'other' } : {};
        const before = experiment({ audiences: [old] });
        const { comparison, suggestion } = compared(
          before,
          experiment({ audiences: [next], ...seed }),
          {
            units: 2000,
          },
        );
        const worst = suggestion?.comparison.worst ?? comparison.worst;
        expect(worst).toBeLessThanOrEqual(comparison.worst);
        for (const { allocations } of suggestion?.audiences ?? []) {
          expect(allocations.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
        }
      }),
      { numRuns: runs(60) },
    );
  });
});
