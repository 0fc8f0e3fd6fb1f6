import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { closing } from '../closing.ts';
import { versions } from '../express/harness.ts';
import { type Answer, CacheClient } from '../servers/http-cache.ts';
import { describeWithNginx, NginxProxy, PASSING_ON } from '../servers/nginx.ts';
import { SAME_ORIGIN, site, type SiteParts } from './routes/site.ts';

/** The places where the browser finds the dashboard, and the locations of nginx that lead there. */
const PLACES: readonly (readonly [
  what: string,
  path: string,
  locations: string,
  parts: SiteParts,
])[] = [
  ['a prefix that is kept', '/experiments', pass('/experiments', ''), {}],
  ['all paths', '/experiments', pass('/', ''), {}],
  ['a prefix that is removed', '/shop/experiments', pass('/shop/', '/'), {}],
  ['its own prefix removed', '/admin', pass('/admin/', '/'), { mount: '/' }],
  ['its prefix renamed', '/admin/tests', pass('/admin/tests/', '/experiments/'), {}],
  [
    'a path that is known',
    '/admin/tests',
    pass('/admin/tests', '/experiments'),
    { basePath: '/admin/tests' },
  ],
  [
    'a path in a header, without slashes at the end',
    '/admin/tests',
    `location /admin/tests {
      rewrite ^/admin/tests/*$ / break;
      rewrite ^/admin/tests/(.*?)/*$ /$1 break;
      proxy_pass http://application;
      proxy_set_header X-Forwarded-Prefix /admin/tests;
      ${PASSING_ON}
    }`,
    { mount: '/', basePath: (req) => req.headers['x-forwarded-prefix'] },
  ],
];

function pass(location: string, target: string): string {
  return `location ${location} { proxy_pass http://application${target}; ${PASSING_ON} }`;
}

/** Follows the addresses of a site as a browser does, and never leaves its host. */
class Visitor {
  private readonly client: CacheClient;
  /** The path and query in the address bar. */
  at = '/';

  constructor(socket: string) {
    this.client = new CacheClient(socket);
  }

  async go(
    address: string,
    method = 'GET',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { pathname, search } = new URL(address, `http://shop${this.at}`);
    const answer = await this.client.ask(pathname + search, { ...headers }, method);
    this.at = pathname + search;
    const { location } = answer.headers;
    if (location === undefined) return answer;
    // nginx itself adds the host where it adds the slash.
    if (/^(?!http:\/\/shop[:/])\w+:/.test(location)) throw new Error(`led to ${location}`);
    return this.go(location.replace(/^http:\/\/shop(?::\d+)?/, ''));
  }

  /** Loads a file without leaving the page. */
  async load(address: string): Promise<number> {
    const { pathname } = new URL(address, `http://shop${this.at}`);
    return (await this.client.ask(pathname)).status;
  }

  close(): void {
    this.client.close();
  }
}

const hrefOf = (html: string, pattern: RegExp): string =>
  (pattern.exec(html)?.[1] ?? '').replaceAll('&amp;', '&');

describeWithNginx('the dashboard behind nginx', () => {
  describe.each(versions)('on Express $version', ({ express }) => {
    it.each(PLACES)('works with %s', async (_what, path, locations, parts) => {
      const server = closing(site(express, parts).app.listen(0, '127.0.0.1'));
      await once(server, 'listening');
      const nginx = closing(new NginxProxy((server.address() as AddressInfo).port, locations));
      await nginx.start();
      const visitor = closing(new Visitor(nginx.socket));

      for (const start of [path, `${path}/`]) {
        visitor.at = '/';
        const list = await visitor.go(start);
        expect([list.status, list.body.includes('<h1>Experiments</h1>')]).toEqual([200, true]);
        expect(await visitor.load(hrefOf(list.body, /<link rel="stylesheet" href="([^"]+)"/))).toBe(
          200,
        );
        expect(await visitor.load(hrefOf(list.body, /<script src="([^"]+)"/))).toBe(200);
        const history = await visitor.go(hrefOf(list.body, /href="([^"]*history)"/));
        expect([history.status, visitor.at]).toEqual([200, `${path}/history`]);
        const back = await visitor.go(hrefOf(history.body, /<a class="brand" href="([^"]+)"/));
        expect(back.body).toContain('<h1>Experiments</h1>');
      }

      visitor.at = `${path}/experiments/checkout_steps`;
      const page = await visitor.go(visitor.at);
      const action = hrefOf(page.body, /<form method="post" action="([^"]+)"/);
      const saved = await visitor.go(action, 'POST', {
        ...SAME_ORIGIN,
        'content-type': 'application/x-www-form-urlencoded',
      });
      expect(saved.body).toContain('ada ramped checkout_steps.');
      expect(visitor.at).toContain(`${path}/experiments/checkout_steps?`);
    });
  });
});
