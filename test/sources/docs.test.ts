import * as fs from 'node:fs';
import * as events from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { transformSync } from '@swc/core';
import express, { type Express } from 'express';
import { Pool } from 'pg';
import { createClient as createRedis } from 'redis';
import request from 'supertest';
import * as evenhand from '../../src/index.ts';
import { liveChecks } from '../../src/client/options.ts';
import * as postgres from '../../src/integrations/postgres/index.ts';
import * as redis from '../../src/integrations/redis/index.ts';
import { inFolderOf } from '../docs/docs-folder.ts';
import { blocksOf, commandsOf } from '../docs/readme-blocks.ts';
import { describeWithPostgres, Postgres } from '../servers/postgres.ts';
import { describeWithRedis, RedisServer } from '../servers/redis.ts';
import { until } from './until.ts';

const doc = fs.readFileSync(join(__dirname, '../../docs/sources.md'), 'utf8');
const blocks = blocksOf(doc);

/** The programs and their output. */
const programs = blocks.flatMap((block, i) =>
  block.language === 'js' && block.part === undefined
    ? [{ source: block.text, output: blocks[i + 1]?.text ?? '' }]
    : [],
);

const closers: (() => unknown)[] = [];

/**
 * The modules that programs may import; the test closes the clients they make.
 *
 * @param info prints the lines that a client logs to the standard output
 */
const modulesWith = (info: (line: string) => void): Readonly<Record<string, unknown>> => {
  const logger = { ...console, info };
  return {
    evenhand: {
      ...evenhand,
      createClient: (options: evenhand.ClientOptions) =>
        closing(evenhand.createClient({ logger, ...options })),
      // On a busy machine a load takes longer than requests wait.
      evenhand: (options: evenhand.EvenhandOptions) =>
        closing(evenhand.evenhand({ startTimeoutMs: 30_000, logger, ...options })),
    },
    express,
    'node:fs': fs,
    'node:events': events,
  };
};

/** Returns a printed text with the times of changes that the page shows. */
function withTimesOfPage(text: string): string {
  return text
    .replaceAll(/ at="[^"]*"/g, ' at="2027-01-31T12:00:00.000Z"')
    .replaceAll(/revision=\d{13} /g, 'revision=1801396800000 ');
}

function closing<T extends { close(): Promise<void> }>(one: T): T {
  closers.push(() => one.close());
  return one;
}

const IMPORT = /^import (.+) from '([^']+)';$/gm;

/**
 * Runs a program like a module; returns the lines it prints and its `app`.
 *
 * @param more further modules besides those of {@link modulesWith}
 */
async function run(
  source: string,
  lines: string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Express> {
  const print = (...values: readonly unknown[]) => {
    const texts = values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    lines.push(withTimesOfPage(`${texts.join(' ')}\n`));
  };
  const { code } = transformSync(source, { jsc: { target: 'es2022' }, isModule: true });
  const body = code
    .replace(
      IMPORT,
      (_, names: string, from: string) =>
        `const ${names.replaceAll(' as ', ': ')} = modules['${from}'];`,
    )
    .replace(/^app\.listen\(.*\);$/m, 'return app;');
  const program = runInThisContext(`(async function (modules, console) {${body}\n})`) as (
    ...args: readonly unknown[]
  ) => Promise<Express>;
  return program({ ...modulesWith(print), ...more }, { log: print });
}

/** The parts of programs that need a server and have their own tests. */
const WITH_SERVERS: ReadonlySet<string | undefined> = new Set([
  'redis',
  'redis-store',
  'postgres',
  'postgres-store',
  'postgres-grants',
]);

/** Returns the text of the only block of a language and part. */
function blockOf(language: string, part: string): string {
  const [block, ...others] = blocks.filter((one) => one.language === language && one.part === part);
  if (block === undefined || others.length > 0)
    throw new Error(`${language} ${part}: not one block`);
  return block.text;
}

describe('docs/sources.md', () => {
  inFolderOf(blocks);

  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  it('has no block without a test', () => {
    const outputs = new Set(programs.map(({ output }) => output));
    const others = blocks.filter(
      ({ language, text, file, part }) =>
        !(language === 'js' && part === undefined) &&
        !outputs.has(text) &&
        file === undefined &&
        !WITH_SERVERS.has(part),
    );
    expect(others.map(({ language }) => language)).toEqual(['console']);
    expect(programs).toHaveLength(5);
  });

  it.each(programs)('shows the output of each program: $output', async ({ source, output }) => {
    const lines: string[] = [];
    await run(source, lines);
    await until('it has printed', () => lines.join('').length >= output.length);
    expect(lines.join('')).toBe(output);
  });

  it('shows the answers of an application with another source', async () => {
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
        // The application may not be listening yet.
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
      doc.indexOf('The current experiments stay in force'),
    );
    const rows = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual([...liveChecks.keys()]);
  });

  it('names every event', () => {
    const table = doc.slice(doc.indexOf('| event '), doc.indexOf('`status()` returns everything'));
    const rows = [...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual(['ready', 'changed', 'stale', 'error']);
  });
});

describeWithRedis('the programs of docs/sources.md with Redis', () => {
  it('print the shown output', async () => {
    const server = new RedisServer();
    await server.start();
    // The same modules, at this server's address; the test closes the clients they make.
    const createClient = (options: object) => {
      const client = createRedis({
        ...options,
        url: '',
        socket: { path: server.socket, tls: false },
      });
      closers.push(() => client.isOpen && client.destroy());
      return client;
    };
    try {
      for (const part of ['redis', 'redis-store']) {
        const lines: string[] = [];
        const output = blockOf('text', part);
        await run(blockOf('js', part), lines, {
          redis: { createClient },
          'evenhand/redis': redis,
        });
        await until('it has printed', () => lines.join('').length >= output.length);
        expect(lines.join('')).toBe(output);
      }
    } finally {
      await Promise.all(closers.splice(0).map((close) => close()));
      await server.dispose();
    }
  });

  it('name all options of redisSource()', () => {
    const rows = [...doc.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
    const options: Required<redis.RedisSourceOptions> = {
      client: createRedis(),
      key: 'k',
      channel: 'c',
      intervalMs: 1000,
      timeoutMs: 1000,
    };
    expect(() => redis.redisSource(options)).not.toThrow();
    expect(rows.join()).toContain(Object.keys(options).join());
  });
});

describeWithPostgres('the programs of docs/sources.md with PostgreSQL', (bin) => {
  let server: Postgres;

  beforeAll(async () => {
    server = new Postgres(bin);
    await server.start();
  });

  afterAll(() => server.stop());

  it('print the shown output in turn, and the SQL works', async () => {
    // The same modules, at this server's address; the test closes the clients they make.
    const Here = class extends Pool {
      constructor() {
        super({ connectionString: server.url() });
        closers.unshift(async () => this.ended || (await this.end()));
      }
    };
    const modules = { pg: { Pool: Here }, 'evenhand/postgres': postgres };
    for (const part of ['postgres', 'postgres-store']) {
      const lines: string[] = [];
      const output = blockOf('text', part);
      await run(blockOf('js', part), lines, modules);
      await until('it has printed', () => lines.join('').length >= output.length);
      expect(lines.join('')).toBe(output);
      // Clients close before the pools, which wait for their connections.
      for (const close of closers.splice(0).toReversed()) await close();
    }
    expect(server.psql(blockOf('sql', 'postgres')).trimEnd().split('\n').at(-1)).toBe(
      'free_shipping|4|ada|postgres|ticket 13',
    );
    server.psql(blockOf('sql', 'postgres-grants'));
    for (const [role, works] of [
      ['shop', false],
      ['shop_admin', true],
    ] as const) {
      const pool = new Pool({ connectionString: server.url('postgres', role) });
      const { signal } = new AbortController();
      const delivery = await postgres.postgresSource({ pool }).load({ signal });
      expect(delivery).toMatchObject({ data: { experiments: ['free_shipping:on'] } });
      const put = postgres.createPostgresStore({ pool }).put('chat:on', { author: 'ada' });
      expect(
        await put.then(
          () => 'put',
          ({ code }: { code: string }) => code,
        ),
      ).toBe(works ? 'put' : 'store');
      await pool.end();
    }
    // pg reports the end of a pool before that of its connections; the server must outlive them.
    const others = `SELECT count(*) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
    await until('all connections are gone', () => server.psql(others) === '0\n');
  });

  it('name all options of postgresSource()', () => {
    const rows = [...doc.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name = '']) => name);
    const options: Required<Omit<postgres.PostgresSourceOptions, 'client' | 'pool'>> = {
      schema: 'public',
      intervalMs: 1000,
      listen: true,
      listeningIntervalMs: 1000,
      timeoutMs: 1000,
      maxBytes: 1000,
    };
    const pool = new Pool();
    expect(() => postgres.postgresSource({ pool, ...options })).not.toThrow();
    expect(rows.join()).toContain(['pool', 'client', ...Object.keys(options)].join());
  });
});

async function listen(app: RequestListener): Promise<Server> {
  const server = createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  return server;
}
