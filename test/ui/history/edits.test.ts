import * as fc from 'fast-check';
import { editsBetween } from '../../../src/ui/history/edits.ts';

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

/** The length of the longest common subsequence, by its definition. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const at = b.indexOf(first);
  const skipped = longestCommon(rest, b);
  return at === -1 ? skipped : Math.max(skipped, 1 + longestCommon(rest, b.slice(at + 1)));
}

describe('editsBetween', () => {
  it('turns one list into the other with the fewest changes', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const edits = editsBetween(before, after);
        const side = (sign: string) =>
          edits.filter((edit) => edit.sign === ' ' || edit.sign === sign).map(({ text }) => text);
        expect(side('-')).toEqual(before);
        expect(side('+')).toEqual(after);
        expect(edits.filter(({ sign }) => sign === ' ')).toHaveLength(longestCommon(before, after));
      }),
    );
  });

  it('replaces the middle of lists that are too long to compare', () => {
    const lines = (name: string) => Array.from({ length: 1500 }, (_, i) => `${name} ${i}`);
    const edits = editsBetween(['same', ...lines('a'), 'end'], ['same', ...lines('b'), 'end']);
    expect(edits[0]).toEqual({ sign: ' ', text: 'same' });
    expect(edits[1500]).toEqual({ sign: '-', text: 'a 1499' });
    expect(edits[1501]).toEqual({ sign: '+', text: 'b 0' });
    expect(edits).toHaveLength(3002);
  });
});
