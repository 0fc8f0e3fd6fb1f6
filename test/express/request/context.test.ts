import { type ContextProvider, evenhand } from 'evenhand';
import request from 'supertest';
import { thenable } from '../../generators/hostile-values.ts';
import { experiments, Lines, showError, testApp, versions } from '../harness.ts';

/** Throws anything. */
function raise(value: unknown): never {
  throw value;
}

/** An experiment whose variant says whether a rule was true. */
function ruled(rule: string): object {
  return [
    {
      name: 'ruled',
      identity: 'random',
      variants: [{ name: 'yes' }, { name: 'no' }],
      audiences: [
        { rule, allocations: [{ variant: 'yes', percent: 100 }] },
        { allocations: [{ variant: 'no', percent: 100 }] },
      ],
    },
  ];
}

describe.each(versions)('the context on Express $version', ({ express }) => {
  describe('user', () => {
    it.each([
      ['user.id == null', undefined, 'yes'],
      ['user.is_anonymous and not user.is_authenticated', undefined, 'yes'],
      ['user.is_anonymous and not user.is_authenticated', 'null', 'yes'],
      ['user.is_authenticated and not user.is_anonymous', '{"id":1}', 'yes'],
      ['user.is_authenticated', '{"id":1,"is_authenticated":false}', 'no'],
      ['user.is_anonymous', '{"id":1,"is_authenticated":false}', 'yes'],
      ['user.is_anonymous', '{"id":1,"is_authenticated":true}', 'no'],
      ['user.is_anonymous', '{"id":1,"is_anonymous":true}', 'yes'],
      ['user["plan"] == "pro" and "plan" in user', '{"id":1,"plan":"pro"}', 'yes'],
      ['user == "anna"', '"anna"', 'yes'],
      ['user == user', '{"id":1}', 'yes'],
    ])('answers %j for the user %s', async (rule, user, variant) => {
      const { app } = testApp(express, { source: ruled(rule) });
      const asked = request(app).get('/variant/ruled');
      const { body } = await (user === undefined ? asked : asked.set('x-user', user));
      expect(body).toBe(variant);
    });

    it('reports the missing attribute of a user', async () => {
      const { app } = testApp(express, { source: ruled('user.plan == "pro"') });
      const { body } = await request(app).get('/variant/ruled').set('x-user', '{"id":1}');
      expect(body).toMatchObject({ code: 'attribute' });
    });

    it('is read when a decision is made, also if req.user is set after the middleware', async () => {
      const app = express();
      app.use(evenhand({ source: experiments }));
      app.use((req, _res, next) => {
        Object.assign(req, { user: { id: 1, plan: 'pro' } });
        next();
      });
      app.get('/', (req, res) => {
        res.json(req.variant('by_rule'));
      });
      expect((await request(app).get('/')).body).toBe('pro');
    });

    it('is an identity itself if it has its own text', async () => {
      class Id {
        readonly #id: string;
        constructor(id: string) {
          this.#id = id;
        }
        toString(): string {
          return this.#id;
        }
      }
      const half = [
        { variant: 'a', percent: 50 },
        { variant: 'b', percent: 50 },
      ];
      const source = [
        {
          name: 'by_self',
          identity: 'user',
          variants: [{ name: 'a' }, { name: 'b' }],
          audiences: [{ allocations: half }],
        },
      ];
      const texts = Array.from({ length: 20 }, (_, i) => `user-${i}`);
      const { app } = testApp(express, { source }, (app) => {
        app.get('/as/:id', (req, res) => {
          Object.assign(req, { user: new Id(req.params.id) });
          const { bucket, identity } = req.experiments.explain('by_self');
          res.json([identity?.text, typeof bucket]);
        });
      });
      for (const text of texts) {
        expect((await request(app).get(`/as/${text}`)).body).toEqual([text, 'number']);
      }
      const plain = await request(app).get('/variant/by_self').set('x-user', '{"id":1}');
      expect(plain.body).toMatchObject({ code: 'identity' });
    });
  });

  describe('contextProvider', () => {
    it.each<[string, ContextProvider]>([
      ['sync', (req) => ({ region: req.get('x-region') })],
      ['async', async (req) => Promise.resolve({ region: req.get('x-region') })],
    ])('adds its values, %s', async (_kind, contextProvider) => {
      const { app } = testApp(express, { contextProvider });
      const answer = async (region: string) =>
        (await request(app).get('/variant/by_region').set('x-region', region)).body as unknown;
      expect(await answer('north')).toBe('north');
      expect(await answer('west')).toBe('south');
    });

    it('can replace user and anonymous, and then no cookie is set', async () => {
      const { app } = testApp(express, {
        contextProvider: () => ({ user: { id: 7, plan: 'pro' }, anonymous: 'device-1' }),
      });
      expect((await request(app).get('/variant/by_rule')).body).toBe('pro');
      const { headers, body } = await request(app).get('/variant/by_anonymous');
      expect(body).toMatch(/^[ab]$/);
      expect(headers).not.toHaveProperty('set-cookie');
      expect(headers['vary']).toBe('Cookie');
    });

    it('can hold any names', async () => {
      const { app } = testApp(express, {
        contextProvider: () =>
          JSON.parse('{"__proto__":{"region":"north"},"constructor":1,"user":{"id":1}}') as object,
      });
      expect((await request(app).get('/variant/by_region')).body).toMatchObject({ code: 'name' });
      expect((await request(app).get('/variant/by_user')).body).toMatch(/^[ab]$/);
      expect(Object.prototype).not.toHaveProperty('region');
    });

    it('is waited for no longer than contextTimeoutMs, and the error handler gets the error', async () => {
      const { app } = testApp(express, {
        contextProvider: () => new Promise<object>(() => {}),
        contextTimeoutMs: 20,
        onError: 'throw',
      });
      const { status, body } = await request(app).get('/idle');
      expect(status).toBe(500);
      expect(body).toEqual({
        name: 'ContextError',
        code: 'context',
        message:
          '"contextProvider" did not finish within 20 ms; give its own calls a shorter time limit, or raise "contextTimeoutMs"',
      });
    });

    it('is waited for no longer than contextTimeoutMs with onError: fallback, and is logged once', async () => {
      const logger = new Lines();
      const { app } = testApp(express, {
        contextProvider: () => thenable(() => {}),
        contextTimeoutMs: 20,
        onError: 'fallback',
        logger,
      });
      expect((await request(app).get('/idle')).body).toBe('idle');
      expect((await request(app).get('/idle')).body).toBe('idle');
      expect(logger.errors).toEqual([
        expect.stringContaining('"contextProvider" did not finish within 20 ms'),
      ]);
    });

    it('changes nothing when it finishes too late', async () => {
      let finish = (_values: object): void => {};
      const provided = new Promise<object>((resolve) => (finish = resolve));
      const { app } = testApp(
        express,
        {
          contextProvider: () => provided,
          contextTimeoutMs: 20,
          onError: 'fallback',
          logger: false,
        },
        (extended) => {
          extended.get('/late', (req, res) => {
            finish({ user: { id: 7 } });
            setImmediate(() => {
              res.json(req.experiments.explain('by_user').identity?.text ?? 'none');
            });
          });
        },
      );
      expect((await request(app).get('/late')).body).toBe('none');
    });

    it.each<[string, () => unknown]>([
      ['an error', () => raise(new Error('no database'))],
      ['a rejection', () => Promise.reject(new Error('no database'))],
      ['a thrown "route"', () => raise('route')],
      ['a thrown undefined', () => raise(undefined)],
      ['undefined', () => undefined],
      ['a promise of null', () => Promise.resolve(null)],
      ['a list', () => []],
      ['a text', () => 'north'],
    ])('returns %s: the error handler gets the error', async (_what, give) => {
      const contextProvider = give as ContextProvider;
      const { app } = testApp(express, { contextProvider });
      const { status, body } = await request(app).get('/idle');
      expect(status).toBe(500);
      expect((body as { message: string }).message).toMatch(/no database|contextProvider/);
    });

    it.each<[string, () => unknown]>([
      ['throws', () => raise(new Error('no database'))],
      ['rejects', () => Promise.reject(new Error('no database'))],
    ])(
      '%s: with onError: fallback it is logged once, and the request continues',
      async (_, give) => {
        const logger = new Lines();
        const { app } = testApp(express, {
          contextProvider: give as ContextProvider,
          onError: 'fallback',
          logger,
        });
        for (let i = 0; i < 2; i++) {
          expect((await request(app).get('/variant/search')).body).toBe('on');
        }
        expect(logger.errors).toEqual([expect.stringContaining('no database')]);
      },
    );
  });

  describe('lazy', () => {
    it('computes a value once for a request, and only if it is read', async () => {
      const asked: string[] = [];
      const { app } = testApp(
        express,
        {
          lazy: {
            region(req) {
              asked.push(req.path);
              return 'north';
            },
          },
        },
        (app) => {
          app.get('/both', (req, res) => {
            res.json([req.variant('by_region'), req.experiments.explain('by_region').variant]);
          });
        },
      );
      await request(app).get('/variant/by_user').set('x-user', '{"id":1}');
      expect(asked).toEqual([]);
      expect((await request(app).get('/both')).body).toEqual(['north', 'north']);
      expect((await request(app).get('/both')).body).toEqual(['north', 'north']);
      expect(asked).toEqual(['/both', '/both']);
    });

    it('is overridden by a value of the context provider', async () => {
      const { app } = testApp(express, {
        lazy: { region: () => raise(new Error('not asked')) },
        contextProvider: () => ({ region: 'north' }),
      });
      expect((await request(app).get('/variant/by_region')).body).toBe('north');
    });

    it('can replace anonymous, and then no cookie is set', async () => {
      const { app } = testApp(express, {
        lazy: { anonymous: () => 'device-1' },
        trackingCookie: { when: 'always' },
      });
      const { headers, body } = await request(app).get('/variant/by_anonymous');
      expect(body).toMatch(/^[ab]$/);
      expect(headers).not.toHaveProperty('set-cookie');
    });

    it('rejects a promise and says what to do', async () => {
      const { app } = testApp(express, {
        lazy: { region: () => Promise.reject(new Error('never seen')) },
      });
      expect((await request(app).get('/variant/by_region')).body).toMatchObject({
        code: 'context',
        message: expect.stringMatching(/"region" is a promise.*contextProvider/),
      });
    });

    it('passes on the error each time the value is read', async () => {
      let calls = 0;
      const { app } = testApp(
        express,
        {
          lazy: {
            region() {
              calls++;
              throw new Error('no region');
            },
          },
        },
        (app) => {
          app.get('/twice', (req, res) => {
            const messages = [1, 2].map(() => {
              try {
                return req.variant('by_region');
              } catch (error) {
                return String(error);
              }
            });
            res.json(messages);
          });
        },
      );
      expect((await request(app).get('/twice')).body).toEqual([
        'Error: no region',
        'Error: no region',
      ]);
      expect(calls).toBe(1);
    });

    it('rejects a value that depends on itself', async () => {
      const { app } = testApp(express, { lazy: { region: (req) => req.variant('by_region') } });
      expect((await request(app).get('/variant/by_region')).body).toMatchObject({
        code: 'context',
        message: expect.stringContaining('"region"'),
      });
    });
  });

  it('shows errors of getters to the error handler', async () => {
    const app = express();
    app.use((req, _res, next) => {
      Object.defineProperty(req, 'user', { get: () => raise(new Error('no session')) });
      next();
    });
    app.use(evenhand({ source: experiments }));
    app.get('/', (req, res) => {
      res.json(req.variant('by_rule'));
    });
    app.use(showError);
    expect((await request(app).get('/')).body).toMatchObject({ message: 'no session' });
  });
});
