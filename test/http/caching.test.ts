import type { Request, Response } from 'express';
import request from 'supertest';
import { type EvenhandOptions } from 'evenhand';
import { testApp, versions } from '../express/harness.ts';
import { experiment } from '../assignment/build.ts';

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

const tenant = experiment({ name: 'by_tenant', identity: 'tenant.id' });

const anonymous = { ...tenant, name: 'by_anonymous', identity: 'anonymous' };
const another = { ...anonymous, name: 'another' };
const chance = { ...tenant, name: 'by_chance', identity: 'random' };

const source = {
  experiments: [certain, tenant, anonymous, another, chance, 'search:on', 'chat:on'],
  namespaces,
};

describe.each(versions)('the caching headers on Express $version', ({ express }) => {
  /** Returns the headers of a handler's response. */
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
  ])('include "Vary: Cookie" when %s fails and the application continues', async (_of, ask) => {
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

  it('include "Vary: Cookie" when an explanation shows an identity', async () => {
    let text: string | undefined;
    const headers = await headersOf((req) => {
      ({ text } = req.experiments.explain('certain').identity ?? {});
    });
    expect(text).toBe('ada');
    expect(headers['vary']).toBe('Cookie');
  });

  it.each<[string, (req: Request) => unknown]>([
    ['an experiment that gives everyone the same variant', (req) => req.variant('certain')],
    ['an explanation of an unknown experiment', (req) => req.experiments.explain('nowhere')],
    ['an unknown namespace', (req) => req.namespace('nowhere').get('title')],
  ])('are not changed by %s', async (_what, ask) => {
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
    ['sets a tracking key', 'by_anonymous', ''],
    ['shows an override', 'search', '__cw=search:off%20chat:off'],
  ])('when the response %s', (_does, name, cookie) => {
    it.each(ways)(
      'forbid shared caching even if the application allows it with %s',
      async (_way, say) => {
        const headers = await headersOf(
          (req, res) => {
            req.variant(name);
            say(res);
          },
          { cookie },
        );
        expect(headers['cache-control']).toBe(`${everybody}, private`);
      },
    );

    it('forbid shared caching even if the application allowed it before the decision', async () => {
      const headers = await headersOf(
        (req, res) => {
          res.set('Cache-Control', everybody);
          req.variant(name);
        },
        { cookie },
      );
      expect(headers['cache-control']).toBe(`${everybody}, private`);
    });

    it('forbid shared caching even if the application removes "Cache-Control"', async () => {
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
      'keep "Cache-Control: %s" unchanged',
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

    it('forbid shared caching even if the application makes one header private', async () => {
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

    it('contain "private" once, however many experiments were decided', async () => {
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

    it('stay unchanged after the response has started, which continues normally', async () => {
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

  it('keep the application’s "Cache-Control" when only a random experiment was decided', async () => {
    const headers = await headersOf((req, res) => {
      req.variant('by_chance');
      res.set('Cache-Control', everybody);
    });
    expect(headers['cache-control']).toBe(everybody);
  });

  it('keep the application’s "Cache-Control" for a visitor who sent a tracking key', async () => {
    const headers = await headersOf(
      (req, res) => {
        req.variant('by_anonymous');
        res.set('Cache-Control', everybody);
      },
      { cookie: '__cwtk=abc; __cwtk_r=1' },
    );
    expect([headers['cache-control'], headers['vary']]).toEqual([everybody, 'Cookie']);
  });
});
