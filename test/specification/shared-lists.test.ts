import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, experiment } from '../assignment/build.ts';

describe('lists that experiments have in common', () => {
  const values = [
    { name: 'a', value: { n: 1 } },
    { name: 'b', value: null },
  ];
  const [one, other, turned, parked, valued, valuedToo] = parseExperiments([
    experiment({ name: 'one' }),
    experiment({
      name: 'other',
      audiences: [audience({ a: 50, b: 50 }, 'x == "y"'), audience({ b: 100 })],
    }),
    experiment({ name: 'turned', audiences: [audience({ b: 50, a: 50 })] }),
    experiment({ name: 'parked', audiences: [audience({ a: 50, b: 50, c: 0 })] }),
    experiment({ name: 'valued', variants: values }),
    experiment({ name: 'valued_too', variants: values }),
  ]).experiments;

  it('are stored once', () => {
    expect(other?.variants).toBe(one?.variants);
    expect(other?.audiences[0]?.allocations).toBe(one?.audiences[0]?.allocations);
  });

  it('are separate if anything differs', () => {
    expect(turned?.variants).toEqual([{ name: 'b' }, { name: 'a' }]);
    expect(turned?.audiences[0]?.allocations).toEqual([
      { variant: 'b', percent: 50 },
      { variant: 'a', percent: 50 },
    ]);
    expect(parked?.variants.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(parked?.audiences[0]?.allocations).toHaveLength(3);
    expect(valued?.variants).toEqual(values);
    expect(valuedToo?.variants).toEqual(values);
    expect(valuedToo?.variants).not.toBe(valued?.variants);
  });

  it('are frozen', () => {
    for (const spec of [one, other, valued]) {
      expect(Object.isFrozen(spec?.variants)).toBe(true);
      expect(spec?.variants.every((variant) => Object.isFrozen(variant))).toBe(true);
      expect(Object.isFrozen(spec?.audiences[0]?.allocations)).toBe(true);
    }
    expect(Object.isFrozen(valued?.variants[0]?.value)).toBe(true);
  });

  it('are not shared with another specification', () => {
    const [again] = parseExperiments([experiment({ name: 'one' })]).experiments;
    expect(again?.variants).toEqual(one?.variants);
    expect(again?.variants).not.toBe(one?.variants);
  });
});
