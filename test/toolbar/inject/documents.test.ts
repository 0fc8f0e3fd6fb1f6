import { writeFileSync, mkdtempSync, rmSync, createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { versions } from '../../express/harness.ts';
import { InjectedApp, NAVIGATION, PLAIN, SCRIPT, type Setup } from './injected-app.ts';

const PAGE = '<!doctype html>\n<title>Shop</title><body>Gr\u00fc\u00dfe</body>';
const FRAGMENT = '<p>Two items</p>';

/** A way to send a body. */
type Way = [way: string, send: (body: string, req: Request, res: Response) => unknown];

const html = (res: Response) => res.type('html');

const ways: readonly Way[] = [
  ['send()', (body, _req, res) => res.send(body)],
  ['send() of a buffer', (body, _req, res) => html(res).send(Buffer.from(body))],
  ['send() with a status', (body, _req, res) => res.status(404).send(body)],
  ['end()', (body, _req, res) => html(res).end(body)],
  ['end() with an encoding', (body, _req, res) => html(res).end(body, 'latin1')],
  ['end() with a buffer', (body, _req, res) => html(res).end(Buffer.from(body))],
  [
    'end() with a Uint8Array',
    (body, _req, res) => html(res).end(new Uint8Array(Buffer.from(body))),
  ],
  ['end() in hexadecimal', (body, _req, res) => html(res).end(hex(body), 'hex')],
  ['write() and end()', (body, _req, res) => (html(res).write(body), res.end())],
  [
    'write() in parts',
    (body, _req, res) => {
      html(res).write(body.slice(0, 20));
      res.write(Buffer.from(body.slice(20, 30)));
      res.end(body.slice(30));
    },
  ],
  [
    'write() of single characters',
    (body, _req, res) => {
      html(res);
      for (const character of body) res.write(character);
      res.end();
    },
  ],
  ['a stream', (body, _req, res) => void Readable.from([body, '<p>more']).pipe(html(res))],
  [
    'a pipeline',
    (body, _req, res) => pipeline(Readable.from([body.slice(0, 4), body.slice(4)]), html(res)),
  ],
  [
    'writeHead() with an object',
    (body, _req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end(body),
  ],
  [
    'writeHead() with its own length',
    (body, _req, res) => {
      const headers = { 'content-type': 'text/html', 'content-length': Buffer.byteLength(body) };
      res.writeHead(201, headers).end(body);
    },
  ],
  [
    'writeHead() with a message and a length',
    (body, _req, res) => {
      const headers = { 'Content-Type': 'text/html', 'Content-Length': Buffer.byteLength(body) };
      res.writeHead(200, 'Fine', headers);
      res.write(body.slice(0, 3));
      res.end(body.slice(3));
    },
  ],
  [
    'writeHead() with a list',
    (body, _req, res) => {
      const length = String(Buffer.byteLength(body));
      const list = ['Content-Type', 'text/html', 'Content-Length', length, 'ETag', '"a"'];
      res.writeHead(200, list).end(body);
    },
  ],
  [
    'setHeader() and writeHead() without headers',
    (body, _req, res) => {
      html(res).setHeader('Content-Length', Buffer.byteLength(body));
      res.writeHead(200).end(body);
    },
  ],
  [
    'headers of its own',
    (body, _req, res) => {
      html(res).set({ ETag: '"1"', 'Cache-Control': 'public, max-age=600', Vary: 'rsc' });
      res.append('Set-Cookie', 'a=1').append('Set-Cookie', 'b=2');
      res.end(body);
    },
  ],
];

function hex(body: string): string {
  return Buffer.from(body).toString('hex');
}

/** Without `X-Powered-By`, Node gets the headers of `writeHead()` as they are given. */
const settings = [
  ...versions.map((one) => ({ ...one, poweredBy: true })),
  { ...versions[0], poweredBy: false },
];

describe.each(settings)(
  'injectAtEnd() on Express $version, X-Powered-By: $poweredBy',
  (setting) => {
    const { express, poweredBy } = setting;
    const appOf = (send: Setup['send'], more: Omit<Setup, 'send'> = {}) =>
      new InjectedApp(express, {
        configure: (app) => void (poweredBy || app.disable('x-powered-by')),
        ...more,
        send,
      });

    describe.each(ways)('with %s', (_way, send) => {
      it.each([
        ['a document', PAGE, NAVIGATION],
        ['a fragment that a browser shows as a page', FRAGMENT, NAVIGATION],
        ['a page in a frame', FRAGMENT, { 'Sec-Fetch-Dest': 'iframe' }],
        ['a document that a script fetches', PAGE, SCRIPT],
        ['a document for a browser that sends no Sec-Fetch-Dest', PAGE, PLAIN],
      ])('extends %s', async (_what, body, headers) => {
        const app = appOf((req, res) => send(body, req, res));
        expect(await app.compare({ headers })).toBe('extended');
        expect(app.facts).toHaveLength(1);
      });

      it.each([
        ['a fragment that a script fetches', FRAGMENT, SCRIPT],
        ['a fragment for a browser that sends no Sec-Fetch-Dest', FRAGMENT, PLAIN],
        ['an image', PAGE, { 'Sec-Fetch-Dest': 'image' }],
      ])('leaves %s as it is', async (_what, body, headers) => {
        const app = appOf((req, res) => send(body, req, res));
        expect(await app.compare({ headers })).toBe('unchanged');
        expect(app.facts).toHaveLength(0);
      });
    });

    it.each<[string, (res: Response) => unknown]>([
      ['JSON', (res) => res.json({ page: PAGE })],
      ['text', (res) => res.type('text').send(PAGE)],
      ['XHTML', (res) => res.type('application/xhtml+xml').send(PAGE)],
      ['a body without a type', (res) => res.end(PAGE)],
      ['a body without a type, with writeHead()', (res) => res.writeHead(200).end(PAGE)],
      ['204', (res) => res.status(204).type('html').end()],
      ['205', (res) => res.status(205).type('html').end()],
      ['206', (res) => res.status(206).send(PAGE)],
      ['304', (res) => res.status(304).type('html').end()],
      ['a redirect', (res) => res.status(302).location('/elsewhere').send(PAGE)],
      ['a range', (res) => res.set('Content-Range', 'bytes 0-9/10').send(PAGE)],
      ['a download', (res) => res.attachment('page.html').send(PAGE)],
      [
        'UTF-16',
        (res) => res.type('text/html; charset=UTF-16LE').send(Buffer.from(PAGE, 'utf16le')),
      ],
      ['a UTF-16 byte order mark', (res) => html(res).end(Buffer.from(`\ufeff${PAGE}`, 'utf16le'))],
      [
        'encoded bytes',
        (res) =>
          html(res)
            .set('Content-Encoding', 'br')
            .end(Buffer.from([1, 2])),
      ],
      [
        'encoded bytes, with writeHead()',
        (res) =>
          res.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'br' }).end(),
      ],
    ])('leaves %s as it is', async (_what, send) => {
      const app = appOf((_req, res) => send(res));
      expect(await app.compare()).toBe('unchanged');
    });

    it.each([
      ['GET', 'extended'],
      ['POST', 'extended'],
      ['HEAD', 'unchanged'],
    ])('the same page for %s is %s', async (method, fate) => {
      const app = appOf((_req, res) => res.send(PAGE));
      const headers = { ...NAVIGATION, 'Content-Length': '0' };
      expect(await app.compare({ method, headers })).toBe(fate);
    });

    it.each<[string, Setup['send']]>([
      ['an identity encoding', (_req, res) => res.set('Content-Encoding', 'identity').send(PAGE)],
      ['no body', (_req, res) => html(res).end()],
      [
        'ISO-8859-1',
        (_req, res) => res.type('text/html; charset=iso-8859-1').end('Gr\u00fc\u00dfe', 'latin1'),
      ],
      ['multiple choices', (_req, res) => res.status(300).send(PAGE)],
    ])('extends a page with %s', async (_what, send) => {
      const app = appOf(send);
      expect(await app.compare()).toBe('extended');
    });

    describe('with files', () => {
      let folder: string;
      beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), 'evenhand-inject-'));
        writeFileSync(join(folder, 'page.html'), PAGE.repeat(5000));
        writeFileSync(join(folder, 'part.html'), FRAGMENT);
        writeFileSync(join(folder, 'data.json'), '{}');
      });
      afterEach(() => rmSync(folder, { recursive: true }));

      it.each([
        ['page.html', NAVIGATION],
        ['part.html', NAVIGATION],
        ['page.html', SCRIPT],
      ])('extends %s sent by sendFile()', async (file, headers) => {
        const app = appOf((_req, res) => res.sendFile(join(folder, file)));
        expect(await app.compare({ headers })).toBe('extended');
      });

      it.each([
        ['data.json', NAVIGATION],
        ['part.html', SCRIPT],
        ['page.html', { ...NAVIGATION, Range: 'bytes=0-9' }],
      ])('leaves %s sent by sendFile() as it is', async (file, headers) => {
        const app = appOf((_req, res) => res.sendFile(join(folder, file)));
        expect(await app.compare({ headers })).toBe('unchanged');
      });

      it('extends a file that is piped', async () => {
        const app = appOf((_req, res) =>
          createReadStream(join(folder, 'page.html')).pipe(html(res)),
        );
        expect(await app.compare()).toBe('extended');
      });
    });

    it('extends a view that is rendered', async () => {
      const app = appOf((_req, res) => res.render('page'), {
        configure: (one) => one.engine('ejs', (_path, _options, done) => done(null, PAGE)),
      });
      expect(await app.compare()).toBe('extended');
    });
  },
);
