import { createServer, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import type { Express, Response } from 'express';
import request from 'supertest';
import { testApp, versions } from '../harness.ts';
import { closing } from '../../closing.ts';

const FUNCTIONS = ['evenhand', 'isVariant', 'isOn', 'isOff', 'variant'];

/** The functions a response's locals have, and what one says. */
function seen({ locals }: Response): unknown[] {
  return [Object.keys(locals).filter((key) => FUNCTIONS.includes(key)), locals.isOn('search')];
}

const twice = (answer: unknown) => [answer, answer];
const threeTimes = (answer: unknown) => [answer, answer, answer];

describe.each(versions)('res.locals on Express $version', ({ express }) => {
  /** The answer to the first request, and the ones to later requests, which may find things prepared. */
  async function answers(app: Express, path: string): Promise<unknown[]> {
    const bodies: unknown[] = [];
    for (let i = 0; i < 3; i++) bodies.push((await request(app).get(path)).body);
    return bodies;
  }

  it('has the functions for views as enumerable properties, from the first request on', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/', (_req, res) => res.json([...seen(res), Object.keys({ ...res.locals })]));
    });
    const all = [FUNCTIONS, true, FUNCTIONS];
    expect(await answers(app, '/')).toEqual(threeTimes(all));
  });

  it('stays one object with all values of the application', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/', (_req, res) => {
        const { locals } = res;
        locals['title'] = 'Shop';
        res.locals['user'] = 'ada';
        res.json([locals === res.locals, locals['title'], locals['user'], ...seen(res)]);
      });
    });
    const all = [true, 'Shop', 'ada', FUNCTIONS, true];
    expect(await answers(app, '/')).toEqual(threeTimes(all));
  });

  it('keeps values from before the middleware, and a function that replaces one later', async () => {
    const app = express();
    app.use((_req, res, next) => {
      res.locals['before'] = 1;
      next();
    });
    const { app: inner } = testApp(express, {}, (inner) => {
      inner.get('/', (_req, res) => {
        Object.assign(res.locals, { variant: 'mine' });
        res.json([res.locals['before'], res.locals.variant, res.locals.isOn('search')]);
      });
    });
    app.use(inner);
    expect(await answers(app, '/')).toEqual(threeTimes([1, 'mine', true]));
  });

  it('has the functions too when an application puts another object in its place', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/', (_req, res) => {
        seen(res);
        res.locals = { own: true } as never;
        res.json([res.locals['own'], ...(res.locals.isOn === undefined ? [] : seen(res))]);
      });
    });
    const [, ...later] = await answers(app, '/');
    expect(later).toEqual(twice([true, FUNCTIONS, true]));
  });

  it('asks the experiments of the application that the request is in', async () => {
    const { app } = testApp(express, {}, (outer) => {
      const { app: own } = testApp(express, { source: ['search:off'] }, (mounted) => {
        mounted.get('/', (_req, res) => res.json(seen(res)));
      });
      outer.use((_req, res, next) => {
        res.locals.isOn('search');
        next();
      });
      const bare = express();
      bare.get('/bare', (_req, res) => res.json(seen(res)));
      outer.use(bare);
      outer.use('/own', own);
    });
    expect(await answers(app, '/bare')).toEqual(threeTimes([FUNCTIONS, true]));
    expect(await answers(app, '/own')).toEqual(threeTimes([FUNCTIONS, false]));
  });

  it('is kept apart for requests that are answered at once', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/:id', (req, res) => {
        const { locals } = res;
        setTimeout(
          () => res.json([req.params.id, locals.variant('by_user') === req.variant('by_user')]),
          Number(req.params.id) % 5,
        );
      });
    });
    const ids = Array.from({ length: 20 }, (_, i) => String(i));
    const bodies = await Promise.all(
      ids.map(async (id) => {
        const asked = request(app).get(`/${id}`).set('x-user', JSON.stringify({ id }));
        return (await asked).body as unknown;
      }),
    );
    expect(bodies).toEqual(ids.map((id) => [id, true]));
  });

  it('is separate for a second response to the same request', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/inner', (_req, res) => {
        const before = Object.keys(res.locals);
        res.locals['inner'] = 1;
        res.end(JSON.stringify([before, ...seen(res)]));
      });
      app.get('/', (req, res, next) => {
        res.locals['outer'] = 1;
        const second = new ServerResponse(req);
        const written: string[] = [];
        second.end = (chunk: unknown) => {
          written.push(String(chunk));
          const outer = Object.keys(res.locals).filter((key) => !FUNCTIONS.includes(key));
          // The request has been the inner one's meanwhile.
          res.json([JSON.parse(written.join('')), outer, ...seen(res)]);
          return second;
        };
        app(Object.assign(req, { url: '/inner' }), second as never, next);
      });
    });
    const [first, ...later] = await answers(app, '/');
    const inner = [FUNCTIONS, FUNCTIONS, true];
    expect(later).toEqual(twice([inner, ['outer'], FUNCTIONS, true]));
    expect(first).toEqual(later[0]);
  });

  it('can be read and set through a wrapper around a response', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/', (_req, res) => {
        res.locals['title'] = 'Shop';
        const wrapped = Object.create(res) as Response;
        const proxied = new Proxy(res, {});
        const read = [wrapped.locals['title'], proxied.locals['title']];
        proxied.locals = { title: 'Proxied' } as never;
        wrapped.locals = { title: 'Wrapped' } as never;
        const set = [res, proxied, wrapped].map(({ locals }) => locals['title'] as unknown);
        res.json([...read, ...set]);
      });
    });
    const all = ['Shop', 'Shop', 'Proxied', 'Proxied', 'Wrapped'];
    expect(await answers(app, '/')).toEqual(threeTimes(all));
  });

  it('is not printed with the request', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/', (req, res) => {
        res.locals['secret'] = 'sesame';
        const { _readableState } = req as typeof req & { _readableState: unknown };
        res.json(inspect(_readableState, { depth: 9 }).includes('sesame'));
      });
    });
    expect(await answers(app, '/')).toEqual(threeTimes(false));
  });

  it('keeps the hidden class that all responses share, which makes them fast', async () => {
    setFlagsFromString('--allow-natives-syntax');
    const alike = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (
      a: object,
      b: object,
    ) => boolean;
    const waiting: Response[] = [];
    const { app } = testApp(express, {}, (app) => {
      app.get('/', (req, res) => {
        req.variant('by_user');
        waiting.push(res);
        if (waiting.length < 2) return;
        const [one, other] = waiting.splice(0) as [Response, Response];
        one.json([Object.keys(one.locals), alike(one, other)]);
        other.json([Object.keys(other.locals), alike(one, other)]);
      });
    });
    // V8 remembers 256 prototypes that objects of a class were given, after which each has a hidden class
    // of its own; other tests of this process may have made as many applications.
    class FreshResponse extends ServerResponse {}
    const server = closing(createServer({ ServerResponse: FreshResponse }, app).listen(0));
    // One request finds the accessor missing, and the other waits for it.
    const pair = async () => {
      const asked = [1, 2].map((id) => request(server).get('/').set('x-user', `{"id":${id}}`));
      return (await Promise.all(asked)).map(({ body }) => body as unknown);
    };
    await pair();
    const [one] = await pair();
    expect(one).toEqual([FUNCTIONS, true]);
  });

  it('does not change in applications without experiments', async () => {
    const app = express();
    app.get('/', (_req, res) => {
      res.locals['mine'] = 1;
      res.json([Object.keys(res.locals), Object.hasOwn(res, 'locals')]);
    });
    await answers(testApp(express, {}, () => {}).app, '/');
    expect(await answers(app, '/')).toEqual(threeTimes([['mine'], true]));
  });

  it('stays as an application has defined it', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/', (_req, res) => res.json([res.locals['always'], ...seen(res)]));
    });
    Object.defineProperty(app.response, 'locals', { value: { always: 1 }, writable: true });
    expect(await answers(app, '/')).toEqual(threeTimes([1, FUNCTIONS, true]));
  });
});
