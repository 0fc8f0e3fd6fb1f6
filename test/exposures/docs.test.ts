import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext, runInThisContext } from 'node:vm';
import { transformSync } from '@swc/core';
import * as jetstream from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Pool } from 'pg';
import { createClient as createRedis } from 'redis';
import * as isbot from 'isbot';
import express, { type Express } from 'express';
import request from 'supertest';
import type { ExperimentsMiddleware } from '../../src/express/middleware.ts';
import type { ExposuresOptions } from '../../src/exposures/options.ts';
import { callbackSink } from '../../src/exposures/sinks/callback-sink.ts';
import type { SinkStats } from '../../src/exposures/delivery/sink-queue.ts';
import type { Split } from '../../src/exposures/split-watch/watched-audience.ts';
import { metricsOf } from '../../src/exposures/metrics/metrics.ts';
import { SplitWatch } from '../../src/exposures/split-watch/split-watch.ts';
import { bucketOf } from '../../src/hash/bucket.ts';
import * as evenhand from '../../src/index.ts';
import * as opentelemetry from '../../src/integrations/opentelemetry/index.ts';
import * as nats from '../../src/integrations/nats/index.ts';
import * as postgres from '../../src/integrations/postgres/index.ts';
import * as redis from '../../src/integrations/redis/index.ts';
import { inFolderOf } from '../docs/docs-folder.ts';
import { FakeMeter } from '../integrations/opentelemetry/fake-meter.ts';
import { blocksOf, commandsOf } from '../docs/readme-blocks.ts';
import { describeWithNats, NatsServer } from '../servers/nats.ts';
import { describeWithPostgres, Postgres } from '../servers/postgres.ts';
import { describeWithRedis, RedisServer } from '../servers/redis.ts';

const ROOT = join(__dirname, '../..');
/** The guide and the reference, whose examples build on the guide's. */
const doc = ['docs/exposures.md', 'docs/exposures-reference.md']
  .map((path) => fs.readFileSync(join(ROOT, path), 'utf8'))
  .join('\n');
const blocks = blocksOf(doc);

/** Returns the only block of a language and part. */
function blockOf(language: string, part: string): string {
  const [block, ...others] = blocks.filter((one) => one.language === language && one.part === part);
  if (block === undefined || others.length > 0)
    throw new Error(`${language} ${part}: not one block`);
  return block.text;
}

/** The programs and their outputs. */
const programs = blocks.flatMap(({ language, part, text }, i) =>
  language === 'js' && part === undefined ? [{ source: text, output: blocks[i + 1]?.text }] : [],
);

const meter = new FakeMeter();
const emitted: unknown[] = [];

/** The modules that programs may import; OpenTelemetry's packages need not be installed. */
const MODULES: Readonly<Record<string, unknown>> = {
  evenhand,
  express,
  'evenhand/opentelemetry': opentelemetry,
  'node:crypto': crypto,
  '@opentelemetry/api': { metrics: { getMeter: () => meter } },
  '@opentelemetry/api-logs': {
    logs: { getLogger: () => ({ emit: (event: unknown) => void emitted.push(event) }) },
  },
};

const IMPORT = /^import (.+) from '([^']+)';$/gm;

interface Ran {
  readonly output: string;
  readonly app: Express | undefined;
  readonly experiments: ExperimentsMiddleware | undefined;
}

/**
 * Runs a program like a module.
 *
 * @param more the modules that it may import besides {@link MODULES}
 */
async function run(source: string, more: Readonly<Record<string, unknown>> = {}): Promise<Ran> {
  let output = '';
  const log = (...values: readonly unknown[]) => {
    output += `${values.map((value) => String(value)).join(' ')}\n`;
  };
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
    isModule: true,
  });
  const body = code.replace(
    IMPORT,
    (_, names: string, from: string) =>
      `const ${names === 'express' ? names : names.replaceAll(' as ', ': ')} = modules['${from}'];`,
  );
  const result = ['app', 'experiments']
    .filter((name) => body.includes(`const ${name} = `))
    .join(', ');
  const program = runInThisContext(
    `(async function (modules, console) {${body}\nreturn { ${result} };})`,
  ) as (...args: readonly unknown[]) => Promise<Omit<Ran, 'output'>>;
  return { ...(await program({ ...MODULES, ...more }, { log })), output };
}

/** Returns the cells of the tables below a heading, row by row. */
function rowsBelow(heading: string, end: string): string[][] {
  return doc
    .slice(doc.indexOf(`\n${heading}\n`), doc.indexOf(`\n${end}\n`))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

/** The options of `createExposures()`; the tables must list all of them. */
const OPTIONS: readonly (keyof ExposuresOptions)[] = [
  'sink',
  'sinks',
  'service',
  'session',
  'context',
  'ignore',
  'privacy',
  'secret',
  'once',
  'queue',
  'batch',
  'retry',
  'writeTimeoutMs',
  'closeTimeoutMs',
  'drainOnSignals',
  'onDrop',
  'logger',
];

describe('docs/exposures.md and docs/exposures-reference.md', () => {
  inFolderOf(blocks);

  it('has only blocks that these tests run, except for two databases', () => {
    const others = blocks.filter(
      ({ language, file, part, text }) =>
        file === undefined &&
        !(language === 'js' && part === undefined) &&
        !programs.some(({ output }) => output === text),
    );
    expect(new Set(others.map(({ language, part }) => `${language} ${part}`))).toEqual(
      new Set([
        'js app',
        'console app',
        'json records',
        'js opentelemetry',
        'js bots',
        'js seen',
        'text alarm',
        'js postgres',
        'sql postgres',
        'text postgres',
        'js redis',
        'text redis',
        'js nats',
        'text nats',
        // test/integrations/kafka/docs.server.test.ts runs these two.
        'js kafka',
        'js kafkajs',
        'sql duckdb',
        'sql postgresql',
        'sql bigquery',
        'sql snowflake',
      ]),
    );
  });

  it.each(programs)('shows the output of a program: $output', async ({ source, output }) => {
    expect((await run(source)).output).toBe(output);
  });

  it('shows the responses and the records of the application', async () => {
    const { app, experiments } = await run(blockOf('js', 'app'));
    for (const { command, output } of commandsOf({
      language: 'console',
      file: undefined,
      part: undefined,
      text: blockOf('console', 'app'),
    })) {
      const [, path = ''] = /localhost:3000([^']*)/.exec(command) ?? [];
      expect((await request(app as Express).get(path)).text).toBe(output);
    }
    const { text, headers } = await request(app as Express).get('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toContain('\nevenhand_exposures_recorded_total 2\n');
    await experiments?.close();
    const lines = fs.readFileSync('exposures.ndjson', 'utf8').trimEnd().split('\n');
    const shown = JSON.parse(blockOf('json', 'records')) as { id: string; time: string }[];
    const recorded = lines.map((line) => JSON.parse(line) as { id: string; time: string });
    expect(recorded).toEqual(
      shown.map((record) => ({
        ...record,
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      })),
    );
    expect(recorded.map((record) => Object.keys(record))).toEqual(
      shown.map((record) => Object.keys(record)),
    );
  });

  it('reports that a prefetched or prerendered page is seen', () => {
    for (const prerendering of [false, true]) {
      const fetch = jest.fn();
      const page = new EventTarget();
      runInNewContext(blockOf('js', 'seen'), {
        fetch,
        location: { search: '?user=1' },
        document: Object.assign(page, { prerendering }),
      });
      expect(fetch).toHaveBeenCalledTimes(prerendering ? 0 : 1);
      page.dispatchEvent(new Event('prerenderingchange'));
      page.dispatchEvent(new Event('prerenderingchange'));
      expect(fetch.mock.calls).toEqual([['/seen?user=1', { method: 'POST', keepalive: true }]]);
    }
  });

  it('sets up OpenTelemetry', async () => {
    const { experiments } = await run(blockOf('js', 'opentelemetry'));
    expect(meter.instruments.map(({ name }) => name)).toContain('evenhand.split.p');
    experiments
      ?.experiments()
      .participant({ user: { id: 1 } })
      .variant('button_color');
    expect(emitted).toMatchObject([{ eventName: 'feature_flag.evaluation' }]);
    await experiments?.close();
  });

  it('shows the actual alarm', () => {
    const warnings: string[] = [];
    const logger = { warn: (text: string) => void warnings.push(text), error: () => {} };
    const watch = new SplitWatch({ logger, random: () => 0.5 });
    const [variants, allocations] = [
      [{ name: 'blue' }, { name: 'green' }],
      [
        { variant: 'blue', percent: 50 },
        { variant: 'green', percent: 50 },
      ],
    ];
    const spec = {
      name: 'button_color',
      identity: 'user.id',
      seed: 'button_color',
      variants,
      audiences: [{ allocations }],
      exposure: 'auto',
      shorthand: false,
    } as const;
    for (let i = 0; i < 20_000; i++) {
      const unit = String(i);
      const variant = bucketOf(unit, 'button_color') < 50 ? 'blue' : 'green';
      const base = { experiment: 'button_color', checksum: 'c', audience: 0, overridden: false };
      // A tenth of the visitors with the green button never receive the page.
      if (variant === 'blue' || i % 10 > 0) watch.add({ ...base, variant, unit }, spec);
    }
    const shown = blockOf('text', 'alarm');
    expect(`${warnings[0]?.split('\n').slice(0, 3).join('\n')}\n`).toBe(shown);
  });

  it('lists every metric with its type, unit and labels', () => {
    const sink: SinkStats = {
      name: 'file',
      written: 0,
      retried: 0,
      dropped: 0,
      queueLength: 0,
      queueBytes: 0,
      oldestAgeMs: undefined,
      failure: undefined,
    };
    const split: Split = {
      experiment: 'e',
      checksum: 'c',
      audience: 0,
      variants: [{ variant: 'v', percent: 100, units: 0, exposures: 0 }],
      units: 0,
      sampledShare: 1,
      p: 1,
      alarm: false,
    };
    const metrics = metricsOf({
      recorded: 0,
      deduplicated: 0,
      ignored: 0,
      sinks: [sink],
      splits: [split],
    });
    expect(rowsBelow('## Metrics', '## OpenTelemetry').map((cells) => cells.slice(0, 4))).toEqual(
      metrics.map(({ name, type, unit, samples }) => [
        name,
        type,
        unit,
        Object.keys(samples[0]?.labels ?? {}).join(', '),
      ]),
    );
  });

  it('lists every field of the records', () => {
    const { $defs } = JSON.parse(
      fs.readFileSync(join(ROOT, 'schema/exposure.schema.json'), 'utf8'),
    ) as { $defs: Record<'exposure' | 'outcome', { properties: Record<string, unknown> }> };
    const named = rowsBelow('## Record fields', '## Options').map(([name = '']) => name);
    const exposure = Object.keys($defs.exposure.properties);
    const outcome = Object.keys($defs.outcome.properties);
    expect(new Set(named)).toEqual(new Set([...exposure, ...outcome]));
    const ofOutcomes = outcome.filter((name) => !exposure.includes(name));
    expect(named.slice(-ofOutcomes.length)).toEqual(ofOutcomes);
  });

  it('lists every option', () => {
    const named = rowsBelow('## Options', '## Sinks').flatMap(([names = '']) => names.split(', '));
    for (const name of named) {
      const [group = '', member] = name.split('.');
      const options =
        member === undefined ? { [group]: undefined } : { [group]: { [member]: undefined } };
      const sink = callbackSink(() => {});
      expect(() => evenhand.createExposures({ ...options, sink })).not.toThrow();
    }
    expect(new Set(named.map((name) => name.split('.')[0]))).toEqual(new Set(OPTIONS));
  });
});

describe('the program of docs/exposures.md with isbot', () => {
  inFolderOf(blocks);

  it('leaves bots and prefetched pages out', async () => {
    const { app, experiments } = await run(blockOf('js', 'bots'), { isbot });
    const get = (headers: Record<string, string>) =>
      request(app as Express)
        .get('/?user=1')
        .set(headers)
        .expect(200);
    const stats = () => experiments?.exposures?.stats();
    await get({ 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' });
    await get({ 'User-Agent': 'curl/8.5.0' });
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    await get({ 'User-Agent': firefox, 'Sec-Purpose': 'prefetch;prerender' });
    expect(stats()).toMatchObject({ recorded: 0, ignored: 3 });
    const seen = () =>
      request(app as Express)
        .post('/seen?user=1')
        .set('User-Agent', firefox)
        .expect(204);
    await seen();
    expect(stats()).toMatchObject({ recorded: 1, ignored: 3 });
    await get({ 'User-Agent': firefox });
    await seen();
    expect(stats()).toMatchObject({ recorded: 1, ignored: 3, deduplicated: 2 });
    await experiments?.close();
  });
});

describeWithRedis('the program of docs/exposures-reference.md with Redis', () => {
  inFolderOf(blocks);

  it('shows the actual output', async () => {
    const server = new RedisServer();
    await server.start();
    const socket = { path: server.socket, tls: false } as const;
    const client = createRedis({ socket });
    const createClient = () => client;
    try {
      const modules = { redis: { createClient }, 'evenhand/redis': redis };
      const { output } = await run(blockOf('js', 'redis'), modules);
      expect(output).toBe(blockOf('text', 'redis'));
    } finally {
      if (client.isOpen) client.destroy();
      await server.dispose();
    }
  });
});

describeWithNats('the program of docs/exposures-reference.md with NATS', () => {
  inFolderOf(blocks);

  it('shows the actual output', async () => {
    const server = new NatsServer();
    await server.start();
    try {
      const { output } = await run(blockOf('js', 'nats'), {
        '@nats-io/jetstream': jetstream,
        '@nats-io/transport-node': { connect: () => connect({ servers: server.address }) },
        'evenhand/nats': nats,
      });
      expect(output).toBe(blockOf('text', 'nats'));
    } finally {
      await server.dispose();
    }
  });
});

describeWithPostgres('the SQL of docs/exposures-reference.md in PostgreSQL', (bin) => {
  let server: Postgres;
  let folder: string;
  let count = 0;

  /** Returns a record of `button_color` with a unique id. */
  function record(more: object): object {
    const id = `019c1234-5678-7abc-8def-${String(count++).padStart(12, '0')}`;
    const time = new Date(Date.UTC(2027, 0, 31, 12) + count * 1000).toISOString();
    return { version: 1, id, time, ...more };
  }

  function exposure(unit: string, variant: string, more: object = {}): object {
    const experiment = { experiment: 'button_color', checksum: 'dfc9532cdbaaa94d' };
    const base = { event: 'exposure', ...experiment, seed: 'button_color', identity: 'user.id' };
    return record({ ...base, variant, unit, overridden: false, audience: 0, bucket: 1, ...more });
  }

  function purchase(unit: string, value: number, more: object = {}): object {
    const event = { event: 'outcome', name: 'purchase' };
    return record({ ...event, units: { 'user.id': unit }, properties: { value }, ...more });
  }

  beforeAll(async () => {
    folder = fs.mkdtempSync(join(tmpdir(), 'evenhand-pg-docs-'));
    server = new Postgres(bin);
    await server.start();
  });

  afterAll(async () => {
    await server.stop();
    fs.rmSync(folder, { recursive: true });
  });

  it('reads the records of postgresSink() through its views', async () => {
    const before = process.cwd();
    fs.writeFileSync(
      join(folder, 'shop.config.json'),
      blocks.find(({ file }) => file === 'shop.config.json')?.text ?? '',
    );
    process.chdir(folder);
    // The program ends the pool itself.
    const pg = { Pool: Pool.bind(null, { connectionString: server.createDatabase('shop') }) };
    await run(blockOf('js', 'postgres'), { pg, 'evenhand/postgres': postgres });
    process.chdir(before);
    expect(server.psql(blockOf('sql', 'postgres'), '/', 'shop')).toBe(blockOf('text', 'postgres'));
  });

  it('loads records once, and joins outcomes to the first exposure', () => {
    const early = purchase('2', 1000);
    const records = [
      exposure('1', 'green'),
      early,
      exposure('2', 'blue'),
      // Characters that a visitor may send and jsonb can't store.
      exposure('a\u0000b', 'blue'),
      exposure('a\ud800b', 'blue'),
      // Characters that must be escaped, or could end a field.
      exposure('"\\,\t\u0001\n\u0002', 'green'),
      // Another process, an override, and a unit that saw two variants.
      exposure('1', 'green'),
      exposure('2', 'green', { overridden: true }),
      exposure('3', 'blue'),
      exposure('3', 'green'),
      exposure('4', 'blue', { checksum: 'ffff31c3e3e5e2a4' }),
      purchase('2', 7, { units: { 'user.id': '2', anonymous: 'key' } }),
      purchase('3', 500),
    ];
    // Delivered twice.
    const bought = purchase('1', 12.5);
    records.push(bought, bought);
    const lines = records.map((one) => `${JSON.stringify(one)}\n`).join('');
    fs.writeFileSync(join(folder, 'exposures.ndjson'), lines);
    const [tables = '', load = '', query = ''] = blocks
      .filter(({ part }) => part === 'postgresql')
      .map(({ text }) => text);
    server.psql(tables);
    server.psql(load, folder);
    server.psql(load, folder);
    expect(server.psql(query)).toBe('blue|1|1|7\ngreen|2|1|12.5\n');
    expect(server.psql('SELECT count(*) FROM exposures')).toBe('8\n');
  });
});
