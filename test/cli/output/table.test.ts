import { stripVTControlCharacters } from 'node:util';
import { createColour } from '../../../src/cli/output/colour.ts';
import { renderTable } from '../../../src/cli/output/table.ts';

const plain = createColour(false);

describe('renderTable', () => {
  it('aligns columns, including wide characters', () => {
    const rows = [
      ['日本', 5],
      ['a', 100],
    ];
    expect(
      renderTable(rows, { head: ['name', 'n'], align: ['left', 'right'], colour: plain }),
    ).toBe('name    n\n日本    5\na     100\n');
  });

  it('ignores colours when it computes widths', () => {
    const colour = createColour(true);
    const rows = [[{ text: 'red', paint: colour.red }, 'x']];
    const table = renderTable(rows, { head: ['a long name', 'b'], colour });
    const [, line = ''] = stripVTControlCharacters(table).split('\n');
    expect(line).toBe('red          x');
  });

  it('removes control characters from cells', () => {
    expect(renderTable([['a\u001b[2Jb\nc']], { head: ['x'], colour: plain })).toBe(
      'x\na\ufffd[2Jb c\n',
    );
  });
});
