import { createColour } from '../../../src/cli/output/colour.ts';
import { excerpt } from '../../../src/cli/output/excerpt.ts';

const plain = createColour(false);

describe('excerpt', () => {
  it.each([
    [
      'a text',
      '{\n  "name": "a \\" b",\n}',
      2,
      11,
      '2 |   "name": "a \\" b",\n  |           ^^^^^^^^',
    ],
    ['a number', '[ -1.5 ]', 1, 3, '1 | [ -1.5 ]\n  |   ^^^^'],
    ['a bracket', '[{}]', 1, 2, '1 | [{}]\n  |  ^'],
    ['the end', 'a\r\nb\r', 2, 2, '2 | b\n  |  ^'],
    ['an empty line', 'a\n', 2, 1, '2 |\n  | ^'],
    ['a line after a byte order mark', '\ufeff[1]', 1, 2, '1 | [1]\n  |  ^'],
    ['tabs and control characters', '\t\u001b[31m"x"', 1, 7, '1 |   [31m"x"\n  |       ^^^'],
  ])('shows %s', (_what, text, line, column, expected) => {
    expect(excerpt(text, { line, column }, plain)).toBe(expected);
  });

  it('shows only the part of a long line around the place', () => {
    const text = `${'x '.repeat(300)}"here"${' y'.repeat(300)}`;
    const [line = '', caret = ''] = excerpt(text, { line: 1, column: 601 }, plain).split('\n');
    expect(line.length).toBeLessThan(120);
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('"here"');
  });

  it('marks the place in red', () => {
    expect(excerpt('[1]', { line: 1, column: 2 }, createColour(true))).toContain('\u001b[31m');
  });
});
