import type { RequestHandler } from 'express';
import request from 'supertest';
import * as one from 'evenhand';
import { experiments, showError, versions } from './harness.ts';

/** The package a second time, as when one part of an application imports it and another requires it. */
function secondCopy(): typeof one {
  let copy: typeof one | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof one>('evenhand');
  });
  if (copy === undefined) throw new Error('not loaded');
  return copy;
}

describe.each(versions)('two copies of the package on Express $version', ({ express }) => {
  const two = secondCopy();

  it('are separate modules', () => {
    expect(two.evenhand).not.toBe(one.evenhand);
  });

  it('share the request: the guards of one work with the middleware of the other', async () => {
    const app = express();
    app.use(two.evenhand({ source: experiments }));
    app.get('/', one.requireOn('search'), (req, res) => {
      res.json(req.variant('search'));
    });
    app.use(showError);
    expect((await request(app).get('/')).body).toBe('on');
  });

  it('share the tracking key', async () => {
    const app = express();
    for (const { evenhand } of [one, two]) {
      app.use(evenhand({ source: experiments }));
      app.use((req, res, next) => {
        res.append('x-key', req.experiments.explain('by_anonymous').identity?.text ?? 'none');
        next();
      });
    }
    app.get('/', (_req, res) => {
      res.json(res.getHeader('x-key'));
    });
    const { body, headers } = await request(app).get('/');
    const [first, second] = body as string[];
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^__cwtk=/),
      expect.stringMatching(/^__cwtk_r=/),
    ]);
  });

  it.each([
    [one, two],
    [two, one],
  ])(
    'notice when the request leaves a mounted application with the other copy',
    async (around, own) => {
      const outer = express();
      const inner = express();
      const seen: boolean[] = [];
      const note: RequestHandler = (req, res, next) => {
        seen.push(req.isOn('search'), res.locals.isOn('search'));
        next();
      };
      inner.use(own.evenhand({ source: ['search:off'] }), note);
      outer.use(around.evenhand({ source: ['search:on'] }), note, inner, note);
      outer.use((_req, res) => {
        res.json('end');
      });
      for (let i = 0; i < 2; i++) await request(outer).get('/');
      const once = [true, true, false, false, true, true];
      expect(seen).toEqual([...once, ...once]);
    },
  );

  it('keep a response private together', async () => {
    const app = express();
    for (const { evenhand } of [one, two]) {
      app.use(evenhand({ source: experiments }), (req, _res, next) => {
        req.variant('search');
        next();
      });
    }
    app.get('/', (_req, res) => {
      res.set('Cache-Control', 'public').json('end');
    });
    const { headers } = await request(app).get('/').set('Cookie', '__cw=search:off');
    expect(headers['cache-control']).toBe('public, private');
  });

  it('give views the functions of either copy', async () => {
    const app = express();
    app.use(one.evenhand({ source: ['search:on'] }));
    app.get('/one', (_req, res) => res.json(res.locals.isOn('search')));
    app.use(two.evenhand({ source: ['search:off'] }));
    app.get('/two', (_req, res) => res.json(res.locals.isOn('search')));
    for (let i = 0; i < 2; i++) {
      expect((await request(app).get('/one')).body).toBe(true);
      expect((await request(app).get('/two')).body).toBe(false);
    }
  });
});
