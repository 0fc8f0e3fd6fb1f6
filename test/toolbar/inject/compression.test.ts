import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import compression from 'compression';
import type { Response } from 'express';
import { versions } from '../../express/harness.ts';
import { InjectedApp, MARKUP, NAVIGATION, PLAIN, SCRIPT, type Setup } from './injected-app.ts';
import { valueOf } from './wire.ts';

const PAGE = `<!doctype html><title>Shop</title>${'<p>words'.repeat(500)}`;

const ACCEPTS = { ...NAVIGATION, 'Accept-Encoding': 'gzip' };

const ENCODED =
  'a page is compressed before it reaches the toolbar, so the toolbar is missing from it; ' +
  'call app.use(compression()) before app.use(toolbar()), and send its files uncompressed';

const html = (res: Response) => res.type('html');

/** The ways to send a page that compression handles. */
const ways: readonly (readonly [string, Setup['send']])[] = [
  ['send()', (_req, res) => res.send(PAGE)],
  ['end()', (_req, res) => html(res).end(PAGE)],
  ['write()', (_req, res) => (html(res).write(PAGE.slice(0, 9)), res.end(PAGE.slice(9)))],
  [
    'writeHead()',
    (_req, res) => res.writeHead(200, { 'Content-Type': 'text/html', ETag: '"a"' }).end(PAGE),
  ],
  [
    'writeHead() with a length',
    (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': PAGE.length });
      res.write(PAGE.slice(0, 100));
      res.end(PAGE.slice(100));
    },
  ],
];

describe.each(versions)('compression on Express $version', ({ express }) => {
  describe.each(ways)('of a page by %s', (_way, send) => {
    it.each([
      ['gzip', ACCEPTS, gunzipSync],
      ['br', { ...NAVIGATION, 'Accept-Encoding': 'br' }, brotliDecompressSync],
      ['gzip', { ...SCRIPT, 'Accept-Encoding': 'gzip' }, gunzipSync],
      ['gzip', { ...PLAIN, 'Accept-Encoding': 'gzip' }, gunzipSync],
    ])('in front of the toolbar includes the markup: %s', async (encoding, headers, decode) => {
      const app = new InjectedApp(express, { send, before: [compression()] });
      const [response, second] = await app.askAll([{ headers }, { headers }]);
      if (!response || !second) throw new Error('no response');
      expect(valueOf(response, 'content-encoding')).toBe(encoding);
      expect(valueOf(response, 'cache-control')).toBe('private, no-store');
      expect(valueOf(response, 'etag')).toBeUndefined();
      expect(decode(response.body).toString()).toBe(PAGE + MARKUP);
      expect(decode(second.body).toString()).toBe(PAGE + MARKUP);
      expect(app.warnings).toEqual([]);
    });

    it('in front of the toolbar is left out for browsers that do not accept it', async () => {
      const app = new InjectedApp(express, { send, before: [compression()] });
      const response = await app.ask();
      expect(valueOf(response, 'content-encoding')).toBeUndefined();
      expect(response.body.toString()).toBe(PAGE + MARKUP);
    });

    it('behind the toolbar leaves the page without it, with a warning', async () => {
      const app = new InjectedApp(express, { send, after: [compression()] });
      expect(await app.compare({ headers: ACCEPTS })).toBe('unchanged');
      expect(gunzipSync((await app.ask({ headers: ACCEPTS })).body).toString()).toBe(PAGE);
      expect(new Set(app.warnings)).toEqual(new Set([ENCODED]));
      expect(app.facts).toEqual([]);
    });

    it('behind the toolbar is left out for browsers that do not accept it', async () => {
      const app = new InjectedApp(express, { send, after: [compression()] });
      expect((await app.ask()).body.toString()).toBe(PAGE + MARKUP);
      expect(app.warnings).toEqual([]);
    });
  });

  it.each(['before', 'after'] as const)('mounted %s it keeps a short page whole', async (where) => {
    const app = new InjectedApp(express, {
      send: (_req, res) => res.send('<p>short'),
      [where]: [compression()],
    });
    const response = await app.ask({ headers: ACCEPTS });
    const isEncoded = valueOf(response, 'content-encoding') === 'gzip';
    const body = isEncoded ? gunzipSync(response.body) : response.body;
    expect(body.toString()).toBe(`<p>short${MARKUP}`);
  });

  it('by the application itself leaves the page without the toolbar, with a warning', async () => {
    const app = new InjectedApp(express, {
      send: (_req, res) => html(res).set('Content-Encoding', 'gzip').end(gzipSync(PAGE)),
      before: [compression()],
    });
    expect(await app.compare({ headers: ACCEPTS })).toBe('unchanged');
    expect(app.warnings).toEqual([ENCODED]);
  });

  it.each([
    ['a script', SCRIPT, 'text/html'],
    ['JSON', NAVIGATION, 'application/json'],
  ])('of a response for %s needs no warning', async (_what, headers, type) => {
    const app = new InjectedApp(express, {
      send: (_req, res) => res.type(type).send(PAGE),
      after: [compression()],
    });
    expect(await app.compare({ headers: { ...headers, 'Accept-Encoding': 'gzip' } })).toBe(
      'unchanged',
    );
    expect(app.warnings).toEqual([]);
  });
});
