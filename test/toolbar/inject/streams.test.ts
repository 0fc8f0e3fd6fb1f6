import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Response } from 'express';
import { versions } from '../../express/harness.ts';
import { InjectedApp, MARKUP, NAVIGATION, PLAIN, SCRIPT, type Setup } from './injected-app.ts';
import { bytesFrom, parseResponse, valueOf } from './wire.ts';

const PAGE = '<!doctype html><title>Shop</title>';

const html = (res: Response) => res.type('html');

/** A browser that waits for what it reads. */
class Reader {
  private readonly socket: Socket;
  private text = '';

  constructor(port: number, headers: Readonly<Record<string, string>>) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => (this.text += text));
    this.socket.on('error', () => {});
    const lines = Object.entries({ Host: 'shop', ...headers }).map(
      (one) => `${one.join(': ')}\r\n`,
    );
    this.socket.write(`GET / HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  /** Waits until the server has sent a text. */
  async until(text: string): Promise<string> {
    while (!this.text.includes(text)) await once(this.socket, 'data');
    return this.text;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

describe.each(versions)('a stream on Express $version', ({ express }) => {
  const appOf = (send: Setup['send'], more: Omit<Setup, 'send'> = {}) =>
    new InjectedApp(express, { ...more, send });

  it.each([
    ['a page', NAVIGATION, PAGE],
    ['a document for a script', SCRIPT, PAGE],
    ['a fragment for a script', SCRIPT, '<p>one'],
    ['a fragment for an old browser', PLAIN, '<p>one'],
  ])('arrives part by part: %s', async (_what, headers, first) => {
    let next = (): void => {};
    const app = appOf((_req, res) => {
      html(res).write(first);
      next = () => res.end('<p>two');
    });
    const reader = new Reader(await app.port(), headers);
    await reader.until(first);
    next();
    expect(await reader.until('<p>two')).toContain(first);
    reader.destroy();
  });

  it('sends its headers at once if they are flushed', async () => {
    let next = (): void => {};
    const app = appOf((_req, res) => {
      html(res).set('ETag', '"a"').flushHeaders();
      next = () => res.end(PAGE);
    });
    const reader = new Reader(await app.port(), { ...NAVIGATION, Connection: 'close' });
    expect(await reader.until('\r\n\r\n')).toContain('Cache-Control: private, no-store');
    next();
    expect(await reader.until('0\r\n\r\n')).toContain(MARKUP);
  });

  it.each([SCRIPT, PLAIN])(
    'is not a document without bytes before its headers: %j',
    async (headers) => {
      const app = appOf((_req, res) => {
        html(res).flushHeaders();
        res.end(PAGE);
      });
      expect(await app.compare({ headers })).toBe('unchanged');
    },
  );

  it('does not wait long for the bytes that tell its kind', async () => {
    let next = (): void => {};
    const app = appOf((_req, res) => {
      html(res).write(' <!--');
      next = () => res.end(`-->${PAGE}`);
    });
    const reader = new Reader(await app.port(), { ...SCRIPT, Connection: 'close' });
    expect(await reader.until(' <!--')).not.toContain('no-store');
    next();
    expect(await reader.until('0\r\n\r\n')).not.toContain(MARKUP);
  });

  it('keeps its headers while its first bytes are held', async () => {
    const seen: unknown[] = [];
    const app = appOf((_req, res) => {
      html(res);
      seen.push(res.write('<!doc'), res.headersSent);
      expect(() => res.setHeader('X-Late', '1')).toThrow('after they are sent');
      res.end('type html>');
    });
    expect(await app.compare({ headers: SCRIPT })).toBe('extended');
    expect(seen).toEqual([true, true, true, true]);
  });

  it('calls the callbacks of write() and end() once and in order', async () => {
    const calls: string[] = [];
    const app = appOf((_req, res) => {
      html(res).write('<!doc', () => calls.push('first'));
      res.write('type ', 'latin1', () => calls.push('second'));
      res.write('html>', () => calls.push('third'));
      res.end('<p>', 'utf8', () => calls.push('end'));
    });
    await app.ask({ headers: SCRIPT });
    expect(calls).toEqual(['first', 'second', 'third', 'end']);
  });

  it.each<[string, (res: Response, done: () => void) => unknown]>([
    ['end(callback)', (res, done) => (res.write(PAGE), res.end(done))],
    ['end(chunk, callback)', (res, done) => res.end(PAGE, done)],
    ['end(chunk, encoding, callback)', (res, done) => res.end(PAGE, 'latin1', done)],
    ['end(null, undefined, callback)', (res, done) => (res.write(PAGE), endAll(res, done))],
  ])('calls the callback of %s after all bytes', async (_way, end) => {
    const finished: unknown[] = [];
    const app = appOf((_req, res) => {
      end(html(res), () => finished.push([res.writableFinished, res.writableLength]));
    });
    expect(await app.compare()).toBe('extended');
    expect(finished).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });

  it('returns the response from end()', async () => {
    const returned: boolean[] = [];
    const app = appOf((_req, res) => returned.push(html(res).end(PAGE) === res));
    await app.ask();
    expect(returned).toEqual([true]);
  });

  it('keeps backpressure: write() returns false, and drain follows', async () => {
    const big = Buffer.alloc(1_000_000, 'x');
    let drained = 0;
    let refused = 0;
    const app = appOf(async (_req, res) => {
      html(res).write(PAGE);
      for (let i = 0; i < 20; i++) {
        if (res.write(big)) continue;
        refused++;
        await once(res, 'drain');
        drained++;
      }
      res.end();
    });
    const { body } = await app.ask();
    expect(body.length).toBe(PAGE.length + 20 * big.length + MARKUP.length);
    expect(refused).toBeGreaterThan(0);
    expect(drained).toBe(refused);
  });

  it('keeps trailers', async () => {
    const app = appOf((_req, res) => {
      html(res).set('Trailer', 'X-Sum').write(PAGE);
      res.addTrailers({ 'X-Sum': '7' });
      res.end('<p>');
    });
    expect(await app.compare()).toBe('extended');
    expect((await app.ask()).trailers).toEqual(['X-Sum: 7']);
  });

  it('keeps early hints in front of the page', async () => {
    const app = appOf((_req, res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' }, () => res.send(PAGE));
    });
    const text =
      'GET / HTTP/1.1\r\nHost: a\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n\r\n';
    const bytes = await bytesFrom(await app.port(), text);
    expect(bytes.toString('latin1')).toMatch(/^HTTP\/1.1 103 Early Hints\r\nLink: /);
    const [{ status, body }] = parseResponse(bytes, 'GET');
    expect([status, body.toString()]).toEqual([200, PAGE + MARKUP]);
  });

  it('ends with the connection for HTTP/1.0', async () => {
    const app = appOf((_req, res) => res.send(PAGE));
    const headers = { ...NAVIGATION, Connection: 'keep-alive' };
    const response = await app.ask({ version: '1.0', headers });
    expect(response.body.toString()).toBe(PAGE + MARKUP);
    expect(valueOf(response, 'content-length')).toBeUndefined();
    expect(valueOf(response, 'transfer-encoding')).toBeUndefined();
  });

  it('leaves the connection usable for the next requests', async () => {
    const app = appOf((req, res) =>
      req.path === '/data' ? res.json([1]) : res.status(Number(req.path.slice(1))).send(PAGE),
    );
    const paths = ['/200', '/data', '/404', '/204', '/500', '/data'];
    const askings = paths.map((target) => ({ target, headers: NAVIGATION }));
    const responses = await app.askAll(askings);
    const bodies = responses.map(({ status, body }) => `${status} ${body.toString()}`);
    expect(bodies).toEqual([
      `200 ${PAGE}${MARKUP}`,
      '200 [1]',
      `404 ${PAGE}${MARKUP}`,
      '204 ',
      `500 ${PAGE}${MARKUP}`,
      '200 [1]',
    ]);
  });

  it('passes 10,000 small writes on', async () => {
    const app = appOf((_req, res) => {
      html(res).write(PAGE);
      for (let i = 0; i < 10_000; i++) res.write(String(i % 10));
      res.end();
    });
    expect(await app.compare({ headers: SCRIPT })).toBe('extended');
  });
});

/** Calls `end()` with arguments that its types refuse. */
function endAll(res: Response, done: () => void): void {
  (res.end as (...args: unknown[]) => unknown)(null, undefined, done);
}
