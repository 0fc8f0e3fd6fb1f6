import { join } from 'node:path';
import type { Response } from 'express';
import { tellScript } from '../../../src/toolbar/inject/inject.ts';
import { versions } from '../../express/harness.ts';
import {
  compare,
  InjectedApp,
  MARKUP,
  NAVIGATION,
  PLAIN,
  SCRIPT,
  type Setup,
} from './injected-app.ts';
import { type WireResponse, valueOf } from './wire.ts';

const PAGE = '<!doctype html><title>Shop</title>';
const ID = 'a1b2-c3_d4';
const METRIC = `evenhand;desc="${ID}"`;

const json = (res: Response) => res.type('json');

/** Returns the response without a header. */
function without(response: WireResponse, name: string): WireResponse {
  return { ...response, headers: response.headers.filter(([one]) => one !== name) };
}

describe.each(versions)('tellScript() on Express $version', ({ express }) => {
  const appOf = (send: Setup['send'], viewId: Setup['viewId'] = () => ID) =>
    new InjectedApp(express, { send, viewId });

  it.each<[string, Setup['send']]>([
    ['json()', (_req, res) => res.json({ a: 1 })],
    ['a fragment', (_req, res) => res.send('<p>one')],
    ['a fragment in parts', (_req, res) => (res.type('html').write('<'), res.end('p>'))],
    ['a stream of events', (_req, res) => res.type('text/event-stream').end('data: 1\n\n')],
    ['no body', (_req, res) => res.status(204).end()],
    ['a redirect', (_req, res) => res.redirect('/elsewhere')],
    ['an error', (_req, res) => res.status(500).json({})],
    ['end() without a type', (_req, res) => res.end('text')],
    ['flushHeaders()', (_req, res) => (json(res).flushHeaders(), res.end('{}'))],
    ['writeHead() without headers', (_req, res) => json(res).writeHead(200).end('{}')],
    ['writeHead() with an object', (_req, res) => res.writeHead(200, { ETag: '"a"' }).end('{}')],
    ['writeHead() with a list', (_req, res) => res.writeHead(200, ['ETag', '"a"']).end('{}')],
    [
      'writeHead() with a message and a length',
      (_req, res) => res.writeHead(201, 'Made', { 'Content-Length': 2 }).end('{}'),
    ],
    [
      'writeHead() of a fragment',
      (_req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': 6 }).end('<p>one');
      },
    ],
  ])('names the view in a response by %s, which is otherwise the same', async (_way, send) => {
    const app = appOf(send);
    const [response, other] = [
      await app.ask({ headers: SCRIPT }),
      await app.askWithout({ headers: SCRIPT }),
    ];
    expect(valueOf(response, 'server-timing')).toBe(METRIC);
    expect(compare(without(response, 'server-timing'), other)).toBe('unchanged');
  });

  it('names the view of a page that a script loads, because it may take only a part of it', async () => {
    const response = await appOf((_req, res) => res.send(PAGE)).ask({ headers: SCRIPT });
    expect(valueOf(response, 'server-timing')).toBe(METRIC);
    expect(response.body.toString()).toBe(PAGE + MARKUP);
  });

  it.each<[string, (res: Response) => unknown]>([
    ['set()', (res) => res.set('Server-Timing', 'db;dur=5').json({})],
    ['writeHead()', (res) => res.writeHead(200, { 'server-timing': 'db;dur=5' }).end('{}')],
    ['several headers', (res) => res.set('Server-Timing', ['db;dur=5']).json({})],
  ])('keeps the metrics that the application gives by %s', async (_way, send) => {
    const response = await appOf((_req, res) => send(res)).ask({ headers: SCRIPT });
    expect(valueOf(response, 'server-timing')).toBe(`db;dur=5, ${METRIC}`);
  });

  it.each<[string, Setup['send'], Record<string, string>]>([
    ['a page', (_req, res) => res.send(PAGE), NAVIGATION],
    ['a navigation to data', (_req, res) => res.json({}), NAVIGATION],
    ['a request that no script made', (_req, res) => res.json({}), PLAIN],
    ['an image', (_req, res) => res.type('png').send(Buffer.from('x')), SCRIPT],
    ['a style sheet', (_req, res) => res.type('css').send('a{}'), SCRIPT],
    ['a script', (_req, res) => res.type('js').send('1'), SCRIPT],
    ['a font', (_req, res) => res.type('font/woff2').send(Buffer.from('x')), SCRIPT],
    ['WebAssembly', (_req, res) => res.type('application/wasm').send(Buffer.from('x')), SCRIPT],
    ['a file', (_req, res) => res.sendFile(join(__dirname, 'wire.ts')), SCRIPT],
    ['a public response', (_req, res) => res.set('Cache-Control', 'public').json({}), SCRIPT],
    [
      'a response for shared caches',
      (_req, res) => res.set('Cache-Control', 'max-age=0, s-maxage=60').json({}),
      SCRIPT,
    ],
  ])('does not name the view of %s', async (_what, send, headers) => {
    const viewId = jest.fn(() => ID);
    const response = await appOf(send, viewId).ask({ headers });
    expect(valueOf(response, 'server-timing')).toBeUndefined();
    expect(viewId).not.toHaveBeenCalled();
  });

  it.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['an empty text', () => ''],
    ['markup', () => '"\r\nSet-Cookie: a=b'],
    ['a long text', () => 'x'.repeat(200)],
    ['a number', () => 7],
    [
      'an error',
      () => {
        throw new Error('no id');
      },
    ],
  ])('ignores %s as an id', async (_what, viewId) => {
    const app = appOf((_req, res) => res.json({ a: 1 }), viewId as () => string);
    expect(await app.compare({ headers: SCRIPT })).toBe('unchanged');
  });

  it('asks for the id once, when the headers are about to be sent', async () => {
    const order: string[] = [];
    const app = appOf(
      (_req, res) => {
        order.push('handler');
        res.type('html').write('<p');
        order.push('written');
        res.end('>');
      },
      () => {
        order.push('id');
        return ID;
      },
    );
    await app.ask({ headers: SCRIPT });
    expect(order).toEqual(['handler', 'id', 'written']);
  });

  it('works alone, for an application that adds the markup itself', async () => {
    const app = new InjectedApp(express, {
      send: (_req, res) => res.send(`${PAGE}${MARKUP}`),
      before: [
        (req, res, next) => {
          tellScript(req, res, () => ID);
          next();
        },
      ],
    });
    const [page] = await app.askAll([{ headers: SCRIPT }], false);
    if (page === undefined) throw new Error('no response');
    expect(valueOf(page, 'server-timing')).toBe(METRIC);
    expect(valueOf(page, 'etag')).toBeDefined();
    expect(page.body.toString()).toBe(PAGE + MARKUP);
  });
});
