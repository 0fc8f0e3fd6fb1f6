import * as fc from 'fast-check';
import { didYouMean } from '../../src/errors/did-you-mean.ts';

describe('didYouMean', () => {
  it.each([
    ['indentity', ['name', 'identity', 'seed'], 'identity'],
    ['identiyt', ['name', 'identity'], 'identity'],
    ['varients', ['variants', 'audiences'], 'variants'],
    ['allocation', ['rule', 'allocations'], 'allocations'],
    ['percentage', ['variant', 'percent'], 'percent'],
    ['precent', ['variant', 'percent'], 'percent'],
    ['treatmant', ['control', 'treatment'], 'treatment'],
    ['of', ['on', 'off'], 'off'],
    ['Control', ['treatment', 'control'], 'control'],
    ['ON', ['on', 'off'], 'on'],
    ['A', ['b', 'a'], 'a'],
    ['grey', ['green', 'gray'], 'gray'],
  ])('suggests for %s, from %j: %s', (word, candidates, meant) => {
    expect(didYouMean(word, candidates)).toBe(meant);
  });

  it.each([
    ['weight', ['variant', 'percent']],
    ['a', ['b', 'c']],
    ['on', ['off']],
    ['active', ['treatment', 'control']],
    ['', ['a', 'b']],
    ['x', []],
  ])('suggests nothing for %s from %j', (word, candidates) => {
    expect(didYouMean(word, candidates)).toBeUndefined();
  });

  it('prefers the same word in another case', () => {
    expect(didYouMean('OFFER', ['offer1', 'offer'])).toBe('offer');
  });

  it('does not compare long words', () => {
    const word = 'w'.repeat(65);
    expect(didYouMean(word, [word])).toBeUndefined();
    expect(didYouMean('w'.repeat(63), [word])).toBeUndefined();
    expect(didYouMean('w'.repeat(63), ['w'.repeat(64)])).toBe('w'.repeat(64));
  });

  it('compares at most 1000 candidates', () => {
    const candidates = Array.from({ length: 1000 }, (_, i) => `other${i}xyz`);
    expect(didYouMean('words', [...candidates, 'word'])).toBeUndefined();
    expect(didYouMean('words', [...candidates.slice(1), 'word'])).toBe('word');
  });

  it('suggests a word after one slip of any kind', () => {
    const word = fc.stringMatching(/^[a-z]{6,20}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.nat(3), (meant, place, kind) => {
        const i = place % (meant.length - 1);
        const slips = [
          meant.slice(0, i) + meant.slice(i + 1),
          `${meant.slice(0, i)}_${meant.slice(i)}`,
          `${meant.slice(0, i)}_${meant.slice(i + 1)}`,
          `${meant.slice(0, i)}${meant.charAt(i + 1)}${meant.charAt(i)}${meant.slice(i + 2)}`,
        ];
        expect(didYouMean(slips[kind] ?? '', ['0123456789', meant])).toBe(meant);
      }),
    );
  });
});
