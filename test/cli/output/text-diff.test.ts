import * as fc from 'fast-check';
import { createColour } from '../../../src/cli/output/colour.ts';
import { textDiff } from '../../../src/cli/output/text-diff.ts';

const plain = createColour(false);

/** Applies a diff like `patch`. */
function patch(before: string, diff: string): string {
  if (diff === '') return before;
  const [, , head = '', ...lines] = diff.slice(0, -1).split('\n');
  const [, start = '0'] = /^@@ -(\d+)/.exec(head) ?? [];
  const old = before.split('\n');
  const from = Number(start) - 1;
  const kept = lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1));
  expect(old.slice(from, from + kept.length)).toEqual(kept);
  const now = lines.filter((line) => !line.startsWith('-')).map((line) => line.slice(1));
  return [...old.slice(0, from), ...now, ...old.slice(from + kept.length)].join('\n');
}

describe('textDiff', () => {
  it('shows changed lines with the lines around them', () => {
    expect(textDiff('f', '1\n2\n3\n4\n5\n6\n7', '1\n2\n3\nfour\nnew\n5\n6\n7', plain)).toBe(
      '--- f\n+++ f\n@@ -2,5 +2,6 @@\n 2\n 3\n-4\n+four\n+new\n 5\n 6\n',
    );
  });

  it('is empty for equal texts', () => {
    expect(textDiff('f', 'a\nb', 'a\nb', plain)).toBe('');
  });

  it('turns one text into the other when applied', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const [before, after] = [a.join('\n'), b.join('\n')];
        expect(patch(before, textDiff('f', before, after, plain))).toBe(after);
      }),
    );
  });

  it('counts the lines of each side', () => {
    const [, , head = '', ...lines] = textDiff('f', 'a\nb\nc', 'a\nc\nd\ne', plain).split('\n');
    const [, before, after] = /^@@ -1,(\d+) \+1,(\d+) @@$/.exec(head) ?? [];
    expect(lines.filter((line) => /^[ -]/.test(line))).toHaveLength(Number(before));
    expect(lines.filter((line) => /^[ +]/.test(line))).toHaveLength(Number(after));
  });
});
