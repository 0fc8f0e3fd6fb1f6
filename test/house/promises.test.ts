import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe.each(['docs/reliability.md', 'docs/security.md'])('%s', (path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');

  /** The tests that the document names, each with its file. */
  const named = [...text.matchAll(/`(test\/[^`]+)` › ([^|]+?)\s*\|/g)].map(
    ([, file = '', title = '']) => [file, title] as const,
  );

  /** The rows of all tables whose last column names a test. */
  const promises = text
    .split(/\n\n/)
    .filter((table) => /^\|.*\| kept by +\|\n/.test(table))
    .flatMap((table) => table.trim().split('\n').slice(2));

  it('names a test for every promise', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named).toHaveLength(promises.length);
  });

  it.each(named)('names a test that exists: %s › %s', (file, title) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    // The source may use any of the three kinds of quotes.
    expect(["'", '"', '`'].some((quote) => source.includes(quote + title + quote))).toBe(true);
  });
});
