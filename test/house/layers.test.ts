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

/** A house of a few files, as a violation would look like. */
function house(texts: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => readSource(path, text));
}

describe('src', () => {
  it('is a house this test can see', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(150);
    expect(files.flatMap(({ exports }) => exports).length).toBeGreaterThan(150);
    expect(ENTRY_POINTS.filter((path) => !files.some((file) => file.path === path))).toEqual([]);
    expect(
      [...new Set(files.map(({ path }) => partOf(path)))].filter((p) => !RANKS.has(p)),
    ).toEqual([]);
  });

  it('imports only down the ranks', () => {
    expect(rankViolations(files)).toEqual([]);
  });

  it('takes nothing from outside but its dependencies, and in ranks 0 to 4 nothing at all', () => {
    expect(packageViolations(files, dependencies)).toEqual([]);
  });

  it('needs what is bundled in the command line only', () => {
    expect(bundleViolations(files)).toEqual([]);
    const bundled = [...BUNDLED.values()].flat();
    expect(bundled.filter((name) => !(name in packageJson.devDependencies))).toEqual([]);
  });

  it('has no barrels and no default exports', () => {
    expect(barrelViolations(files)).toEqual([]);
  });

  it('imports within a folder only from the folders before it', () => {
    expect(wingViolations(files)).toEqual([]);
  });

  it('has no circle of imports, types included', () => {
    expect(cycleViolations(files)).toEqual([]);
  });

  it('has at most 16 files in a folder', () => {
    expect(crowdViolations(files)).toEqual([]);
  });

  it('has files of one idea', () => {
    expect(sizeViolations(files)).toEqual([]);
  });

  it('documents everything that is exported', () => {
    expect(docViolations(files)).toEqual([]);
  });
});

describe('rankViolations', () => {
  const lower = {
    'errors/evenhand-error.ts': '',
    'rules/parse.ts': '',
    'specification/types.ts': '',
  };

  it('allows a part its own files and lower ranks', () => {
    const text = `import { a } from './other.ts';
      import type { B } from '../specification/types.ts';
      import '../rules/parse.ts';
      import '../errors/evenhand-error.ts';`;
    expect(
      rankViolations(house({ ...lower, 'assignment/x.ts': text, 'assignment/other.ts': '' })),
    ).toEqual([]);
  });

  it.each([
    ['up', 'rules/x.ts', `import { a } from '../specification/types.ts';`],
    ['up, for a type', 'rules/x.ts', `import type { A } from '../specification/types.ts';`],
    ['up, in a type', 'rules/x.ts', `let a: import('../specification/types.ts').A;`],
    ['up, by a re-export', 'rules/x.ts', `export { a } from '../specification/types.ts';`],
    ['up, by a re-export of all', 'rules/x.ts', `export * from '../specification/types.ts';`],
    [
      'up, at run time',
      'rules/x.ts',
      `function f() { return import('../specification/types.ts'); }`,
    ],
    ['up, by require', 'rules/x.ts', `const a = require('../specification/types.ts');`],
    ['up, by import equals', 'rules/x.ts', `import a = require('../specification/types.ts');`],
    ['up, from the ground', 'runtime/logger.ts', `import '../rules/parse.ts';`],
    ['to the same rank', 'hash/x.ts', `import { a } from '../rules/parse.ts';`],
    [
      'to the same rank, on the ground',
      'runtime/logger.ts',
      `import { a } from '../errors/evenhand-error.ts';`,
    ],
    ['to nowhere', 'assignment/x.ts', `import { a } from '../rules/parse';`],
    ['out of the house', 'assignment/x.ts', `import { a } from '../../test/build.ts';`],
    ['to what is computed', 'assignment/x.ts', 'const a = await import(name);'],
    ['from a part without a rank', 'utils/x.ts', ''],
  ])('finds an import %s', (_, path, text) => {
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
  ])('finds what %s may not take: %s', (path, text) => {
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
  ])('allows %s what it may take: %s', (path, text) => {
    expect(packageViolations(house({ [path]: text }), dependencies)).toEqual([]);
  });
});

describe('bundleViolations', () => {
  it('finds a part of the library that imports what needs bundled packages', () => {
    const files = house({
      'stats/chi-square.ts': `import gammainc from '@stdlib/math-base-special-gammainc';`,
      'client/x.ts': `import { chiSquare } from '../stats/chi-square.ts';`,
      'cli/x.ts': `import { chiSquare } from '../stats/chi-square.ts';`,
    });
    expect(bundleViolations(files)).toEqual([expect.stringContaining('client/x.ts')]);
    expect(packageViolations(files, dependencies)).toEqual([]);
  });
});

describe('wingViolations', () => {
  const rules = {
    'rules/trace.ts': `import { compile } from './compile/compile.ts';`,
    'rules/values/truth.ts': '',
    'rules/syntax/parse.ts': `import { truth } from '../values/truth.ts';`,
    'rules/compile/compile.ts': `import { parse } from '../syntax/parse.ts';`,
    'rules/types/infer.ts': `import type { A } from '../compile/compile.ts';`,
  };
  const violations = (texts: Readonly<Record<string, string>>) =>
    wingViolations(house({ ...rules, ...texts })).filter((one) => one.startsWith('rules'));

  it('allows imports from the folders before', () => {
    expect(violations({})).toEqual([]);
  });

  it.each([
    ['rules/values/truth.ts', `import { parse } from '../syntax/parse.ts';`],
    ['rules/values/truth.ts', `import type { Parse } from '../syntax/parse.ts';`],
    ['rules/types/infer.ts', `import { trace } from '../trace.ts';`],
  ])('finds that %s goes against the order: %s', (path, text) => {
    expect(violations({ [path]: text })).toEqual([expect.stringContaining(`${path}: imports`)]);
  });

  it('counts a file as above the folders if it reaches one through another file', () => {
    const top = { 'rules/all.ts': `import { trace } from './trace.ts';` };
    const text = { 'rules/types/infer.ts': `import { all } from '../all.ts';` };
    expect(violations({ ...top, ...text })).toEqual([
      'rules/types/infer.ts: imports rules/all.ts, which stands above it',
    ]);
  });

  it('finds a folder that is not listed', () => {
    expect(violations({ 'rules/more/x.ts': '' })).toEqual([
      expect.stringContaining('rules: has the folders'),
    ]);
  });
});

describe('cycleViolations', () => {
  it('finds a circle of type imports', () => {
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
    expect(crowdViolations(folder(17))).toEqual(['rules: 17 files']);
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
  ])('finds %s: %s', (path, text) => {
    expect(barrelViolations(house({ [path]: text }))).toEqual([expect.stringContaining(path)]);
  });

  it('allows entry points to hand on', () => {
    const text = `export { a, type B } from './a.ts'; export type { C } from './c.ts';`;
    expect(barrelViolations(house({ 'index.ts': text, 'testing/index.ts': text }))).toEqual([]);
  });
});

describe('sizeViolations', () => {
  const lines = (count: number) => 'const x = 1;\n'.repeat(count);

  it('finds a file of more than 250 lines of code', () => {
    expect(sizeViolations(house({ 'rules/x.ts': lines(251) }))).toEqual([
      'rules/x.ts: 251 lines of code',
    ]);
  });

  it('counts neither blank lines nor comments', () => {
    const comments = '\n// why\n/** one line */\n/*\n * several\n */\n'.repeat(50);
    expect(sizeViolations(house({ 'rules/x.ts': comments + lines(250) }))).toEqual([]);
    expect(sizeViolations(house({ 'rules/x.ts': comments + lines(251) }))).toHaveLength(1);
  });

  it('excepts what is generated', () => {
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
  ])('is content with %j', (text) => {
    expect(docViolations(house({ 'rules/x.ts': text }))).toEqual([]);
  });
});
