import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type express5 from 'express';
import type { Request, Response } from 'express';
import { evenhand, type EvenhandOptions, requireVariant } from 'evenhand';
import { experiments } from '../express/harness.ts';
import { onHeaders } from '../express/response/sent-headers.ts';
import { closing } from '../closing.ts';

/** The folder with a file for each variant, sent with ETag and ranges. */
const FILES = join(__dirname, '../fixtures/http');

/** An experiment that gives everyone the same variant, so its identity decides nothing. */
const certain = {
  name: 'certain',
  identity: 'user.id',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }],
};

const namespaces = [
  {
    name: 'page',
    unit: 'user.id',
    segments: 100,
    defaults: { title: 'none' },
    experiments: [
      {
        name: 'words',
        variants: [
          { name: 'one', values: { title: 'one' } },
          { name: 'two', values: { title: 'two' } },
        ],
      },
    ],
    history: [{ add: 'words', segments: 60 }],
  },
];

/** The specification of the application. */
export const specification = { experiments: [...experiments, certain], namespaces };

/** Returns the user in the cookie `session`, or otherwise in `Authorization: Bearer …`. */
function userOf(req: Request): { id: string } | undefined {
  const [, session] = /(?:^|; )session=(\w+)/.exec(req.headers.cookie ?? '') ?? [];
  const [, token] = /^Bearer (\w+)$/.exec(req.headers.authorization ?? '') ?? [];
  const id = session ?? token;
  return id === undefined ? undefined : { id };
}

/** A running application for a cache to stand in front of. */
export interface CachedApp {
  readonly port: number;
  /** Returns the number of responses with the status 304 so far. */
  readonly notModified: () => number;
  stop(): Promise<void>;
}

/**
 * Starts an application whose pages contain only a variant. Pages under `/public`, `/replaced`,
 * `/listened` and `/failed` allow shared caching, pages under `/short` allow caching for a second, and
 * the other pages set no `Cache-Control`.
 */
export async function startCachedApp(
  express: typeof express5,
  options: EvenhandOptions = {},
): Promise<CachedApp> {
  const app = express();
  let notModified = 0;
  app.use((req, res, next) => {
    res.once('finish', () => {
      if (res.statusCode === 304) notModified++;
    });
    const user = userOf(req);
    if (user !== undefined) Object.assign(req, { user });
    next();
  });
  app.use(evenhand({ source: specification, logger: false, ...options }));
  const isPublic = (res: Response) => res.set('Cache-Control', 'public, max-age=600');

  app.get('/variant/:name', (req, res) => {
    res.send(req.variant(req.params.name));
  });
  app.get('/public/before/:name', (req, res) => {
    isPublic(res);
    res.send(req.variant(req.params.name));
  });
  app.get('/public/after/:name', (req, res) => {
    const variant = req.variant(req.params.name);
    isPublic(res);
    res.send(variant);
  });
  app.get('/public/written/:name', (req, res) => {
    const variant = req.variant(req.params.name);
    res.writeHead(200, { 'Cache-Control': 'public, max-age=600', 'Content-Type': 'text/plain' });
    res.end(variant);
  });
  // As frameworks do that set their own headers after the decision.
  app.get('/replaced/:name', (req, res) => {
    const variant = req.variant(req.params.name);
    res.setHeader('Vary', 'Accept-Language');
    res.setHeader('Set-Cookie', []);
    isPublic(res).send(variant);
  });
  app.get('/listened/:name', (req, res) => {
    const variant = req.variant(req.params.name);
    onHeaders(res, () => {
      for (const name of ['Vary', 'Set-Cookie']) res.removeHeader(name);
      isPublic(res);
    });
    res.send(variant);
  });
  app.get('/failed/:name', (req, _res, next) => {
    const variant = req.variant(req.params.name);
    const headers = { Vary: 'Accept-Language', 'Cache-Control': 'public, max-age=600' };
    next(Object.assign(new Error(variant), { status: 404, headers }));
  });
  app.get('/short/:name', (req, res) => {
    res.set('Cache-Control', 'max-age=1');
    res.send(req.variant(req.params.name));
  });
  app.get('/namespace', (req, res) => {
    res.send(req.namespace('page').get('title', 'none'));
  });
  app.get('/guarded', requireVariant('by_user', 'a'), (_req, res) => {
    res.send('guarded');
  });
  app.get('/redirected', requireVariant('by_user', 'a', { redirectTo: '/idle' }), (_req, res) => {
    // The same Vary as on Express's redirects, because nginx keeps only one Vary for each URL.
    res.vary('Accept').send('let in');
  });
  app.get('/caught/:name', (req, res) => {
    let variant: string | undefined = 'failed';
    try {
      variant = req.variant(req.params.name);
    } catch {
      // Users without an identity get the previous page.
    }
    res.send(variant);
  });
  app.get('/explained/:name', (req, res) => {
    res.json(req.experiments.explain(req.params.name));
  });
  app.get('/file', (req, res) => {
    const variant = req.variant('by_user');
    isPublic(res).sendFile(`${variant}.txt`, { root: FILES });
  });
  app.get('/idle', (_req, res) => {
    res.send('idle');
  });
  const server: Server = closing(app.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    notModified: () => notModified,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
