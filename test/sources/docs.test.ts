import * as fs from 'node:fs';
import * as events from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { transformSync } from '@swc/core';
import express, { type Express } from 'express';
import request from 'supertest';
import * as evenhand from '../../src/index.ts';
import { liveChecks } from '../../src/client/live-options.ts';
import { inFolderOf } from '../docs-folder.ts';
import { blocksOf, commandsOf } from '../readme-blocks.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

const doc = fs.readFileSync(join(__dirname, '../../docs/sources.md'), 'utf8');
const blocks = blocksOf(doc);

/** Programs by themselves, each with what it prints. */
const programs = blocks.flatMap((block, i) =>
  block.language === 'js' && block.part === undefined
    ? [{ source: block.text, output: blocks[i + 1]?.text ?? '' }]
    : [],
);

const closers: (() => unknown)[] = [];

/** What programs may import; what they make is closed behind them. */
const MODULES: Readonly<Record<string, unknown>> = {
  evenhand: {
    ...evenhand,
    createClient: (options: evenhand.ClientOptions) => closing(evenhand.createClient(options)),
    evenhand: (options: evenhand.EvenhandOptions) => closing(evenhand.evenhand(options)),
  },
  express,
  'node:fs': fs,
  'node:events': events,
};

function closing<T extends { close(): Promise<void> }>(one: T): T {
  closers.push(() => one.close());
  return one;
}

const IMPORT = /^import (.+) from '([^']+)';$/gm;

/** Runs a program, as a module would be; gives the lines that it prints, and its `app`. */
async function run(source: string, lines: string[]): Promise<Express> {
  const print = (...values: readonly unknown[]) => {
    const texts = values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    lines.push(`${texts.join(' ')}\n`);
  };
  const { code } = transformSync(source, { jsc: { target: 'es2022' }, isModule: true });
  const body = code
    .replace(IMPORT, "const $1 = modules['$2'];")
    .replace(/^app\.listen\(.*\);$/m, 'return app;');
  const program = runInThisContext(`(async function (modules, console) {${body}\n})`) as (
    ...args: readonly unknown[]
  ) => Promise<Express>;
  return program(MODULES, { log: print });
}

describe('docs/sources.md', () => {
  inFolderOf(blocks);

  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  it('has no block that these tests do not run', () => {
    const outputs = new Set(programs.map(({ output }) => output));
    const others = blocks.filter(
      ({ language, text, file, part }) =>
        !(language === 'js' && part === undefined) && !outputs.has(text) && file === undefined,
    );
    expect(others.map(({ language }) => language)).toEqual(['console']);
    expect(programs).toHaveLength(4);
  });

  it.each(programs)('shows what a program prints: $output', async ({ source, output }) => {
    const lines: string[] = [];
    await run(source, lines);
    await until('it has printed', () => lines.join('').length >= output.length);
    expect(lines.join('')).toBe(output);
  });

  it('shows what an application answers whose source is another one', async () => {
    fs.writeFileSync('experiments.config.json', '["free_shipping:on", "chat:on"]');
    const partOf = (name: string) => blocks.find(({ part }) => part === name)?.text ?? '';
    const lines: string[] = [];
    const server = await listen(await run(partOf('server'), lines));
    try {
      const { port } = server.address() as AddressInfo;
      const app = await run(partOf('shop').replace('localhost:4000', `localhost:${port}`), lines);
      const isReady = () => fs.existsSync('experiments.cache.json');
      await request(app).get('/');
      await until('it has delivered', isReady);
      const shown = blocks.filter(({ language }) => language === 'console').flatMap(commandsOf);
      expect(shown).toHaveLength(2);
      for (const { command, output } of shown) {
        const [, path = ''] = /localhost:3000([^']*)/.exec(command) ?? [];
        const answered = async () => {
          const { text } = await request(app).get(path);
          return `${text.trimEnd().replace(/"ageSeconds":\d+/, '"ageSeconds":0')}\n`;
        };
        let answer = await answered();
        // It may not be listening yet.
        for (let i = 0; i < 100 && answer !== output; i++) {
          await new Promise((resolve) => {
            setTimeout(resolve, 20);
          });
          answer = await answered();
        }
        expect(answer).toBe(output);
      }
      expect(lines).toEqual([]);
    } finally {
      await Promise.all(closers.splice(0).map((close) => close()));
      server.closeAllConnections();
      server.close();
    }
  });

  it('names every option for all sources, and no others', () => {
    const table = doc.slice(
      doc.indexOf('## When the source is down'),
      doc.indexOf('Once something'),
    );
    const rows = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual([...liveChecks.keys()]);
  });

  it('names every event', () => {
    const table = doc.slice(doc.indexOf('| event '), doc.indexOf('`status()` has everything'));
    const rows = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual(['ready', 'changed', 'stale', 'error']);
  });
});

async function listen(app: RequestListener): Promise<Server> {
  const server = createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  return server;
}
