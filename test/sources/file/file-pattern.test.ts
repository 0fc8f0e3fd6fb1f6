import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expandPattern, isPattern } from '../../../src/sources/file/file-pattern.ts';
import { runLater, runNow } from '../../../src/sources/file/file-questions.ts';

describe('expandPattern', () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'evenhand-pattern-'));
    for (const directory of ['shop', 'blog', '.git']) mkdirSync(join(root, directory));
    const files = ['shop/b.json', 'shop/a.json', 'shop/.hidden.json', 'blog/a.json', '.git/a.json'];
    for (const file of [...files, 'a.json', 'ab.json', '[x].json', 'notes.txt']) {
      writeFileSync(join(root, file), '[]');
    }
    symlinkSync(join(root, 'shop'), join(root, 'zlink'));
  });

  afterAll(() => rmSync(root, { recursive: true }));

  const expand = (pattern: string) =>
    runNow(expandPattern(join(root, pattern))).files.map((file) => file.slice(root.length + 1));

  it.each([
    ['*.json', ['[x].json', 'a.json', 'ab.json']],
    ['?.json', ['a.json']],
    ['a*.json', ['a.json', 'ab.json']],
    ['**b**.json', ['ab.json']],
    ['[x].*', ['[x].json']],
    ['[ab].json', ['[ab].json']],
    ['shop/*.json', ['shop/a.json', 'shop/b.json']],
    ['shop/.*.json', ['shop/.hidden.json']],
    ['*/a.json', ['blog/a.json', 'shop/a.json', 'zlink/a.json']],
    ['*/?.json', ['blog/a.json', 'shop/a.json', 'shop/b.json', 'zlink/a.json', 'zlink/b.json']],
    ['*.yaml', []],
    ['a.json/*', []],
    ['a.json', ['a.json']],
    ['missing.json', ['missing.json']],
  ])('expands %s to %j', (pattern, files) => {
    expect(expand(pattern)).toEqual(files);
  });

  it('returns the directories that may get new matches', () => {
    const { directories } = runNow(expandPattern(join(root, '*/*.json')));
    expect(directories).toEqual([
      root,
      ...['blog', 'shop', 'zlink'].map((name) => join(root, name)),
    ]);
  });

  it('returns the same files without blocking', async () => {
    const pattern = join(root, '*/?.json');
    expect(await runLater(expandPattern(pattern))).toEqual(runNow(expandPattern(pattern)));
  });

  it('throws for a missing directory, synchronously or not', async () => {
    const steps = () => expandPattern(join(root, 'missing/*.json'));
    expect(() => runNow(steps())).toThrow(/ENOENT/);
    await expect(runLater(steps())).rejects.toThrow(/ENOENT/);
  });

  it('matches like the equivalent regular expression', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 8 });
    const names = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 8 });
    const directory = mkdtempSync(join(tmpdir(), 'evenhand-fits-'));
    try {
      fc.assert(
        fc.property(letters, names, (pattern, name) => {
          const file = join(directory, name.join(''));
          writeFileSync(file, '');
          const rule = pattern.join('').replaceAll('*', '.*').replaceAll('?', '.');
          const { files } = runNow(expandPattern(join(directory, pattern.join(''))));
          expect(files.includes(file)).toBe(new RegExp(`^${rule}$`).test(name.join('')));
          rmSync(file);
        }),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('matches a pattern of many stars fast', () => {
    const directory = mkdtempSync(join(tmpdir(), 'evenhand-stars-'));
    try {
      writeFileSync(join(directory, 'a'.repeat(250)), '');
      const pattern = join(directory, `${'*a'.repeat(60)}b`);
      expect(runNow(expandPattern(pattern)).files).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('isPattern', () => {
  it.each([
    ['a.json', false],
    ['*.json', true],
    ['a?.json', true],
    ['[a].json', false],
  ])('returns for %s: %p', (path, expected) => {
    expect(isPattern(path)).toBe(expected);
  });
});
