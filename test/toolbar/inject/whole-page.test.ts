import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versions } from '../../express/harness.ts';
import { InjectedApp, MARKUP, NAVIGATION, PLAIN, SCRIPT, type Setup } from './injected-app.ts';
import { valueOf } from './wire.ts';

const PAGE = '<!doctype html><title>Shop</title>';

const SINCE = { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' };
const ANY = { 'If-None-Match': '*' };

describe.each(versions)('a request with conditions on Express $version', ({ express }) => {
  const appOf = (send: Setup['send']) => new InjectedApp(express, { send });

  it.each([
    ['a page', NAVIGATION],
    ['a page in a frame', { 'Sec-Fetch-Dest': 'iframe' }],
    ['a page for an old browser', { ...PLAIN, Accept: 'text/html,*/*;q=0.8' }],
    ['a page that Turbo fetches', { ...SCRIPT, Accept: 'text/html, application/xhtml+xml' }],
    ['a page that htmx fetches', { ...SCRIPT, 'HX-Boosted': 'true' }],
  ])('for %s gets the whole page, with the toolbar', async (_what, headers) => {
    const app = appOf((_req, res) => res.send(PAGE));
    const asking = { headers: { ...headers, ...ANY } };
    expect((await app.askWithout(asking)).status).toBe(304);
    const response = await app.ask(asking);
    expect(response.status).toBe(200);
    expect(response.body.toString()).toBe(PAGE + MARKUP);
  });

  it.each([
    ['data', { ...SCRIPT, Accept: 'application/json' }],
    ['anything', { ...SCRIPT, Accept: '*/*' }],
    ['an image', { 'Sec-Fetch-Dest': 'image', Accept: 'image/png' }],
    ['a style sheet', { 'Sec-Fetch-Dest': 'style', Accept: 'text/css,*/*;q=0.1' }],
    ['a program such as curl', { Accept: '*/*' }],
  ])('for %s still gets 304', async (_what, headers) => {
    const app = appOf((_req, res) => res.json({ a: 1 }));
    const asking = { headers: { ...headers, ...ANY } };
    expect((await app.ask(asking)).status).toBe(304);
    expect(await app.compare(asking)).toBe('unchanged');
  });

  it('still gets 304 for HEAD', async () => {
    const app = appOf((_req, res) => res.send(PAGE));
    const asking = { method: 'HEAD', headers: { ...NAVIGATION, ...ANY } };
    expect((await app.ask(asking)).status).toBe(304);
  });

  it('gets the whole file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-inject-'));
    try {
      const path = join(folder, 'page.html');
      writeFileSync(path, PAGE);
      const app = appOf((_req, res) => res.sendFile(path));
      const asking = { headers: { ...NAVIGATION, ...SINCE } };
      expect((await app.askWithout(asking)).status).toBe(304);
      expect((await app.ask(asking)).body.toString()).toBe(PAGE + MARKUP);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps its other conditions', async () => {
    const app = appOf((req, res) => res.set('X-Match', String(req.headers['if-match'])).send(PAGE));
    const response = await app.ask({ headers: { ...NAVIGATION, 'If-Match': '"a"' } });
    expect(valueOf(response, 'x-match')).toBe('"a"');
  });
});
