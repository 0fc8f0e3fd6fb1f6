import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import * as fc from 'fast-check';
import { signToken } from '../../../src/toolbar/share/token.ts';
import { closing } from '../../closing.ts';
import { versions } from '../../express/harness.ts';
import { type RawAnswer, RawServer } from '../../http/raw-server.ts';
import { runs } from '../../runs.ts';
import { NOW, routesApp, SECRET, SHARE } from './routes-app.ts';

const TOKEN = signToken(
  {
    host: 'shop',
    overrides: new Map([['checkout', 'treatment']]),
    expires: NOW / 1000 + 60,
    by: 'Ann',
  },
  SECRET,
);

const piece = fc.constantFrom(
  '/',
  '//',
  '\\',
  '.',
  '..',
  '?',
  '&',
  '=',
  ':',
  ';',
  '%',
  '%00',
  '%0d%0a',
  '%F0',
  '"',
  '<script>',
  '\u00ff',
  '__proto__',
  '__evenhand',
  'override',
  'share',
  'end',
  'panel?id=',
  '__ehov=',
  '__cw=',
  '__cws=',
  '__ehtb=o=*&s=http://shop/',
  'set=',
  'unset=',
  'back=',
  'checkout:treatment',
  'shop.text:',
  'http://evil.example',
  TOKEN,
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

const visit = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'),
  path: fc.oneof(
    text.map((rest) => `/${rest}`),
    fc
      .tuple(fc.constantFrom('override', 'share', 'end', 'panel'), text)
      .map(([name, rest]) => `/__evenhand/${name}?${rest}`),
    text.map((rest) => `/cart?__ehov=${TOKEN}&${rest}`),
  ),
  isStaff: fc.boolean(),
  isSame: fc.boolean(),
  cookie: text,
  referer: fc.option(text.map((rest) => `http://shop/${rest}`)),
  body: text,
});

describe.each(versions)('the routes on Express $version', ({ express }) => {
  it.each([true, false])('survive any request, with grants: %s', async (grants) => {
    const { app } = routesApp(express, { share: { ...SHARE, grants } });
    const server = closing(new RawServer(app));
    await server.start();
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(visit, async ({ method, path, isStaff, isSame, cookie, referer, body }) => {
        const lines = [
          'Content-Type: application/x-www-form-urlencoded',
          `Content-Length: ${body.length}`,
          `Cookie: ${cookie}`,
          ...(isStaff ? ['X-Staff: yes'] : []),
          ...(isSame ? ['Sec-Fetch-Site: same-origin'] : []),
          ...(referer === null ? [] : [`Referer: ${referer}`]),
        ];
        const head = [`${method} ${path} HTTP/1.1`, 'Host: shop', 'Connection: close', ...lines];
        const answer = await server.send(`${head.join('\r\n')}\r\n\r\n${body}`);
        seen.add(answer.status);
        expect([200, 303, 304, 400, 403, 404, 405, 410, 422]).toContain(answer.status);
        checkCookies(answer);
        const [location] = answer.values('location');
        expect(location === undefined).toBe(answer.status !== 303);
        const url = new URL(location ?? '', `http://shop${path.split('?', 1).join('')}`);
        expect([location, url.host]).toEqual([location, 'shop']);
        expect(isSame || answer.status !== 303).toBe(true);
        expect(isStaff || grants || answer.values('set-cookie').length === 0).toBe(true);
      }),
      { numRuns: runs(3000) },
    );
    expect(seen.has(303)).toBe(true);
    expect(seen.size).toBeGreaterThan(4);
  });

  /** Fails for a cookie that is not one of the toolbar's, or not well-formed. */
  function checkCookies(answer: RawAnswer): void {
    for (const line of answer.values('set-cookie')) {
      expect(line).toMatch(
        /^__(?:cws?|ehtb)=[!#-+\--:<-[\]-~]*; (?:Max-Age=\d+; )?Path=\/; (?:Expires=[\w:, ]+; )?HttpOnly; SameSite=Lax$/,
      );
      expect(line.length).toBeLessThan(4300);
    }
  }

  describe('with a body that does not end', () => {
    let server: Server;
    let socket: Socket;
    let received = '';

    beforeEach(async () => {
      const { app } = routesApp(express);
      server = closing(createServer(app).listen(0, '127.0.0.1'));
      await once(server, 'listening');
      socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      received = '';
      socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
      socket.on('error', () => {});
    });

    afterEach(() => {
      socket.destroy();
    });

    const head = (...lines: readonly string[]) =>
      [
        'POST /__evenhand/override HTTP/1.1',
        'Host: shop',
        'Content-Type: application/x-www-form-urlencoded',
        ...lines,
        '',
        '',
      ].join('\r\n');

    it('answer strangers at once', async () => {
      socket.write(head('Transfer-Encoding: chunked', 'Sec-Fetch-Site: same-origin'));
      await once(socket, 'data');
      expect(received).toMatch(/^HTTP\/1\.1 404 /);
    });

    it('answer other sites at once', async () => {
      socket.write(head('Transfer-Encoding: chunked', 'X-Staff: yes'));
      await once(socket, 'data');
      expect(received).toMatch(/^HTTP\/1\.1 403 /);
    });

    it('answer 413 at the limit, and close the connection', async () => {
      const same = ['X-Staff: yes', 'Sec-Fetch-Site: same-origin'];
      socket.write(head('Transfer-Encoding: chunked', ...same));
      const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`;
      for (let i = 0; i < 9; i++) socket.write(chunk);
      await once(socket, 'close');
      expect(received).toMatch(/^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n/);
    });

    it('answer 413 before the body if its length is too large', async () => {
      const same = ['X-Staff: yes', 'Sec-Fetch-Site: same-origin'];
      socket.write(head('Content-Length: 1000000000', ...same));
      await once(socket, 'close');
      expect(received).toMatch(/^HTTP\/1\.1 413 /);
    });

    it('forget visitors who leave', async () => {
      const same = ['X-Staff: yes', 'Sec-Fetch-Site: same-origin'];
      socket.write(head('Content-Length: 100', ...same));
      socket.write('set=');
      await new Promise((next) => {
        setTimeout(next, 20);
      });
      socket.destroy();
      // The server still answers others.
      const other = connect((server.address() as AddressInfo).port, '127.0.0.1');
      other.write(head('Content-Length: 0', 'Connection: close', ...same));
      const [first] = (await once(other, 'data')) as [Buffer];
      expect(first.toString()).toMatch(/^HTTP\/1\.1 303 /);
      other.destroy();
    });
  });
});
