import type { ServerResponse } from 'node:http';
import { type Client, createClient, type EvenhandError, httpSource } from 'evenhand';
import { json, TestServer } from './http-server.ts';
import { until } from '../until.ts';

const DAY_MS = 86_400_000;

let server: TestServer;
let client: Client;
let text: string;
let streams: ServerResponse[];
let documents: number;
let problems: EvenhandError[];
let warnings: string[];

const inForce = (name: string) =>
  until(`${name} is in force`, () => client.experiments().has(name));

const streaming = (count = 1) =>
  until('somebody listens', () => streams.length >= count && client.status().watching);

function serve(onStream?: (res: ServerResponse) => void): void {
  server.handler = (req, res) => {
    if (req.url?.startsWith('/stream') !== true) {
      documents++;
      json(res, text);
    } else if (onStream === undefined) {
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      res.write(': hello\n\n');
      streams.push(res);
    } else {
      onStream(res);
    }
  };
}

async function start(push: string, options: object = {}, url = server.url()): Promise<void> {
  const source = httpSource(url, { push, intervalMs: DAY_MS, ...options });
  const logger = { warn: (line: string) => void warnings.push(line), error: () => {} };
  client = createClient({ source, logger });
  client.on('error', (problem) => void problems.push(problem));
  await client.ready();
}

beforeEach(async () => {
  server = await new TestServer().start();
  text = '["a:on"]';
  streams = [];
  documents = 0;
  problems = [];
  warnings = [];
  serve();
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

describe('httpSource with push', () => {
  it('loads at each event, but not at comments', async () => {
    await start('/stream');
    await streaming();
    for (const name of ['b', 'c']) {
      text = `["${name}:on"]`;
      streams[0]?.write('event: changed\ndata: {"anything": 1}\n\n');
      await inForce(name);
    }
    const before = documents;
    streams[0]?.write(': ping\n\n'.repeat(100));
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    expect(documents).toBe(before);
    expect(problems).toEqual([]);
  });

  it('loads a handful of times during 10,000 events and ends with the last one', async () => {
    await start(server.url('/stream'));
    await streaming();
    const before = documents;
    const began = performance.now();
    for (let i = 0; i < 10_000; i++) {
      text = `["v${i}:on"]`;
      streams[0]?.write(`data: ${i}\n\n`);
      if (i % 100 === 0) await new Promise(setImmediate);
    }
    await inForce('v9999');
    const seconds = (performance.now() - began) / 1000;
    expect(documents - before).toBeLessThanOrEqual(2 + 4 * Math.ceil(seconds));
  });

  it('listens again when the stream ends, and loads missed changes', async () => {
    await start('/stream');
    await streaming();
    text = '["missed:on"]';
    streams[0]?.destroy();
    await inForce('missed');
    await streaming(2);
    text = '["b:on"]';
    streams[1]?.end('data\n\n');
    await inForce('b');
    expect(warnings[0]).toMatch(/stopped watching.*the stream broke off.*is polled/);
    expect(problems).toEqual([]);
  });

  it.each<[string, (res: ServerResponse) => void]>([
    ['is missing', (res) => res.writeHead(404).end()],
    ['is not a stream', (res) => json(res, '{}')],
    [
      'ends immediately',
      (res) => res.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    ],
    ['hangs', () => {}],
  ])('polls if the stream %s', async (_what, onStream) => {
    serve(onStream);
    await start('/stream', { intervalMs: 100, timeoutMs: 400 });
    text = '["b:on"]';
    await inForce('b');
    await until('it is told', () => warnings.length > 0);
    expect(warnings[0]).toMatch(/the source "http" stopped watching for changes/);
    expect(problems).toEqual([]);
  });

  it('sends secrets to a stream on its own server only', async () => {
    const other = await new TestServer().start();
    const url = server.url().replace('://', '://anna:s3cret@');
    const headers = { 'x-api-key': 's3cret' };
    other.handler = server.handler;
    await start(other.url('/stream'), { headers }, url);
    await streaming();
    await client.close();
    expect(JSON.stringify(other.requests[0]?.headers)).not.toMatch(/s3cret|authorization/);
    await start('/stream', { headers }, url);
    await streaming(2);
    const asked = server.requests.find(({ url }) => url === '/stream');
    expect(asked?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: expect.stringMatching(/^Basic /),
      'x-api-key': 's3cret',
    });
  });

  it('closes the stream with the client', async () => {
    await start('/stream');
    await streaming();
    let closed = false;
    streams[0]?.on('close', () => {
      closed = true;
    });
    await client.close();
    await until('the stream is closed', () => closed);
    expect(warnings).toEqual([]);
  });
});
