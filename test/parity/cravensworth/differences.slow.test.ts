import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithOriginals } from '../environment/python.ts';
import { DIFFERENCES } from './compare/differences.ts';
import { Sides } from './compare/sides.ts';
import { COOKIE_ROWS } from './rows/cookies.ts';
import { REDIRECT_ROWS } from './rows/redirects.ts';
import { SPECIFICATION_ROWS } from './rows/specifications.ts';

const ROWS = { ...COOKIE_ROWS, ...REDIRECT_ROWS, ...SPECIFICATION_ROWS };

describeWithOriginals('the table of differences from Cravensworth', () => {
  const sides = new Sides();
  const page = readFileSync(join(__dirname, '../../../docs/cravensworth.md'), 'utf8');
  const [, section = ''] = page.split('## Differences');
  const documented = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((row) =>
      row
        .split(/ (?<!\\)\| /)[0]
        ?.replace(/^\| /, '')
        .replaceAll('\\|', '|')
        .trim(),
    );

  beforeAll(() => sides.start());

  it('has exactly the rows that are tested', () => {
    expect(new Set(documented)).toEqual(new Set(Object.keys(ROWS)));
    expect(documented.length).toBe(Object.keys(ROWS).length);
  });

  it('has every row that explains a generated decision', () => {
    for (const { row } of DIFFERENCES) expect(documented).toContain(row);
  });

  it.each(Object.entries(ROWS))('is right about both: %s', async (_row, check) => {
    expect.hasAssertions();
    await check(sides);
  });
});
