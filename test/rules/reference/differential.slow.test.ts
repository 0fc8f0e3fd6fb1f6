import * as fc from 'fast-check';
import { SEED, SEED_VARIABLE } from '../../seed.ts';
import { cases, compareBoth } from './compared.ts';

const NUMBER_OF_RULES = 20_000;

describe('compileRule, compared with a plain walk of the tree', () => {
  it(`gives the same results and the same errors at the same places (${SEED_VARIABLE}=${SEED})`, () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(cases, (one) => {
        const { compiled, walked } = compareBoth(one);
        const kind = walked === undefined ? 'unknown' : (compiled.split(' ')[0] ?? '');
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
        const isKnown = walked !== undefined && !compiled.startsWith('limit');
        expect(compiled).toBe(isKnown ? walked : compiled);
      }),
      { numRuns: NUMBER_OF_RULES, seed: SEED },
    );
    // If most of them were errors or unknown, little would have been compared.
    const share = (kind: string) => (seen.get(kind) ?? 0) / NUMBER_OF_RULES;
    expect(share('true')).toBeGreaterThan(0.1);
    expect(share('false')).toBeGreaterThan(0.1);
    expect(share('unknown') + share('limit')).toBeLessThan(0.1);
    for (const code of [
      'name',
      'attribute',
      'type',
      'index',
      'key',
      'zero-division',
      'not-boolean',
    ]) {
      expect([code, seen.get(code) ?? 0]).toEqual([code, expect.any(Number)]);
      expect(share(code)).toBeGreaterThan(0);
    }
  });
});
