import { wrap } from '../../../src/cli/output/wrap.ts';
import { testHost } from '../test-host.ts';

const terminal = (columns: number) => ({ ...testHost({ cwd: '/' }).stdout, isTTY: true, columns });
const LONG = 'one two three four five six seven eight nine ten';

describe('wrap', () => {
  it('breaks long lines at spaces, so that they fit beside the margin', () => {
    expect(wrap(LONG, terminal(26), 2)).toBe('one two three four five\nsix seven eight nine ten');
    expect(wrap(LONG, terminal(25), 2)).toBe('one two three four five\nsix seven eight nine\nten');
  });

  it('keeps lines that fit, empty lines, and the lines of an excerpt', () => {
    const excerpt = `  ${LONG}\n  ^^^`;
    expect(wrap(`short\n\n${excerpt}`, terminal(22), 0)).toBe(`short\n\n${excerpt}`);
  });

  it('keeps words that are longer than the line', () => {
    const long = 'x'.repeat(50);
    expect(wrap(`a ${long} b`, terminal(22), 0)).toBe(`a\n${long}\nb`);
  });

  it('leaves the text as it is in a pipe and in a very narrow terminal', () => {
    expect(wrap(LONG, testHost({ cwd: '/' }).stdout, 2)).toBe(LONG);
    expect(wrap(LONG, terminal(15), 2)).toBe(LONG);
  });
});
