import type { Request, Response } from 'express';
import request from 'supertest';
import { type EvenhandOptions } from 'evenhand';
import { testApp, versions } from '../express/harness.ts';

jest.setTimeout(60_000);

const namespaces = [
  {
    name: 'page',
    unit: 'tenant.id',
    segments: 10,
    defaults: { title: 'none' },
    experiments: [{ name: 'words', variants: [{ name: 'one', values: { title: 'one' } }] }],
    history: [{ add: 'words', segments: 10 }],
  },
];

const certain = {
  name: 'certain',
  identity: 'user.id',
  variants: [{ name: 'a' }],
  audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }],
};

const tenant = {
  name: 'by_tenant',
  identity: 'tenant.id',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [
    {
      allocations: [
        { variant: 'a', percent: 50 },
        { variant: 'b', percent: 50 },
      ],
    },
  ],
};

const anonymous = { ...tenant, name: 'by_anonymous', identity: 'anonymous' };
const another = { ...anonymous, name: 'another' };
const chance = { ...tenant, name: 'by_chance', identity: 'random' };

const source = {
  experiments: [certain, tenant, anonymous, another, chance, 'search:on', 'chat:on'],
  namespaces,
};

describe.each(versions)('the caching headers on Express $version', ({ express }) => {
  /** The headers of what a handler answers. */
  async function headersOf(
    handler: (req: Request, res: Response) => void,
    { cookie = '', options = {} }: { cookie?: string; options?: EvenhandOptions } = {},
  ): Promise<Record<string, unknown>> {
    const { app } = testApp(express, { source, ...options }, (app) => {
      app.get('/', (req, res) => {
        handler(req, res);
        if (!res.writableEnded) res.json('done');
      });
    });
    const { headers, status } = await request(app)
      .get('/')
      .set('Cookie', cookie)
      .set('x-user', '{"id":"ada"}');
    expect(status).toBe(200);
    return headers;
  }

  it.each<[string, (req: Request) => unknown]>([
    ['a decision', (req) => req.variant('by_tenant')],
    ['a namespace', (req) => req.namespace('page').get('title')],
  ])('tell participants apart where %s failed and the application went on', async (_of, ask) => {
    const caught = jest.fn();
    const headers = await headersOf((req) => {
      try {
        ask(req);
      } catch (error) {
        caught(error);
      }
    });
    expect(caught).toHaveBeenCalledTimes(1);
    expect(headers['vary']).toBe('Cookie');
  });

  it('tell participants apart where one is explained, as its identity is shown', async () => {
    let text: string | undefined;
    const headers = await headersOf((req) => {
      ({ text } = req.experiments.explain('certain').identity ?? {});
    });
    expect(text).toBe('ada');
    expect(headers['vary']).toBe('Cookie');
  });

  it.each<[string, (req: Request) => unknown]>([
    ['of the same for all', (req) => req.variant('certain')],
    ['explained, of no experiment', (req) => req.experiments.explain('nowhere')],
    ['of a namespace that is none', (req) => req.namespace('nowhere').get('title')],
  ])('leave a response alone that is %s', async (_what, ask) => {
    const headers = await headersOf((req) => ask(req));
    expect([headers['vary'], headers['cache-control']]).toEqual([undefined, undefined]);
  });

  const everybody = 'public, max-age=60';

  const ways: [string, (res: Response) => void][] = [
    ['set()', (res) => res.set('Cache-Control', everybody)],
    ['set() as a list', (res) => res.setHeader('Cache-Control', ['public', 'max-age=60'])],
    ['writeHead()', (res) => res.writeHead(200, { 'cache-control': everybody }).end()],
    [
      'writeHead() with a message',
      (res) => res.writeHead(200, 'OK', { 'Cache-Control': everybody }).end(),
    ],
    [
      'writeHead() with a list',
      (res) => res.writeHead(200, ['X-A', 'b', 'Cache-Control', everybody]).end(),
    ],
    ['flushHeaders()', (res) => (res.set('Cache-Control', everybody).flushHeaders(), res.end())],
  ];

  describe.each([
    ['gives a key', 'by_anonymous', ''],
    ['shows an override', 'search', '__cw=search:off%20chat:off'],
  ])('where the response %s', (_does, name, cookie) => {
    it.each(ways)('keep it from shared caches, though %s says otherwise', async (_way, say) => {
      const headers = await headersOf(
        (req, res) => {
          req.variant(name);
          say(res);
        },
        { cookie },
      );
      expect(headers['cache-control']).toBe(`${everybody}, private`);
    });

    it('keep it from them where the application has said so before', async () => {
      const headers = await headersOf(
        (req, res) => {
          res.set('Cache-Control', everybody);
          req.variant(name);
        },
        { cookie },
      );
      expect(headers['cache-control']).toBe(`${everybody}, private`);
    });

    it('keep it from them where the application takes the header away', async () => {
      const headers = await headersOf(
        (req, res) => {
          req.variant(name);
          res.removeHeader('Cache-Control');
        },
        { cookie },
      );
      expect(headers['cache-control']).toBe('private');
    });

    it.each(['no-store', 'private, max-age=60', 'max-age=0,Private'])(
      'leave "%s" as it is',
      async (control) => {
        const headers = await headersOf(
          (req, res) => {
            req.variant(name);
            res.set('Cache-Control', control);
          },
          { cookie },
        );
        expect(headers['cache-control']).toBe(control);
      },
    );

    it('are not fooled by a directive for one header', async () => {
      const control = 'public, private="x-a", max-age=60';
      const headers = await headersOf(
        (req, res) => {
          req.variant(name);
          res.set('Cache-Control', control);
        },
        { cookie },
      );
      expect(headers['cache-control']).toBe(`${control}, private`);
    });

    it('say it once, however much was decided', async () => {
      const headers = await headersOf(
        (req, res) => {
          req.variant(name);
          const writeHead: unknown = Reflect.get(res, 'writeHead');
          for (const one of ['another', 'chat']) req.variant(one);
          expect(Reflect.get(res, 'writeHead')).toBe(writeHead);
          res.set('Cache-Control', everybody);
        },
        { cookie },
      );
      expect(headers['cache-control']).toBe(`${everybody}, private`);
    });

    it('come too late for a response that has begun, which goes on', async () => {
      const headers = await headersOf(
        (req, res) => {
          res.set('Cache-Control', everybody);
          res.write('begun');
          req.variant(name);
          res.end();
        },
        { cookie, options: { logger: false } },
      );
      expect(headers['cache-control']).toBe(everybody);
    });
  });

  it('leave what the application says alone where there was a draw alone', async () => {
    const headers = await headersOf((req, res) => {
      req.variant('by_chance');
      res.set('Cache-Control', everybody);
    });
    expect(headers['cache-control']).toBe(everybody);
  });

  it('leave what the application says alone for a visitor who brought a key', async () => {
    const headers = await headersOf(
      (req, res) => {
        req.variant('by_anonymous');
        res.set('Cache-Control', everybody);
      },
      { cookie: '__cwtk=abc' },
    );
    expect([headers['cache-control'], headers['vary']]).toEqual([everybody, 'Cookie']);
  });
});
