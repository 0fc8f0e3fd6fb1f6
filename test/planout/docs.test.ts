import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { transformSync } from '@swc/core';
import express, { type Express } from 'express';
import request from 'supertest';
import * as evenhand from '../../src/index.ts';
import * as planout from '../../src/planout/index.ts';
import * as testing from '../../src/testing/index.ts';
import { inFolderOf } from '../docs/docs-folder.ts';
import { type Block, blocksOf, commandsOf } from '../docs/readme-blocks.ts';
import parity from '../vectors/planout-parity.json' with { type: 'json' };
import vectors from '../vectors/planout.json' with { type: 'json' };
import { DOCUMENTED_SCRIPTS } from './documented-differences.ts';

const ROOT = join(__dirname, '../..');
const doc = fs.readFileSync(join(ROOT, 'docs/planout.md'), 'utf8');
const blocks = blocksOf(doc);

/** Returns the blocks in a language, each with the text of the next block. */
function blocksIn(language: string) {
  return blocks.flatMap((block, i) =>
    block.language === language && block.part === undefined
      ? [{ source: block.text, output: blocks[i + 1]?.text }]
      : [],
  );
}

const programs = [...blocksIn('js'), ...blocksIn('ts')];

/** The modules that programs may import. */
const MODULES: Readonly<Record<string, unknown>> = {
  evenhand,
  express,
  'evenhand/planout': planout,
  'evenhand/testing': testing,
  'node:fs': fs,
};

const IMPORT = /^import (.+) from '([^']+)';$/gm;

/**
 * Runs a program like a module.
 *
 * @returns its output, with a line for each call and values other than strings as JSON; and its `app`
 */
function run(source: string): { output: string; app: Express | undefined } {
  const lines: string[] = [];
  const print = (...values: readonly unknown[]) => {
    const texts = values.map((one) =>
      typeof one === 'string' ? one : (JSON.stringify(one) ?? 'undefined'),
    );
    lines.push(`${texts.join(' ').trimEnd()}\n`);
  };
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    isModule: true,
  });
  const body = code.replace(IMPORT, "const $1 = modules['$2'];");
  const result = /^const app = /m.test(body) ? 'app' : 'undefined';
  const program = runInThisContext(`(function (modules, console) {${body}\nreturn ${result}})`) as (
    ...args: readonly unknown[]
  ) => Express | undefined;
  const app = program(MODULES, { log: print });
  return { output: lines.join(''), app };
}

describe('docs/planout.md', () => {
  const folder = inFolderOf(blocks);

  it('has only blocks that these tests run', () => {
    const isOutput = (block: Block) => programs.some(({ output }) => output === block.text);
    const others = blocks.filter(
      (block) =>
        !['js', 'ts'].includes(block.language) && block.file === undefined && !isOutput(block),
    );
    // The PostgreSQL programs run with the tests of PostgreSQL.
    expect(others.map(({ language, part }) => [language, part])).toEqual([
      ['console', 'app'],
      ['console', 'app'],
      ['text', 'postgres'],
      ['sql', undefined],
    ]);
    expect(programs).toHaveLength(12);
  });

  it.each(programs)('shows the output of a program: $output', ({ source, output }) => {
    expect(run(source).output).toBe(output);
  });

  it('shows the answers of the application', async () => {
    const source = blocks.find(({ language, part }) => language === 'js' && part === 'app');
    const { app } = run(source?.text ?? '');
    const shown = blocks.filter(({ language }) => language === 'console').flatMap(commandsOf);
    expect(shown).toHaveLength(6);
    for (const { command, output } of shown) {
      const [, path = ''] = /localhost:3000([^']*)/.exec(command) ?? [];
      const [, cookie = ''] = /Cookie: ([^']*)/.exec(command) ?? [];
      const { text } = await request(app as Express)
        .get(path)
        .set('Cookie', cookie);
      expect(`${text.trimEnd()}\n`).toBe(output);
    }
  });

  describe('the table of differences', () => {
    /** Returns `x` after a script, as the table shows it. */
    function resultOf(script: string): string {
      const options = { salt: 'exp', inputs: { userid: 4, l: [1, 2] } };
      try {
        const { x } = new planout.Interpreter(script, options).getParams();
        return x === Infinity ? 'Infinity' : `\`${JSON.stringify(x)}\``;
      } catch (error) {
        if (error instanceof planout.PlanoutError) return 'error';
        throw error;
      }
    }

    it.each(DOCUMENTED_SCRIPTS)("shows Evenhand's result: $script", ({ script, ours }) => {
      expect(resultOf(script)).toBe(ours);
    });

    it("shows the reference's results", () => {
      const originals = new Map(
        DOCUMENTED_SCRIPTS.map(({ script, original }) => [script, original]),
      );
      expect(parity.differences.length).toBeGreaterThan(20);
      for (const { script, result } of parity.differences) {
        expect([script, originals.get(script)]).toEqual([script, result]);
      }
    });
  });

  it('shows the right types', () => {
    const [{ source } = { source: '' }] = blocksIn('ts');
    fs.mkdirSync(join(folder(), 'node_modules'));
    fs.symlinkSync(ROOT, join(folder(), 'node_modules/evenhand'), 'junction');
    fs.writeFileSync(join(folder(), 'package.json'), '{ "type": "module" }');
    fs.writeFileSync(join(folder(), 'sharing.ts'), source);
    const { stdout } = spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/typescript/bin/tsc'),
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--lib',
        'es2022,dom',
        '--types',
        '',
        'sharing.ts',
      ],
      { cwd: folder(), encoding: 'utf8' },
    );
    expect(stdout).toBe('');
  });

  it('names exactly the existing operators', () => {
    const rows = doc
      .slice(doc.indexOf('### Operators'), doc.indexOf('## Salts'))
      .matchAll(/^\| `(\w+)` +\| `/gm);
    const operators = new Set(vectors.operators.map(({ op }) => op));
    expect(new Set([...rows].map(([, name]) => name))).toEqual(operators);
  });

  it('names exactly the properties of a namespace', () => {
    const schema = JSON.parse(
      fs.readFileSync(join(ROOT, 'schema/experiments.schema.json'), 'utf8'),
    ) as { $defs: { namespace: { properties: Record<string, unknown> } } };
    const rows = doc
      .slice(
        doc.indexOf('## Namespaces in the specification'),
        doc.indexOf('### The history guard'),
      )
      .matchAll(/^\| `(\w+)` +\| .*\| .*\|$/gm);
    const { description: _d, owner: _o, ...properties } = schema.$defs.namespace.properties;
    expect([...rows].map(([, name]) => name)).toEqual(Object.keys(properties));
  });
});
