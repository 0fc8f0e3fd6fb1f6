import { once } from 'node:events';
import { createServer, IncomingMessage, request, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import { type AddressInfo, Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { callbackSink, createClient, evenhand, type ExposureRecord } from 'evenhand';
import { closing } from '../../closing.ts';
import { Lines, versions } from '../harness.ts';
import { headersFrom, source } from './sent-headers.ts';

const user = { id: 'ada', plan: 'pro' };

/** Returns a request of Node with a tracking key, and with an override if `forced`. */
function nodeRequest(cookie = '__cwtk=abc'): Request {
  const req = new IncomingMessage(new Socket()) as Request;
  req.headers.cookie = cookie;
  return Object.assign(req, { user });
}

const throwing = () => {
  throw new Error('not here');
};

/** Responses of many kinds. Each function creates one. */
const kinds: readonly [kind: string, create: (req: Request) => unknown][] = [
  ['an empty object, as for an upgrade', () => ({})],
  ['undefined', () => undefined],
  ['null', () => null],
  ['an object without a prototype', () => Object.create(null) as object],
  ['a frozen object', () => Object.freeze({})],
  ['a response of node:http', (req) => new ServerResponse(req)],
  ['a frozen response of node:http', (req) => Object.freeze(new ServerResponse(req))],
  ['a sealed response of node:http', (req) => Object.seal(new ServerResponse(req))],
  ['a response that has ended', (req) => new ServerResponse(req).end()],
  ['a response whose headers are sent', (req) => new ServerResponse(req).writeHead(200)],
  ['a response whose connection was lost', (req) => new ServerResponse(req).destroy()],
  [
    'a mock with the methods for headers only',
    () => ({ getHeader: jest.fn(), setHeader: jest.fn() }),
  ],
  [
    'a mock of Express',
    () => {
      const res = { locals: {}, cookie: jest.fn(), set: jest.fn(), json: jest.fn() };
      return Object.assign(res, { status: () => res });
    },
  ],
  [
    'a mock with methods of Node',
    (req) => Object.assign(new ServerResponse(req), { writeHead: jest.fn(), setHeader: jest.fn() }),
  ],
  [
    'a response whose methods throw',
    () => ({
      getHeader: throwing,
      setHeader: throwing,
      cookie: throwing,
      writeHead: throwing,
      _storeHeader: throwing,
    }),
  ],
  [
    'a response whose getters throw',
    () =>
      Object.defineProperties(
        {},
        Object.fromEntries(
          ['headersSent', 'getHeader', 'locals', 'req', 'app', '_storeHeader'].map((name) => [
            name,
            { get: throwing },
          ]),
        ),
      ),
  ],
  [
    'a response that lost its state, as that of socket.io after the handshake',
    () => {
      class UpgradeResponse {
        private readonly headers: Record<string, unknown> | undefined = undefined;
        getHeader(name: string): unknown {
          return (this.headers as Record<string, unknown>)[name];
        }
        setHeader(name: string, value: unknown): void {
          (this.headers as Record<string, unknown>)[name] = value;
        }
        writeHead(): void {}
      }
      return new UpgradeResponse();
    },
  ],
  [
    'a Proxy that throws at everything',
    () =>
      new Proxy(
        {},
        {
          get: throwing,
          set: throwing,
          has: throwing,
          getPrototypeOf: throwing,
          defineProperty: throwing,
        },
      ),
  ],
  [
    'a revoked Proxy',
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
  ],
  ['a Proxy that has everything', () => new Proxy({}, { get: () => jest.fn() })],
  ['a response without locals', (req) => Object.assign(new ServerResponse(req), { locals: null })],
  ['a response with frozen locals', () => ({ locals: Object.freeze({}) })],
];

/** Passes a request through the middleware. */
async function pass(middleware: RequestHandler, req: Request, res: unknown): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error);
    };
    void middleware(req, res as Response, next);
  });
}

describe('a decision for a response', () => {
  const names = ['by_user', 'by_anonymous', 'by_rule', 'search', 'chat'] as const;
  const client = createClient({ source, logger: false });
  const participant = client.participant({ user, anonymous: 'abc' });
  const expected = names.map((name) => participant.variant(name));

  it.each(kinds)(
    'is that of createClient(), twice and recorded once: %s',
    async (_kind, create) => {
      const records: ExposureRecord[] = [];
      const sink = callbackSink((batch) => void records.push(...(batch as ExposureRecord[])));
      const middleware = closing(evenhand({ source, logger: false, exposures: { sink } }));
      const req = nodeRequest();
      await pass(middleware, req, create(req));
      for (let i = 0; i < 2; i++) {
        expect(names.map((name) => req.variant(name))).toEqual(expected);
        expect(req.namespace('page').get('title')).toBe('one');
        expect(names.map((name) => req.experiments.explain(name).variant)).toEqual(expected);
      }
      expect(req.variant('by_chance')).toBe(req.variant('by_chance'));
      req.track('seen');
      await middleware.exposures?.flush();
      const exposed = records.flatMap(({ experiment }) => experiment ?? []);
      expect(exposed.sort()).toEqual([...new Set(exposed)]);
      expect(exposed).toEqual(expect.arrayContaining(['by_anonymous', 'by_user']));
    },
  );

  it.each(kinds)('gives a new visitor and a tester one variant: %s', async (_kind, create) => {
    for (const when of ['needed', 'always'] as const) {
      const middleware = closing(evenhand({ source, logger: false, trackingCookie: { when } }));
      const req = nodeRequest('__cw=by_user:b');
      await pass(middleware, req, create(req));
      const first = [req.variant('by_user'), req.variant('by_anonymous')];
      expect([req.variant('by_user'), req.variant('by_anonymous')]).toEqual(first);
      expect(first[0]).toBe('b');
    }
  });
});

describe('a request without headers, as in a unit test', () => {
  it('can decide', async () => {
    const middleware = closing(evenhand({ source, logger: false }));
    const req = { user } as unknown as Request;
    await pass(middleware, req, {});
    expect(req.variant('by_user')).toBe(req.variant('by_user'));
    expect(req.variant('by_anonymous')).toBe(req.variant('by_anonymous'));
    expect(req.isOn('search')).toBe(true);
  });
});

describe('a response that takes no cookie', () => {
  it.each(['{}', 'frozen', 'throwing'])('is reported once: %s', async (kind) => {
    const logger = new Lines();
    const middleware = closing(evenhand({ source, logger }));
    for (let i = 0; i < 2; i++) {
      const req = nodeRequest('');
      const responses: Record<string, unknown> = {
        '{}': {},
        frozen: Object.freeze(new ServerResponse(req)),
        throwing: { getHeader: throwing, setHeader: throwing },
      };
      await pass(middleware, req, responses[kind]);
      expect(req.variant('by_anonymous')).toMatch(/^[ab]$/);
    }
    expect(logger.warnings).toEqual([
      expect.stringMatching(/a response that can't set cookies, so the cookie __cwtk/),
    ]);
    expect(logger.errors).toEqual([]);
  });
});

describe('the tracking cookie of node:http', () => {
  it('is the one that Express sets', async () => {
    const options = { domain: 'example.com', sameSite: 'none', maxAgeMs: 60_000 } as const;
    const middleware = () => closing(evenhand({ source, logger: false, trackingCookie: options }));
    const lines: string[] = [];
    const plain = new ServerResponse(nodeRequest(''));
    const req = nodeRequest('');
    await pass(middleware(), req, plain);
    req.variant('by_anonymous');
    lines.push(String(plain.getHeader('Set-Cookie')));
    for (const { express } of versions) {
      const app = express().use(middleware(), (req, res) => {
        req.variant('by_anonymous');
        lines.push(String(res.getHeader('Set-Cookie')));
        res.end();
      });
      await headersFrom(createServer(app));
    }
    const [first, ...others] = lines.map((line) =>
      line.replace(/=[0-9a-f]{32}/, '=KEY').replace(/Expires=[^;]*/g, 'Expires=…'),
    );
    expect(first).toContain('KEY; Max-Age=60; Domain=example.com; Path=/; Expires=…; HttpOnly; S');
    expect(others).toEqual([first, first]);
  });

  it('comes back with its signature', async () => {
    const { default: cookieParser } = await import('cookie-parser');
    const parse = cookieParser('a secret');
    const middleware = closing(
      evenhand({ source, logger: false, trackingCookie: { signed: true } }),
    );
    const visit = async (cookie: string) => {
      const req = nodeRequest(cookie);
      const res = new ServerResponse(req);
      parse(req, res as Response, () => {});
      await pass(middleware, req, res);
      const { text } = req.experiments.explain('by_anonymous').identity ?? {};
      return [text, String(res.getHeader('Set-Cookie'))] as const;
    };
    const [key, line] = await visit('');
    expect(line).toMatch(/^__cwtk=s%3A/);
    const [cookie = ''] = line.split(';');
    expect(await visit(`${cookie}; __cwtk_r=1`)).toEqual([key, 'undefined']);
  });
});

describe('the upgrade of a connection', () => {
  it('can decide, also for a new visitor', async () => {
    const middleware = closing(evenhand({ source, logger: false }));
    const server = closing(createServer());
    const answer = new Promise<unknown[]>((resolve) => {
      server.on('upgrade', (req: Request, socket) => {
        void middleware(req, {} as Response, () => {
          resolve([req.variant('by_anonymous'), req.variant('by_anonymous'), req.isOn('search')]);
          socket.destroy();
        });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const headers = { connection: 'upgrade', upgrade: 'websocket' };
    const asked = request({ host: '127.0.0.1', port, headers }).once('error', () => {});
    asked.end();
    const [first, second, on] = await answer;
    expect(first).toMatch(/^[ab]$/);
    expect([second, on]).toEqual([first, true]);
  });
});

describe('a response of HTTP/2', () => {
  /** Returns the headers of a response. */
  async function headersOf(send: (res: http2.Http2ServerResponse) => void) {
    const middleware = closing(evenhand({ source, logger: false }));
    const server = http2.createServer((req, res) => {
      const asExpress = req as unknown as Request;
      void middleware(asExpress, res as unknown as Response, () => {
        asExpress.variant('by_anonymous');
        send(res);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      const stream = session.request({ ':path': '/' });
      const [headers] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
      stream.resume();
      return headers;
    } finally {
      session.destroy();
      server.close();
    }
  }

  it.each<[string, (res: http2.Http2ServerResponse) => void]>([
    [
      'setHeader()',
      (res) => {
        res.setHeader('Vary', 'rsc');
        res.setHeader('Set-Cookie', 'lang=de');
        res.setHeader('Cache-Control', 'public');
        res.end('sent');
      },
    ],
    [
      'writeHead()',
      (res) => {
        res.writeHead(200, { vary: 'rsc', 'set-cookie': 'lang=de', 'cache-control': 'public' });
        res.end('sent');
      },
    ],
    [
      'write()',
      (res) => {
        res.setHeader('Vary', ['rsc']);
        res.setHeader('Set-Cookie', ['lang=de']);
        res.setHeader('Cache-Control', 'public');
        res.write('sent');
        res.end();
      },
    ],
  ])('contains the promised headers after %s', async (_way, send) => {
    const headers = await headersOf(send);
    expect([headers.vary, headers['cache-control']]).toEqual(['rsc, Cookie', 'public, private']);
    expect(headers['set-cookie']?.map((line) => line.split('=')[0])).toEqual([
      'lang',
      '__cwtk',
      '__cwtk_r',
    ]);
  });
});

describe.each(versions)('res.locals on Express $version', ({ express }) => {
  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'none'],
    ['a frozen object', Object.freeze({ own: 1 })],
  ])('can be %s, and decisions go on', async (_what, locals) => {
    const app = express().use(closing(evenhand({ source, logger: false })), (req, res) => {
      Object.assign(res, { locals });
      const read: unknown = res.locals;
      res.json([read === locals, req.isOn('search')]);
    });
    // The first request finds `locals` of Express itself, later ones those of Evenhand.
    for (let i = 0; i < 2; i++) {
      expect((await headersFrom(createServer(app))).body).toBe('[true,true]');
    }
  });
});
