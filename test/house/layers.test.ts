import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import {
  barrelViolations,
  BUNDLED,
  bundleViolations,
  crowdViolations,
  cycleViolations,
  docViolations,
  ENTRY_POINTS,
  packageViolations,
  partOf,
  RANKS,
  rankViolations,
  sizeViolations,
  wingViolations,
} from './layers/house-rules.ts';
import { readSource, type SourceFile } from './layers/source-file.ts';

const SRC = join(__dirname, '../../src');

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll(sep, '/'))
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readSource(path, readFileSync(join(SRC, path), 'utf8')));

const dependencies = Object.keys(packageJson.dependencies);

/** Parses a few files, given as texts by path. */
function house(texts: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => readSource(path, text));
}

describe('src', () => {
  it('is found and parsed, with every entry point and no part without a rank', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(150);
    expect(files.flatMap(({ exports }) => exports).length).toBeGreaterThan(150);
    expect(ENTRY_POINTS.filter((path) => !files.some((file) => file.path === path))).toEqual([]);
    expect(
      [...new Set(files.map(({ path }) => partOf(path)))].filter((p) => !RANKS.has(p)),
    ).toEqual([]);
  });

  it('imports only from lower ranks', () => {
    expect(rankViolations(files)).toEqual([]);
  });

  it('imports only declared dependencies, and is pure in ranks 0 to 4', () => {
    expect(packageViolations(files, dependencies)).toEqual([]);
  });

  it('imports bundled packages only in files of the command line', () => {
    expect(bundleViolations(files)).toEqual([]);
    const bundled = [...BUNDLED.values()].flat();
    expect(bundled.filter((name) => !(name in packageJson.devDependencies))).toEqual([]);
  });

  it('has no barrels and no default exports', () => {
    expect(barrelViolations(files)).toEqual([]);
  });

  it('imports, within a folder, only from lower subfolders', () => {
    expect(wingViolations(files)).toEqual([]);
  });

  it('has no import cycles, type imports included', () => {
    expect(cycleViolations(files)).toEqual([]);
  });

  it('has at most 16 files in a folder', () => {
    expect(crowdViolations(files)).toEqual([]);
  });

  it('has at most 250 lines of code in a file', () => {
    expect(sizeViolations(files)).toEqual([]);
  });

  it('has a doc comment on every export', () => {
    expect(docViolations(files)).toEqual([]);
  });
});

describe('rankViolations', () => {
  const lower = {
    'errors/evenhand-error.ts': '',
    'rules/parse.ts': '',
    'specification/types.ts': '',
  };

  it('accepts imports from the same part and from lower ranks', () => {
    const text = `import { a } from './other.ts';
      import type { B } from '../specification/types.ts';
      import '../rules/parse.ts';
      import '../errors/evenhand-error.ts';`;
    expect(
      rankViolations(house({ ...lower, 'assignment/x.ts': text, 'assignment/other.ts': '' })),
    ).toEqual([]);
  });

  it.each([
    [
      'an import from a higher rank',
      'rules/x.ts',
      `import { a } from '../specification/types.ts';`,
    ],
    [
      'a type import from a higher rank',
      'rules/x.ts',
      `import type { A } from '../specification/types.ts';`,
    ],
    ['an import inside a type', 'rules/x.ts', `let a: import('../specification/types.ts').A;`],
    ['a re-export', 'rules/x.ts', `export { a } from '../specification/types.ts';`],
    ['a re-export of all names', 'rules/x.ts', `export * from '../specification/types.ts';`],
    [
      'a dynamic import',
      'rules/x.ts',
      `function f() { return import('../specification/types.ts'); }`,
    ],
    ['a require call', 'rules/x.ts', `const a = require('../specification/types.ts');`],
    ['an import assignment', 'rules/x.ts', `import a = require('../specification/types.ts');`],
    ['an import from rank 0 to rank 1', 'runtime/logger.ts', `import '../rules/parse.ts';`],
    ['an import from the same rank', 'hash/x.ts', `import { a } from '../rules/parse.ts';`],
    [
      'an import inside rank 0',
      'runtime/logger.ts',
      `import { a } from '../errors/evenhand-error.ts';`,
    ],
    ['an import of a missing file', 'assignment/x.ts', `import { a } from '../rules/parse';`],
    ['an import from outside src', 'assignment/x.ts', `import { a } from '../../test/build.ts';`],
    ['an import with a computed path', 'assignment/x.ts', 'const a = await import(name);'],
    ['a part without a rank', 'utils/x.ts', ''],
  ])('finds %s', (_, path, text) => {
    const violations = rankViolations(house({ ...lower, [path]: text }));
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(path);
  });
});

describe('packageViolations', () => {
  it.each([
    ['assignment/x.ts', `import { readFileSync } from 'node:fs';`],
    ['assignment/x.ts', `import { readFileSync } from 'fs';`],
    ['specification/x.ts', `import type { Request } from 'express';`],
    ['specification/x.ts', `import jsep from 'jsep';`],
    ['hash/x.ts', `const now = Date.now();`],
    ['hash/x.ts', `const now = new Date();`],
    ['hash/x.ts', `const now = new Date;`],
    ['rules/x.ts', `const mode = process.env['NODE_ENV'];`],
    ['rules/x.ts', `const x = process;`],
    ['rules/x.ts', `const x = { key: process };`],
    ['rules/x.ts', `const x = globalThis.process?.env;`],
    ['assignment/x.ts', `const x = { draw: Math.random };`],
    ['runtime/logger.ts', `function later() { setTimeout(() => {}, 1); }`],
    ['express/x.ts', `import express from 'express';`],
    ['express/x.ts', `import lodash from 'lodash';`],
    ['sources/x.ts', `import fs from 'fs';`],
    ['sources/x.ts', `import fs from 'node:nothing';`],
    ['hash/x.ts', `import { hash } from 'node:crypto';`],
    ['runtime/node-crypto.ts', `import { readFileSync } from 'node:fs';`],
    ['cli/x.ts', `import chalk from 'chalk';`],
    ['express/x.ts', `import { Command } from 'commander';`],
    ['stats/x.ts', `import { Command } from 'commander';`],
  ])('rejects a forbidden import or global in %s: %s', (path, text) => {
    expect(packageViolations(house({ [path]: text }), dependencies)).toEqual([
      expect.stringContaining(path),
    ]);
  });

  it.each([
    ['rules/x.ts', `import { Jsep } from 'jsep';`],
    ['rules/x.ts', `const isDate = value instanceof Date; const then = new Date(0);`],
    [
      'rules/x.ts',
      `class X { process = 1; }\nconst x = { process: 1 }.process; const y = rule.process;`,
    ],
    ['assignment/policy.ts', `const random = Math.random;`],
    ['runtime/node-crypto.ts', `import { hash } from 'node:crypto';`],
    ['express/x.ts', `import type { Request } from 'express'; import c from 'cookie-parser';`],
    ['sources/x.ts', `import { readFileSync } from 'node:fs'; const now = Date.now();`],
    ['cli/x.ts', `import { Command } from 'commander';`],
  ])('accepts an allowed import or global in %s: %s', (path, text) => {
    expect(packageViolations(house({ [path]: text }), dependencies)).toEqual([]);
  });
});

describe('bundleViolations', () => {
  it('finds a library file that imports a file which needs bundled packages', () => {
    const files = house({
      'stats/distributions/chi-square.ts': `import gammainc from '@stdlib/math-base-special-gammainc';`,
      'client/x.ts': `import { chiSquare } from '../stats/distributions/chi-square.ts';`,
      'cli/x.ts': `import { chiSquare } from '../stats/distributions/chi-square.ts';`,
      'analysis/x.ts': `import { chiSquare } from '../stats/distributions/chi-square.ts';`,
    });
    expect(bundleViolations(files)).toEqual([expect.stringContaining('client/x.ts')]);
    expect(packageViolations(files, dependencies)).toEqual([]);
  });
});

describe('wingViolations', () => {
  const rules = {
    'rules/trace.ts': `import { compile } from './compile/compile.ts';`,
    'rules/typed-text/typed.ts': '',
    'rules/values/truth.ts': '',
    'rules/syntax/parse.ts': `import { truth } from '../values/truth.ts';`,
    'rules/compile/compile.ts': `import { parse } from '../syntax/parse.ts';`,
    'rules/types/infer.ts': `import type { A } from '../compile/compile.ts';`,
    'rules/outcomes/outcome-rule.ts': '',
  };
  const violations = (texts: Readonly<Record<string, string>>) =>
    wingViolations(house({ ...rules, ...texts })).filter((one) => one.startsWith('rules'));

  it('accepts imports from lower folders', () => {
    expect(violations({})).toEqual([]);
  });

  it.each([
    ['rules/values/truth.ts', `import { parse } from '../syntax/parse.ts';`],
    ['rules/values/truth.ts', `import type { Parse } from '../syntax/parse.ts';`],
    ['rules/types/infer.ts', `import { trace } from '../trace.ts';`],
  ])('finds an import against the order in %s: %s', (path, text) => {
    expect(violations({ [path]: text })).toEqual([expect.stringContaining(`${path}: imports`)]);
  });

  it('places a file above the folders if it imports one through another file', () => {
    const top = { 'rules/all.ts': `import { trace } from './trace.ts';` };
    const text = { 'rules/types/infer.ts': `import { all } from '../all.ts';` };
    expect(violations({ ...top, ...text })).toEqual([
      'rules/types/infer.ts: imports rules/all.ts, which is above it in WINGS',
    ]);
  });

  it('finds a folder that WINGS does not list', () => {
    expect(violations({ 'rules/more/x.ts': '' })).toEqual([
      expect.stringContaining('rules: has the subfolders'),
    ]);
  });
});

describe('cycleViolations', () => {
  it('finds a cycle that includes a type import', () => {
    const files = house({
      'rules/a.ts': `import { b } from './b.ts';`,
      'rules/b.ts': `import type { C } from './c.ts';`,
      'rules/c.ts': `import { a } from './a.ts';`,
    });
    expect(cycleViolations(files)).toEqual([
      'rules/a.ts -> rules/b.ts -> rules/c.ts -> rules/a.ts',
    ]);
  });
});

describe('crowdViolations', () => {
  const folder = (count: number) =>
    house(Object.fromEntries(Array.from({ length: count }, (_, i) => [`rules/${i}.ts`, ''])));

  it('finds a folder of more than 16 files', () => {
    expect(crowdViolations(folder(16))).toEqual([]);
    expect(crowdViolations(folder(17))).toEqual(['rules: has 17 files, more than 16; split it']);
  });
});

describe('barrelViolations', () => {
  it.each([
    ['rules/index.ts', ''],
    ['rules/all.ts', `export { a } from './parse.ts';`],
    ['rules/all.ts', `export * from './parse.ts';`],
    ['rules/x.ts', 'export default 1;'],
    ['rules/x.ts', 'export default function f() {}'],
    ['index.ts', `export { a } from './errors/evenhand-error.ts'; const x = 1;`],
    ['views/index.ts', 'export const x = 1;'],
  ])('rejects %s with the text: %s', (path, text) => {
    expect(barrelViolations(house({ [path]: text }))).toEqual([expect.stringContaining(path)]);
  });

  it('accepts re-exports in entry points', () => {
    const text = `export { a, type B } from './a.ts'; export type { C } from './c.ts';`;
    expect(barrelViolations(house({ 'index.ts': text, 'testing/index.ts': text }))).toEqual([]);
  });
});

describe('sizeViolations', () => {
  const lines = (count: number) => 'const x = 1;\n'.repeat(count);

  it('finds a file of more than 250 lines of code', () => {
    expect(sizeViolations(house({ 'rules/x.ts': lines(251) }))).toEqual([
      'rules/x.ts: has 251 lines of code, more than 250; split it',
    ]);
  });

  it('counts neither blank lines nor comments', () => {
    const comments = '\n// why\n/** one line */\n/*\n * several\n */\n'.repeat(50);
    expect(sizeViolations(house({ 'rules/x.ts': comments + lines(250) }))).toEqual([]);
    expect(sizeViolations(house({ 'rules/x.ts': comments + lines(251) }))).toHaveLength(1);
  });

  it('ignores generated files', () => {
    expect(
      sizeViolations(house({ 'specification/schema/validator.generated.ts': lines(900) })),
    ).toEqual([]);
  });
});

describe('docViolations', () => {
  it.each([
    'export function f() {}',
    '// no doc\nexport const f = 1;',
    '/* no doc */\nexport class f {}',
    '/** é */\nconst other = 1;\nexport interface f {}',
    '/** of the file */\nimport { a } from "./a.ts";\nexport type f = 1;',
    '/** other */\nexport const other = 1;\nexport abstract class f {}',
    'const f = 1;\nexport { f };',
    'export async function f() {}',
    'export function f(): void;\n/** too late */\nexport function f(a?: 1) {}',
  ])('finds an export without a doc comment: %j', (text) => {
    expect(docViolations(house({ 'rules/x.ts': text }))).toEqual([
      'rules/x.ts: f has no doc comment',
    ]);
  });

  it.each([
    '/** é: what */\nexport function f() {}',
    '/**\n * What.\n */\nexport const f = 1;',
    '/** What. */\nconst f = 1;\nexport { f };',
    '/** What. */\nexport function f(): void;\nexport function f(a?: 1) {}',
    'const f = 1;',
    'export { f } from "./f.ts";',
  ])('accepts %j', (text) => {
    expect(docViolations(house({ 'rules/x.ts': text }))).toEqual([]);
  });
});
