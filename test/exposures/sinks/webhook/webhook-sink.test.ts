import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import express from 'express';
import type { EventRecord } from '../../../../src/exposures/records/record.ts';
import type { WebhookSinkOptions } from '../../../../src/exposures/sinks/webhook/webhook-options.ts';
import { verifyWebhook } from '../../../../src/exposures/sinks/webhook/webhook-signature.ts';
import { webhookSink } from '../../../../src/exposures/sinks/webhook/webhook-sink.ts';
import { describeSinkContract } from '../../../contract/sink-contract.ts';
import { exposures, unaborted } from '../records.ts';
import { closing } from '../../../closing.ts';

/** A received request. */
interface Received {
  readonly request: IncomingMessage;
  readonly raw: Buffer;
  readonly records: EventRecord[];
}

/** A server that stores requests and answers as configured. */
class Receiver {
  readonly received: Received[] = [];
  answer: (response: ServerResponse, request: IncomingMessage) => void = (response) => {
    response.end('ok');
  };
  readonly #server: Server = createServer((request, response) => {
    void this.#take(request).then(() => this.answer(response, request));
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage): Promise<void> {
    const raw = await buffer(request);
    const isZipped = request.headers['content-encoding'] === 'gzip';
    const text = (isZipped ? gunzipSync(raw) : raw).toString();
    this.received.push({ request, raw, records: JSON.parse(text) as EventRecord[] });
  }
}

const SECRET = 'a secret of some length';

let receiver: Receiver;
let address: string;

beforeEach(async () => {
  receiver = new Receiver();
  address = await receiver.start();
});

afterEach(() => receiver.stop());

const write = (batch: readonly EventRecord[], options?: WebhookSinkOptions): Promise<void> =>
  webhookSink(`${address}/exposures?token=geheim`, options).write(batch, unaborted());

/** Returns the error of a rejected write. */
const failure = (batch: readonly EventRecord[], options?: WebhookSinkOptions): Promise<unknown> =>
  write(batch, options).then(
    () => 'no failure',
    (error: unknown) => error,
  );

const answerWith =
  (status: number, headers: Record<string, string> = {}, body = ''): Receiver['answer'] =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

describeSinkContract('webhookSink()', async () => {
  const taken: EventRecord[] = [];
  let mode: 'works' | 'fails' | 'hangs' = 'works';
  const setMode = (to: typeof mode) => async () => {
    mode = to;
  };
  receiver.answer = (response) => {
    if (mode === 'fails') response.writeHead(500);
    else taken.push(...(receiver.received.at(-1)?.records ?? []));
    if (mode !== 'hangs') response.end();
  };
  return {
    sink: webhookSink(address),
    received: async () => taken,
    breakDown: setMode('fails'),
    hang: setMode('hangs'),
    repair: setMode('works'),
    dispose: async () => {},
  };
});

describe('webhookSink', () => {
  const header = (name: string, at = 0): unknown => receiver.received[at]?.request.headers[name];

  it('posts a JSON list with the given headers', async () => {
    const batch = exposures(2);
    await write(batch, { headers: { authorization: 'Bearer abc' } });
    expect(receiver.received.map(({ records }) => records)).toEqual([batch]);
    expect(receiver.received[0]?.request).toMatchObject({
      method: 'POST',
      url: '/exposures?token=geheim',
    });
    expect(header('content-type')).toBe('application/json');
    expect(header('authorization')).toBe('Bearer abc');
    expect(header('webhook-signature')).toBeUndefined();
  });

  it('compresses bodies of at least 1 KiB, unless gzip is false', async () => {
    const batch = exposures(50);
    await write(batch);
    await write(batch, { gzip: false });
    await write(exposures(1));
    expect([0, 1, 2].map((at) => header('content-encoding', at))).toEqual([
      'gzip',
      undefined,
      undefined,
    ]);
    expect(receiver.received[0]?.records).toEqual(batch);
    const [zipped = 0, plain = 0] = receiver.received.map(({ raw }) => raw.length);
    expect(zipped).toBeLessThan(plain / 3);
  });

  it('sends the same Idempotency-Key for the same batch only', async () => {
    const batch = exposures(3);
    receiver.answer = answerWith(503);
    await failure(batch);
    receiver.answer = answerWith(200);
    await write(batch);
    await write(exposures(3));
    const [first, again, other] = [0, 1, 2].map((at) => header('idempotency-key', at));
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('splits a batch that is too large into several requests, in order, without splitting a record', async () => {
    const batch = exposures(20);
    const maxBytes = 2000;
    await write(batch, { maxBytes, gzip: false });
    expect(receiver.received.flatMap(({ records }) => records)).toEqual(batch);
    expect(receiver.received.length).toBeGreaterThan(2);
    expect(Math.max(...receiver.received.map(({ raw }) => raw.length))).toBeLessThanOrEqual(
      maxBytes,
    );
    receiver.received.length = 0;
    await write(batch, { maxBytes: 1 });
    expect(receiver.received.map(({ records }) => records)).toEqual(batch.map((one) => [one]));
  });

  it('sends the records after a rejected one, and then reports the rejection', async () => {
    receiver.answer = (response) => {
      response.writeHead(receiver.received.length === 2 ? 422 : 200).end();
    };
    expect(await failure(exposures(3), { maxBytes: 1 })).toMatchObject({ permanent: true });
    expect(receiver.received).toHaveLength(3);
  });

  it('signs requests that an Express application verifies as documented', async () => {
    const app = express();
    const seen: unknown[] = [];
    app.post('/exposures', express.raw({ type: 'application/json' }), (req, res) => {
      if (!verifyWebhook(req.body as Buffer, req.headers, SECRET)) {
        res.sendStatus(401);
        return;
      }
      seen.push(JSON.parse(String(req.body)));
      res.sendStatus(204);
    });
    const server = closing(app.listen(0));
    const url = `http://localhost:${(server.address() as AddressInfo).port}/exposures`;
    const [small, large] = [exposures(1), exposures(50)];
    const sink = webhookSink(url, { secret: SECRET });
    await sink.write(small, unaborted());
    await sink.write(large, unaborted());
    const other = webhookSink(url, { secret: `not ${SECRET}` }).write(small, unaborted());
    await expect(other).rejects.toThrow('answered 401');
    expect(seen).toEqual([small, large]);
  });

  it.each([500, 502, 503, 429, 408, 425])('asks to be retried after %i', async (status) => {
    receiver.answer = answerWith(status);
    const error = await failure(exposures(1));
    expect(error).toMatchObject({ name: 'SinkError', permanent: false });
    expect(error).not.toHaveProperty('retryAfterMs');
  });

  it.each([400, 401, 404, 413, 422])('gives up after %i', async (status) => {
    receiver.answer = answerWith(status, {}, 'unknown field "bucket"\n\u001b[31m');
    expect(await failure(exposures(1))).toMatchObject({
      permanent: true,
      message: `${address}/exposures: the server answered ${status} ${String.raw`"unknown field \"bucket\"\n\u001b[31m"`}`,
    });
  });

  it('reports Retry-After, in seconds or as a date', async () => {
    receiver.answer = answerWith(429, { 'retry-after': '7' });
    expect(await failure(exposures(1))).toMatchObject({ permanent: false, retryAfterMs: 7000 });
    const date = new Date(Math.floor(Date.now() / 1000) * 1000);
    const until = new Date(date.getTime() + 40_000);
    receiver.answer = answerWith(503, {
      date: date.toUTCString(),
      'retry-after': until.toUTCString(),
    });
    expect(await failure(exposures(1))).toMatchObject({ permanent: false, retryAfterMs: 40_000 });
  });

  it.each([301, 302, 307, 308])('does not follow a redirect with status %i', async (status) => {
    const elsewhere = new Receiver();
    closing(elsewhere);
    const location = await elsewhere.start();
    receiver.answer = answerWith(status, { location });
    const error = await failure(exposures(1), { headers: { authorization: 'geheim' } });
    expect(error).toMatchObject({
      message: expect.stringContaining(
        `answered ${status}, a redirect, which is not followed`,
      ) as unknown,
    });
    expect(error).not.toHaveProperty('permanent');
    expect(elsewhere.received).toEqual([]);
  });

  it('times out when the server hangs', async () => {
    receiver.answer = () => {};
    expect(await failure(exposures(1), { timeoutMs: 50 })).toMatchObject({
      message: `${address}/exposures: no response within 50 ms`,
    });
  });

  it('reports a closed connection and an unreachable server', async () => {
    receiver.answer = (response) => response.destroy();
    expect(await failure(exposures(1))).toMatchObject({
      name: 'SinkError',
      message: `${address}/exposures: the request failed: other side closed`,
    });
    await receiver.stop();
    expect(await failure(exposures(1))).toMatchObject({
      message: expect.stringContaining('the request failed: connect ECONNREFUSED') as unknown,
    });
    await receiver.start();
  });

  it('does not wait for a slow response, nor read an endless one', async () => {
    let sent = 0;
    let timer: NodeJS.Timeout | undefined;
    receiver.answer = (response) => {
      response.write('x');
      timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    await write(exposures(1));
    receiver.answer = (response) => {
      const more = (): void => {
        const chunk = 'x'.repeat(64 * 1024);
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.writeHead(500);
      response.on('drain', more);
      more();
    };
    const error = (await failure(exposures(1))) as Error;
    expect(error.message.length).toBeLessThan(200);
    expect(sent).toBeLessThan(50_000_000);
  });

  it('never shows a secret', async () => {
    receiver.answer = answerWith(400);
    const options = { headers: { 'x-key': 'geheim' }, secret: 'geheim geheim geheim' };
    const errors = [await failure(exposures(1), options)];
    await receiver.stop();
    errors.push(await failure(exposures(1), options));
    await receiver.start();
    expect(errors.map(String).join('\n')).not.toContain('geheim');
    for (const header of ['geheim\nx', 'geheim\u0100']) {
      const make = () => webhookSink(address, { headers: { 'x-key': header } });
      expect(make).toThrow('the header "x-key" is invalid');
      expect(make).not.toThrow('geheim');
    }
  });

  it('posts only over TLS or to this host', () => {
    for (const url of [
      'https://example.com/x',
      'http://localhost:1',
      'http://[::1]/',
      'http://127.9.9.9',
      new URL('http://a.localhost'),
    ]) {
      expect(webhookSink(url).name).toBe('webhook');
    }
    for (const url of [
      'http://example.com',
      'http://127.0.0.1.example.com',
      'http://notlocalhost',
      'http://10.0.0.1',
      'ftp://localhost',
    ]) {
      expect(() => webhookSink(url)).toThrow('the URL must start with https:');
    }
    expect(webhookSink('http://example.com', { allowHttp: true }).name).toBe('webhook');
    expect(() => webhookSink('file:///etc', { allowHttp: true })).toThrow('must start with https:');
  });

  it.each([
    ['exposures', {}, 'the first argument must be a URL, not "exposures"'],
    [undefined, {}, 'the first argument must be a URL, not undefined'],
    ['https://ada:pw@example.com', {}, 'the URL contains a user name or a password'],
    ['https://a.b', { secret: 'short' }, 'must have at least 16 bytes, not 5'],
    ['https://a.b', { timeoutMs: 0 }, 'option "timeoutMs" must be a number of milliseconds from 1'],
    [
      'https://a.b',
      { maxBytes: 0 },
      'option "maxBytes" must be a number of bytes, 1 or more, not 0',
    ],
    ['https://a.b', { gzip: 'yes' }, 'option "gzip" must be true or false, not "yes"'],
    ['https://a.b', { headers: { 'x-a': 1 } }, 'the header "x-a" must be a string, not 1'],
    [
      'https://a.b',
      { headers: { 'Webhook-Id': 'x' } },
      'the header "Webhook-Id" is set by the sink',
    ],
    ['https://a.b', { headers: { 'x a': 'x' } }, 'the header "x a" is invalid'],
    ['https://a.b', { header: {} }, 'unknown option "header"; did you mean "headers"?'],
  ])('rejects %j with %j', (url, options, message) => {
    expect(() => webhookSink(url as string, options as WebhookSinkOptions)).toThrow(message);
  });
});
