import type { Express, RequestHandler } from 'express';
import { requireOff, requireOn, requireVariant } from 'evenhand';
import request from 'supertest';
import { showError, testApp, versions } from './harness.ts';

/** Answers with a word. */
function says(word: string): RequestHandler {
  return (_req, res) => {
    res.json(word);
  };
}

const pass: RequestHandler = (_req, _res, next) => next();
const leave: RequestHandler = (_req, _res, next) => next('route');

describe.each(versions)('the guards on Express $version', ({ express }) => {
  const ask = async (extend: (app: Express) => void, path = '/x', user = '{"id":1}') => {
    const { app } = testApp(express, {}, (app) => {
      extend(app);
      app.use('/open', says('open'));
    });
    const response = await request(app).get(path).set('x-user', user);
    return response.status === 200 ? (response.body as unknown) : response.status;
  };

  it.each<[string, RequestHandler, boolean]>([
    ['requireOn, on', requireOn('search'), true],
    ['requireOn, off', requireOn('chat'), false],
    ['requireOff, on', requireOff('search'), false],
    ['requireOff, off', requireOff('chat'), true],
    ['requireVariant, the same', requireVariant('by_rule', 'others'), true],
    ['requireVariant, another', requireVariant('by_rule', 'pro'), false],
    ['requireVariant, among them', requireVariant('by_rule', ['pro', 'others']), true],
    ['requireOff of an unknown switch', requireOff('nowhere'), false],
    ['requireOn of an unknown switch', requireOn('nowhere'), false],
  ])('%s', async (_what, guard, passes) => {
    expect(await ask((app) => app.get('/x', guard, says('in')))).toBe(passes ? 'in' : 404);
  });

  describe('that keep a participant out', () => {
    it('of a route: the next matching one answers', async () => {
      const answer = await ask((app) => {
        app.get('/x', requireOn('chat'), says('new'));
        app.get('/x', says('old'));
      });
      expect(answer).toBe('old');
    });

    it('of a route with other handlers before, in lists, for all methods', async () => {
      const guard = requireOn('chat');
      for (const define of [
        (app: Express) => app.get('/x', pass, guard, says('new')),
        (app: Express) => app.get('/x', [pass, guard], says('new')),
        (app: Express) => app.all('/x', guard, says('new')),
        (app: Express) => app.route('/x').all(guard).get(says('new')),
      ]) {
        const answer = await ask((app) => {
          define(app);
          app.get('/x', says('old'));
        });
        expect(answer).toBe('old');
      }
    });

    it('of a route in a router: the next one of that router answers', async () => {
      const answer = await ask((app) => {
        const router = express.Router();
        router.get('/', requireOn('chat'), says('new'));
        router.get('/', says('old'));
        app.use('/x', router, says('after'));
      });
      expect(answer).toBe('old');
    });

    it('of app.use: neither the handlers beside it nor later ones answer', async () => {
      const answer = await ask((app) => {
        app.use('/x', requireOn('chat'), says('in'));
        app.get('/x', says('later'));
      });
      expect(answer).toBe(404);
    });

    it('of a router: its routes do not answer, and those after it do', async () => {
      const define = (app: Express) => {
        const router = express.Router();
        router.use(requireOn('chat'));
        router.get('/', says('in'));
        app.use('/x', router);
        app.get('/x', says('after'));
      };
      expect(await ask(define)).toBe('after');
    });

    it('of a mounted application: those after it answer', async () => {
      const answer = await ask((app) => {
        const mounted = express();
        mounted.use(requireOn('chat'), says('in'));
        app.use('/x', mounted);
        app.get('/x', says('after'));
      });
      expect(answer).toBe('after');
    });

    it.each<[string, (guard: RequestHandler) => RequestHandler[]]>([
      ['passed on by another handler', () => [pass]],
      ['left by the guard itself', (guard) => [guard, says('new')]],
      ['left before the guard in it', (guard) => [leave, guard, says('new')]],
      ['left by another guard', (guard) => [requireOn('chat'), guard, says('new')]],
    ])('of app.use, after a route %s', async (_how, handlersOf) => {
      // Express leaves that route in req.route.
      const guard = requireOn('chat');
      for (const where of ['app', 'router']) {
        const answer = await ask((app) => {
          const target = where === 'app' ? app : express.Router();
          target.get('/x', ...handlersOf(guard));
          target.use(guard, says('in'));
          if (target !== app) app.use(target);
        });
        expect(answer).toBe(404);
      }
    });

    it('inside a router in a route, which is left', async () => {
      const answer = await ask((app) => {
        const router = express.Router();
        router.use(requireOn('chat'), says('in'));
        app.get('/x', router, says('beside'));
      });
      expect(answer).toBe('beside');
    });

    it('called by another handler: they stay closed', async () => {
      const guard = requireOn('chat');
      const wrapped: RequestHandler = (req, res, next) => {
        void guard(req, res, (...args: unknown[]) =>
          (next as (...args: unknown[]) => void)(...args),
        );
      };
      expect(await ask((app) => app.use('/x', wrapped, says('in')))).toBe(404);
      expect(await ask((app) => app.get('/x', wrapped, says('in')))).toBe(404);
    });
  });

  it('redirect other participants to redirectTo', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/x', requireVariant('by_rule', 'pro', { redirectTo: '/plans?from=x' }), says('in'));
      app.use('/y', requireOn('chat', { redirectTo: '/open' }), says('in'));
      app.use('/z', requireOff('chat', { redirectTo: '/open' }), says('in'));
    });
    const pro = await request(app).get('/x').set('x-user', '{"id":1,"plan":"pro"}');
    expect(pro.body).toBe('in');
    const free = await request(app).get('/x').set('x-user', '{"id":1,"plan":"free"}');
    expect([free.status, free.headers['location'], free.headers['vary']]).toEqual([
      302,
      '/plans?from=x',
      expect.stringContaining('Cookie'),
    ]);
    expect((await request(app).get('/y/in')).headers['location']).toBe('/open');
    expect((await request(app).get('/z')).body).toBe('in');
  });

  it('pass errors of a decision to the error handler', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/x', requireVariant('by_tenant', 'a'), says('in'));
      app.use('/y', requireVariant('by_tenant', 'a', { redirectTo: '/open' }), says('in'));
    });
    for (const path of ['/x', '/y']) {
      expect((await request(app).get(path)).body).toMatchObject({ code: 'identity' });
    }
  });

  it('stay closed if a context value throws something that is not an error', async () => {
    const raise = (value: unknown) => {
      throw value;
    };
    for (const thrown of [undefined, null, 0, 'route', 'router']) {
      const { app } = testApp(express, { lazy: { region: () => raise(thrown) } }, (app) => {
        app.use('/x', requireVariant('by_region', 'north'), says('in'));
      });
      expect((await request(app).get('/x')).body).toMatchObject({ code: 'context' });
    }
  });

  it('report a missing middleware', async () => {
    const app = express();
    app.get('/x', requireOn('search'), says('in'));
    app.use(showError);
    expect((await request(app).get('/x')).body).toMatchObject({
      code: 'not-mounted',
      message: expect.stringContaining('requireOn()'),
    });
  });
});

describe('requireVariant, requireOn and requireOff', () => {
  it.each<[string, () => unknown]>([
    ['no name', () => requireOn('')],
    ['a name that is not a string', () => requireOff(1 as never)],
    ['no variant', () => requireVariant('x', undefined as never)],
    ['an empty variant', () => requireVariant('x', '')],
    ['no variants', () => requireVariant('x', [])],
    ['a variant that is not a string', () => requireVariant('x', ['a', 1 as never])],
    ['options where the variant belongs', () => requireVariant('x', { redirectTo: '/' } as never)],
    ['an empty address', () => requireOn('x', { redirectTo: '' })],
    ['an address that is not a string', () => requireOn('x', { redirectTo: 1 as never })],
    ['unknown options', () => requireOn('x', { redirectto: '/' } as object)],
    ['options that are none', () => requireOn('x', '/login' as never)],
  ])('reject %s when they are created', (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'option' }));
  });

  it('suggest the option that is spelt similarly', () => {
    expect(() => requireOn('x', { redirect: '/' } as object)).toThrow(/redirectTo/);
  });
});
