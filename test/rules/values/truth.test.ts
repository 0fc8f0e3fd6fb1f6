import { Dict, RuleSet, Tuple } from '../../../src/rules/values/collections.ts';
import { truthOf } from '../../../src/rules/values/truth.ts';

describe('truthOf', () => {
  it.each([
    [false],
    [null],
    [undefined],
    [0],
    [-0],
    [0n],
    [''],
    [[]],
    [{}],
    [new Map()],
    [new Set()],
    [new Tuple([])],
    [new RuleSet([])],
    [new Dict([])],
    [Object.create(null) as object],
    [{ method: () => true }],
  ])('is false for %p', (value) => {
    expect(truthOf(value)).toBe(false);
  });

  it.each([
    [true],
    [1],
    [-1],
    [0.5],
    [NaN],
    [Infinity],
    [1n],
    [' '],
    ['0'],
    ['False'],
    [[0]],
    [[undefined]],
    [{ a: undefined }],
    [{ method: () => true, a: 0 }],
    [new Map([[0, 0]])],
    [new Set([0])],
    [new Tuple([0])],
    [new RuleSet([0])],
    [new Dict([[0, 0]])],
    [new Date(0)],
    [
      new (class Empty {
        id = 1;
      })(),
    ],
    [/x/],
  ])('is true for %p', (value) => {
    expect(truthOf(value)).toBe(true);
  });

  it('calls no getter', () => {
    const value = {
      get trap(): never {
        throw new Error('called');
      },
    };
    expect(truthOf(value)).toBe(true);
  });
});
