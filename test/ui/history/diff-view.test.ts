import * as fc from 'fast-check';
import { diffView } from '../../../src/ui/history/diff-view.ts';
import { anyText } from '../../generators/any-text.ts';

/** The rows of a difference as texts, with changed words in brackets. */
function rowsOf(before: string, after: string, context?: number): string[] {
  const { text } = diffView(before, after, context === undefined ? {} : { context });
  return [
    ...text.matchAll(/<li class="(\w+)">\s*<span>(.)?<\/span\s*>\s*<span>(.*?)<\/span\s*>/gs),
  ].map(
    ([, name, sign = '', content = '']) =>
      `${name}: ${sign} ${content.replaceAll(/<mark>(.*?)<\/mark>/gs, '[$1]')}`,
  );
}

describe('diffView', () => {
  it('shows signs as text and marks only the changed words', () => {
    expect(rowsOf('control 8, one_page 8', 'control 25, one_page 25')).toEqual([
      'minus: − control [8], one_page [8]',
      'plus: + control [25], one_page [25]',
    ]);
  });

  it('marks no words in lines that have none in common', () => {
    expect(rowsOf('old', 'new')).toEqual(['minus: − old', 'plus: + new']);
  });

  it('shows one line around a change, and dots for those left out', () => {
    const text = (word: string) => ['a', 'b', 'c', word, 'd', 'e', 'f'].join('\n');
    expect(rowsOf(text('x 1'), text('x 2'))).toEqual([
      'same:   c',
      'minus: − x [1]',
      'plus: + x [2]',
      'same:   d',
      'quiet:  …',
    ]);
    expect(rowsOf(text('x 1'), text('x 2'), 0)).toHaveLength(3);
  });

  it('is empty for equal texts', () => {
    expect(diffView('same', 'same').text).toBe('');
  });

  it('treats hostile texts as text', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 40 }), anyText({ maxLength: 40 }), (before, after) => {
        const { text } = diffView(before, after, { label: before });
        const rest = text.replaceAll(/<\/?(ul|li|span|mark)\b[^<>]*>/g, '');
        expect(rest).not.toMatch(/[<>\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
