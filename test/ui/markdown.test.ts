import * as fc from 'fast-check';
import { markdownTable, markdownText } from '../../src/ui/markdown.ts';
import { anyText } from '../generators/any-text.ts';

describe('markdownText', () => {
  it('escapes markup and breaks mentions and addresses', () => {
    expect(markdownText('*a* [b](http://c) |d')).toBe('\\*a\\* \\[b\\](http\u200b://c) \\|d');
    expect(markdownText('@all #3')).toBe('@\u200ball #\u200b3');
  });

  it('keeps any text on one line without active characters', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const shown = markdownText(text);
        expect(shown).not.toMatch(/[\n\r\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(shown.replaceAll(/\\[\\`*_[\]<>|~&]/g, '')).not.toMatch(/[\\`*_[\]<>|~&]/);
      }),
    );
  });
});

describe('markdownTable', () => {
  it('aligns all columns but the first to the right', () => {
    expect(markdownTable(['a', 'b'], [['x', '1']])).toBe('| a | b |\n| --- | ---: |\n| x | 1 |');
  });
});
