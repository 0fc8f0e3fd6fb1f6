import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  callbackSink,
  type Client,
  type ClientOptions,
  createClient,
  httpSource,
  prometheusText,
} from 'evenhand';
import { CacheFile } from '../../src/sources/cache-file.ts';
import { FakeSource, on } from '../sources/fake-source.ts';
import { until } from '../sources/until.ts';
import { blocksOf } from './readme-blocks.ts';
import { experiment } from '../assignment/build.ts';

const doc = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
const blocks = blocksOf(doc);

/** The lines of the log that the page quotes. */
const quoted = blocks
  .filter(({ language, part }) => language === 'text' && part === 'log')
  .flatMap(({ text }) => text.trimEnd().split('\n'));

const clients: Client[] = [];
let logged: string[] = [];

const note = (text: string) => void logged.push(...text.split('\n'));
const logger = { info: note, warn: note, error: note };

function make(options: ClientOptions): Client {
  const client = createClient({ logger, ...options });
  clients.push(client);
  return client;
}

/** A fake source with the name of a real one. */
function named(name: string, answer: FakeSource['answer'], times: Partial<FakeSource> = {}) {
  return Object.assign(new FakeSource(answer, times), { name });
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Runs what happens in the quoted lines; each returns when its lines are logged. */
const SCENARIOS: Readonly<Record<string, () => Promise<void>>> = {
  changes: async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    const split = (blue: number) => ({
      name: 'button_color',
      identity: 'user.id',
      variants: [{ name: 'blue' }, { name: 'green' }],
      audiences: [
        {
          allocations: [
            { variant: 'blue', percent: blue },
            { variant: 'green', percent: 100 - blue },
          ],
        },
      ],
    });
    const by = { author: 'bob', reason: 'too many orders', at: '2027-01-31T12:00:00.000Z' };
    const source = named('postgres', () => new Error(), { intervalMs: 1000 });
    const deliver = (revision: number, data: unknown[], changes: object[] = []) => {
      source.answer = () => ({ origin: 'postgres', revision, data, changes });
      return jest.advanceTimersByTimeAsync(1000);
    };
    source.answer = () => ({ origin: 'x', revision: 7, data: ['free_shipping:on', split(10)] });
    make({ source });
    await deliver(8, ['free_shipping:off', split(10)], [by]);
    await deliver(9, ['free_shipping:off', split(40)]);
    await deliver(10, ['free_shipping:off', split(40), 'chat:on']);
    await deliver(11, ['free_shipping:off', split(40)]);
  },

  'an address': async () => {
    const json =
      (text: string): RequestListener =>
      (_req, res) => {
        res.setHeader('content-type', 'application/json').end(text);
      };
    let listener = json('["free_shipping:on", "chat:on"]');
    const server = createServer((req, res) => listener(req, res));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const show = () => {
      logged = logged.map((line) =>
        line.replaceAll(`http://${at}`, 'https://config.example.com').replace(at, '10.0.0.7:443'),
      );
    };
    jest.spyOn(Math, 'random').mockReturnValue(0.01);
    const source = httpSource(`http://${at}/experiments.json`, { intervalMs: 100 });
    const client = make({ source });
    await client.ready();
    const logs = (text: string) =>
      until(`it logs ${text}`, () => logged.some((line) => line.includes(text)));
    listener = json('["free_shipping:onn", "chat:on"]');
    await logs('did you mean');
    listener = (_req, res) => {
      res.statusCode = 503;
      res.end();
    };
    await logs('status 503');
    listener = json('[]');
    await logs('delivered no experiments');
    server.closeAllConnections();
    server.close();
    await logs('ECONNREFUSED');
    show();
  },

  'a source that is silent': async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    let lose = (_error: Error): void => {};
    const source = named('postgres', () => Promise.resolve({ ...on('a'), revision: 7 }), {
      intervalMs: 1000,
      watch: (changed) =>
        new Promise((_resolve, reject) => {
          changed();
          lose = reject;
        }),
    });
    make({ source, staleAfterMs: 90_000 });
    await jest.advanceTimersByTimeAsync(2000);
    lose(new Error('connection lost'));
    await jest.advanceTimersByTimeAsync(0);
    source.answer = () => new Promise(() => {});
    await jest.advanceTimersByTimeAsync(95_000);
    source.answer = () => Promise.resolve({ ...on('a'), revision: 6 });
    await jest.advanceTimersByTimeAsync(60_000);
    source.answer = () => Promise.resolve({ ...on('a'), revision: 7 });
    await jest.advanceTimersByTimeAsync(60_000);
  },

  'a start without the source': async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    make({ source: named('http', () => new Promise(() => {})), bootstrap: ['a:on'] });
    await jest.advanceTimersByTimeAsync(2000);
  },

  'a rule that fails': async () => {
    const split = (variant: string) => ({ allocations: [{ variant, percent: 100 }] });
    const client = make({
      source: [
        {
          name: 'checkout',
          identity: 'user.id',
          variants: [{ name: 'short' }, { name: 'control' }],
          audiences: [{ rule: 'user.paln == "pro"', ...split('short') }, split('control')],
        },
      ],
      onError: 'fallback',
    });
    client.participant({ user: { id: 1, plan: 'pro' } }).variant('checkout');
  },

  'unknown names': async () => {
    const who = make({ source: ['free_shipping:on'] }).participant();
    who.isOn('free_shiping');
    who.isVariant('free_shipping', 'offf');
    who.namespace('chekout');
  },

  'a full disk': async () => {
    const full = () => new Error('ENOSPC: no space left on device, write');
    let isFull = true;
    const sink = {
      ...callbackSink(async () => {
        if (isFull) throw full();
      }),
      name: 'file',
    };
    const who = (client: Client, id: number) => client.participant({ user: { id } });
    const split = experiment({ name: 'e' });
    const retry = { minDelayMs: 1, maxDelayMs: 1 };
    const batch = { maxWaitMs: 1 };
    const stuck = make({
      source: [split],
      exposures: { sink, retry, batch, closeTimeoutMs: 10 },
    });
    for (let id = 0; id < 4; id++) who(stuck, id).variant('e');
    await stuck.close();
    let attempts = 0;
    const recovering = {
      ...callbackSink(async () => {
        if (++attempts < 3) throw full();
      }),
      name: 'file',
    };
    const client = make({ source: [split], exposures: { sink: recovering, retry, batch } });
    who(client, 1).variant('e');
    await client.exposures?.flush();
    isFull = false;
    const failed = (problem: Error) => note(`evenhand: ${problem.message}`);
    const cache = new CacheFile('/var/cache/shop/experiments.json', failed);
    jest
      .spyOn(await import('node:fs').then(({ promises }) => promises), 'open')
      .mockRejectedValue(
        new Error("ENOSPC: no space left on device, open '/var/cache/shop/.experiments.json.0a'"),
      );
    cache.save(on('a') as { origin: string; data: unknown }, 1);
    await cache.close();
  },
};

describe('docs/runbook.md', () => {
  it.each(Object.keys(SCENARIOS))('can be followed for %s', async (scenario) => {
    await SCENARIOS[scenario]?.();
    expect(logged).not.toEqual([]);
  });

  it('quotes the log as it is written', () => {
    expect(quoted.filter((line) => !logged.includes(line))).toEqual([]);
  });

  it('names only metrics that exist', async () => {
    const client = make({
      source: new FakeSource(() => on('a'), { intervalMs: 1000 }),
      exposures: { sink: callbackSink(() => {}) },
    });
    const exported = new Set(
      client.metrics().map((metric) => {
        const text = prometheusText([{ ...metric, samples: [{ labels: {}, value: 0 }] }]);
        return text.split('\n').at(-2)?.split(' ')[0] ?? '';
      }),
    );
    const named = doc.match(/\bevenhand_[a-z_]+/g) ?? [];
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('explains every state', () => {
    const states = make({ source: ['a:on'] })
      .metrics()
      .find(({ name }) => name === 'evenhand.state')
      ?.samples.map(({ labels }) => labels['state']);
    const rows = [...doc.matchAll(/^\| `(\w+)` +\| (?!meaning)/gm)].map(([, state]) => state);
    expect(new Set(rows)).toEqual(new Set(states));
  });

  it('sends each alert to a section of the page', () => {
    const rules = blocks.find(({ language }) => language === 'yaml')?.text ?? '';
    const alerts = rules.match(/- alert: /g)?.length;
    const sections = [...rules.matchAll(/see "([^"]+)"\.'$/gm)].map(([, section]) => section);
    expect(sections).toHaveLength(alerts ?? 0);
    for (const section of sections) expect(doc).toContain(`\n### ${section}\n`);
  });

  it('has only blocks that these tests read', () => {
    expect([...new Set(blocks.map(({ language, part = '' }) => `${language} ${part}`))]).toEqual([
      'text log',
      'yaml ',
    ]);
  });
});
