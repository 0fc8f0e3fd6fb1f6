import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../src/client/client.ts';
import type { ExposureRecord } from '../../src/exposures/records/record.ts';
import { webhookSink } from '../../src/exposures/sinks/webhook/webhook-sink.ts';
import { experiment, recordingLogger } from '../assignment/build.ts';
import { TestServer } from '../sources/http/http-server.ts';

/**
 * The visitors in each round of load, and the rounds of the outage: half a second instead of a
 * minute.
 */
const VISITORS = 40;
const TURNS = 40;
const TURN_MS = 10;

describe('a sink that fails under load and recovers', () => {
  const server = new TestServer();
  let units: (string | undefined)[];
  let ids: Set<string>;
  let isHanging: boolean;

  /** Accepts a batch like a good receiver: each record once, by its id. */
  async function receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req);
    if (isHanging) return;
    const isZipped = req.headers['content-encoding'] === 'gzip';
    const text = (isZipped ? gunzipSync(body) : body).toString();
    for (const { id, unit } of JSON.parse(text) as ExposureRecord[]) {
      if (!ids.has(id)) units.push(unit);
      ids.add(id);
    }
    res.end();
  }

  beforeEach(async () => {
    [units, ids, isHanging] = [[], new Set(), false];
    server.handler = (req, res) => void receive(req, res);
    await server.start();
  });

  afterEach(() => server.stop());

  function hang(isOn: boolean): Promise<void> {
    isHanging = isOn;
    return Promise.resolve();
  }

  it.each([
    ['is down', () => server.stop(), () => server.start()],
    ['hangs', () => hang(true), () => hang(false)],
  ])('loses no record and keeps the order when it %s', async (_, fail, repair) => {
    const address = server.url('/');
    const client = createClient({
      source: [experiment()],
      logger: recordingLogger(),
      exposures: {
        sink: webhookSink(address),
        batch: { maxRecords: 100, maxWaitMs: 20 },
        retry: { minDelayMs: 10, maxDelayMs: 100 },
        writeTimeoutMs: 150,
        drainOnSignals: false,
      },
    });
    let next = 0;
    const visit = (): void => {
      for (let i = 0; i < VISITORS; i++)
        client.participant({ user: { id: next++ } }).variant('exp');
    };
    visit();
    await client.exposures?.flush();
    expect(units).toHaveLength(VISITORS);

    await fail();
    for (let turn = 0; turn < TURNS; turn++) {
      visit();
      await sleep(TURN_MS);
    }
    expect(units).toHaveLength(VISITORS);
    expect(client.exposures?.stats().sinks[0]?.retried).toBeGreaterThan(0);

    await repair();
    await client.exposures?.flush();
    await client.close();
    expect(units).toEqual(Array.from({ length: next }, (_unit, id) => String(id)));
    expect(client.exposures?.stats().sinks[0]?.dropped).toBe(0);
  });
});
