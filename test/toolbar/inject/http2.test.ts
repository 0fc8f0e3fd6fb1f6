import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Request, Response } from 'express';
import { injectAtEnd, tellScript } from '../../../src/toolbar/inject/inject.ts';
import { closing } from '../../closing.ts';
import { MARKUP } from './injected-app.ts';

const PAGE = '<!doctype html><title>Shop</title>';

const NAVIGATION = { 'sec-fetch-dest': 'document' };
const SCRIPT = { 'sec-fetch-dest': 'empty' };

/** The methods of a response of `node:http2`, which has none of Express's. */
type Send = (res: Response) => unknown;

/** Returns the headers and the body that a server of `node:http2` sends. */
async function answer(
  send: Send,
  headers: Readonly<Record<string, string>>,
): Promise<[http2.IncomingHttpHeaders, string]> {
  const server = closing(
    http2.createServer((req, res) => {
      const [request, response] = [req, res] as unknown as [Request, Response];
      injectAtEnd(request, response, { render: () => MARKUP, nonce: undefined, warn: () => {} });
      tellScript(request, response, () => 'a1');
      send(response);
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = closing(
    http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  const stream = session.request({ ':path': '/', ...headers });
  const [received] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
  let body = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) body += String(chunk);
  return [received, body];
}

const html = (res: Response): Response => {
  res.setHeader('Content-Type', 'text/html');
  res.setHeader('ETag', '"a"');
  return res;
};

const METRIC = 'evenhand;desc="a1"';

describe('a response of HTTP/2', () => {
  it.each<[string, Send]>([
    ['end()', (res) => html(res).end(PAGE)],
    ['write()', (res) => (html(res).write(PAGE.slice(0, 20)), res.end(PAGE.slice(20)))],
    ['end() after all', (res) => (html(res).write(PAGE), res.end())],
    [
      'a length of its own',
      (res) => {
        html(res).setHeader('Content-Length', PAGE.length);
        res.end(PAGE);
      },
    ],
  ])('is extended: by %s', async (_way, send) => {
    for (const headers of [NAVIGATION, SCRIPT]) {
      const [received, body] = await answer(send, headers);
      expect(body).toBe(PAGE + MARKUP);
      expect(received).toMatchObject({ ':status': 200, 'cache-control': 'private, no-store' });
      expect(received).not.toHaveProperty('etag');
      expect(received).not.toHaveProperty('content-length');
      // A script may take only a part of the page, so it needs the id of the view.
      expect(received['server-timing']).toBe(headers === SCRIPT ? METRIC : undefined);
    }
  });

  it.each<[string, Send, Readonly<Record<string, string>>]>([
    ['its headers are sent before', (res) => html(res).writeHead(200).end(PAGE), NAVIGATION],
    ['it is a fragment for a script', (res) => html(res).end('<p>'), SCRIPT],
    ['it has no type', (res) => res.end(PAGE), NAVIGATION],
  ])('is not extended if %s', async (_what, send, headers) => {
    const [received, body] = await answer(send, headers);
    expect(body).not.toContain(MARKUP);
    expect(received).not.toHaveProperty('cache-control');
  });

  it('names the view for a script', async () => {
    const [received] = await answer((res) => res.end('{}'), SCRIPT);
    expect(received).toMatchObject({ 'server-timing': METRIC });
  });

  it('is extended if its headers are flushed', async () => {
    const [received, body] = await answer((res) => {
      html(res).flushHeaders();
      res.end(PAGE);
    }, NAVIGATION);
    expect(body).toBe(PAGE + MARKUP);
    expect(received).toMatchObject({ 'cache-control': 'private, no-store' });
  });
});
