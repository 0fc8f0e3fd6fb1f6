import * as fs from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { transformSync } from '@swc/core';
import express, { type Express } from 'express';
import request from 'supertest';
import { clientMetrics } from '../../src/client/metrics/client-metrics.ts';
import { createClient } from '../../src/client/client.ts';
import * as evenhand from '../../src/index.ts';
import { until } from '../sources/until.ts';
import { inFolderOf } from './docs-folder.ts';
import { blocksOf, commandsOf } from './readme-blocks.ts';

const doc = fs.readFileSync(join(__dirname, '../../docs/monitoring.md'), 'utf8');
const blocks = blocksOf(doc);

/** The programs and their outputs. */
const programs = blocks.flatMap(({ language, part, text }, i) =>
  language === 'js' && part === undefined
    ? [{ source: text, output: blocks[i + 1]?.text ?? '' }]
    : [],
);

const closers: (() => unknown)[] = [];

function closing<T extends { close(): Promise<void> }>(one: T): T {
  closers.push(() => one.close());
  return one;
}

const MODULES: Readonly<Record<string, unknown>> = {
  evenhand: {
    ...evenhand,
    createClient: (options: evenhand.ClientOptions) => closing(evenhand.createClient(options)),
    evenhand: (options: evenhand.EvenhandOptions) => closing(evenhand.evenhand(options)),
  },
  express,
  'node:fs': fs,
};

const IMPORT = /^import (.+) from '([^']+)';$/gm;

/** Runs a program like a module; returns the lines it prints and its `app`. */
async function run(source: string, lines: string[]): Promise<Express> {
  const print = (line: string) => void lines.push(`${line}\n`);
  const { code } = transformSync(source, { jsc: { target: 'es2022' }, isModule: true });
  const body = code
    .replace(IMPORT, (_, names: string, from: string) => `const ${names} = modules['${from}'];`)
    .replace(/^app\.listen\(.*\);$/m, 'return app;');
  const program = runInThisContext(`(async function (modules, console) {${body}\n})`) as (
    ...args: readonly unknown[]
  ) => Promise<Express>;
  return program(MODULES, { log: print, warn: print, error: print });
}

function blockOf(language: string, part: string): string {
  const block = blocks.find((one) => one.language === language && one.part === part);
  if (block === undefined) throw new Error(`there is no ${language} part=${part}`);
  return block.text;
}

/** The facts about a client that has one sample of each metric. */
const MEASURED: Parameters<typeof clientMetrics>[0] = {
  status: {
    ...createClient({ source: [] }).status(),
    ageMs: 1,
  },
  loads: { good: 1, changed: 1, failed: new Map([['spec', 1]]), switches: 0 },
  decisions: {
    overrides: 0,
    heldOut: 0,
    sticky: 0,
    refusedStickyCookies: 0,
    stickyFailures: 0,
    withoutConsent: 0,
    unknownExperiments: 0,
    unknownNamespaces: 0,
    unknownVariants: 0,
  },
  errors: {
    total: 1,
    counts: () => [{ experiment: 'e', namespace: 'n', code: 'type', count: 1 }],
  },
};

describe('docs/monitoring.md', () => {
  inFolderOf(blocks);

  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  it('has no block without a test', () => {
    const outputs = new Set(programs.map(({ output }) => output));
    const others = blocks.filter(
      ({ language, file, part, text }) =>
        file === undefined && !(language === 'js' && part === undefined) && !outputs.has(text),
    );
    expect(others.map(({ language, part }) => `${language} ${part}`)).toEqual([
      'js app',
      'console app',
      'text lines',
    ]);
  });

  it.each(programs)('shows the output of a program: $output', async ({ source, output }) => {
    const lines: string[] = [];
    await run(source, lines);
    await until('it has printed', () => lines.join('').length >= output.length);
    expect(lines.join('')).toBe(output);
  });

  it('shows the answers of the application', async () => {
    const app = await run(blockOf('js', 'app'), []);
    const commands = commandsOf({
      language: 'console',
      file: undefined,
      part: undefined,
      text: blockOf('console', 'app'),
    });
    for (const { command, output } of commands) {
      const [, path = '', pattern = ''] =
        /^curl 'http:\/\/localhost:3000([^']*)'(?: \| grep '([^']*)')?$/.exec(command) ?? [];
      const { text } = await request(app).get(path);
      const lines = text.split(/(?<=\n)/).filter((line) => new RegExp(pattern).test(line));
      const time = /(?<=_timestamp_seconds )[\d.]+/;
      expect(lines.join('').replace(time, '')).toBe(output.replace(time, ''));
    }
    expect((await request(app).get('/health')).status).toBe(200);
  });

  it('shows lines as they are logged', async () => {
    const logged: string[] = [];
    const note = (line: string) => void logged.push(line);
    const split = (blue: number) => ({
      allocations: [
        { variant: 'blue', percent: blue },
        { variant: 'green', percent: 100 - blue },
      ],
    });
    const experiment = (name: string, ...audiences: object[]) => ({
      name,
      identity: 'user.id',
      variants: [{ name: 'blue' }, { name: 'green' }],
      audiences,
    });
    const namespace = (...history: object[]) => ({
      name: 'banner',
      unit: 'user.id',
      experiments: [{ name: 'june', script: 'x = 1;' }],
      history,
    });
    const state = {
      button: experiment('button_color', split(10)),
      shipping: 'free_shipping:on',
      checkout: experiment('checkout', { rule: 'user.plan == "pro"', ...split(50) }, split(0)),
      chat: [] as string[],
      banner: namespace(),
    };
    let revision = 6;
    let changes: evenhand.ChangeNote[] = [];
    const client = closing(
      evenhand.createClient({
        logger: { info: note, warn: note, error: note },
        source: {
          name: 'demo',
          load: async () => ({
            origin: 'demo',
            revision,
            changes,
            data: {
              experiments: [state.button, state.shipping, state.checkout, ...state.chat],
              namespaces: [state.banner],
            },
          }),
          intervalMs: 100,
        },
      }),
    );
    await client.ready();
    const steps: [Partial<typeof state>, evenhand.ChangeNote[]][] = [
      [{ button: experiment('button_color', split(40)) }, [{ author: 'ada', reason: 'ticket 12' }]],
      [
        { shipping: 'free_shipping:off' },
        [{ author: 'bob', reason: 'too many orders', at: '2027-01-31T12:00:00.000Z' }],
      ],
      [
        {
          checkout: experiment(
            'checkout',
            { rule: 'user.plan in ["pro", "team"]', ...split(50) },
            split(0),
          ),
        },
        [],
      ],
      [{ chat: ['chat:off'] }, []],
      [{ banner: namespace({ add: 'june', segments: 300 }) }, []],
    ];
    for (const [i, [now, notes]] of steps.entries()) {
      Object.assign(state, now);
      changes = notes;
      revision++;
      await until('it is logged', () => logged.length > i);
    }
    expect(logged.map((line) => `${line}\n`).join('')).toBe(blockOf('text', 'lines'));
  });

  it('lists every metric of a client with its type, unit and labels', () => {
    const rows = doc
      .split('\n')
      .filter((line) => line.startsWith('| `evenhand.'))
      .map((line) =>
        line
          .split('|')
          .slice(1, 5)
          .map((cell) => cell.trim().replaceAll('`', '')),
      );
    expect(rows).toEqual(
      clientMetrics(MEASURED).map(({ name, type, unit, samples }) => [
        name,
        type,
        unit,
        [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))].join(', '),
      ]),
    );
  });
});
