import type { Request } from 'express';
import { createClient, evenhand, requireOff, requireOn, requireVariant } from 'evenhand';
import request from 'supertest';
import { attend, type Attention } from '../../../src/express/inspection/attend.ts';
import type { Asked, Inspection } from '../../../src/express/inspection/inspection.ts';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { closing } from '../../closing.ts';
import { experiments, Lines, showError, versions, withNodeEnv } from '../harness.ts';
import { attendedApp } from './attended-app.ts';

const user = { 'x-user': '{"id":1,"plan":"pro"}' };

const ab = {
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

const namespaced = {
  experiments,
  namespaces: [
    {
      name: 'page',
      unit: 'user.id',
      segments: 10,
      experiments: [{ name: 'words', variants: [{ name: 'one', values: { title: 'one' } }] }],
      history: [{ add: 'words', segments: 10 }],
    },
  ],
};

/** Returns the notes as plain data: `kind name: calls`. */
function asked(notes: Inspection): string[] {
  return [...notes.asked].map(({ kind, name, calls }) => `${kind} ${name}: ${[...calls].join()}`);
}

function named(notes: Inspection, name: string): Asked {
  const found = [...notes.asked].find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} was not asked for`);
  return found;
}

describe.each(versions)('attend() on Express $version', ({ express }) => {
  it('notes names and calls in the order in which the application first asked', async () => {
    const { app, last } = attendedApp({
      express,
      extend: (app) => {
        app.get('/', requireOff('chat'), requireOn('search'), (req, res) => {
          req.isVariant('by_user', 'a');
          req.variant('by_user');
          req.isOn('search');
          req.isOff('search');
          req.peek('nobody' as never);
          req.experiments.value('by_rule');
          req.experiments.isOn('chat');
          const viewed = (res.locals as { isOn: (name: string) => boolean }).isOn('search');
          req.expose('by_user');
          req.track('seen');
          req.experiments.explain('members');
          res.json(viewed);
        });
      },
    });
    await request(app).get('/').set(user).expect(200, 'true');
    expect(asked(last())).toEqual([
      'experiment chat: requireOff(),req.experiments.isOn()',
      'experiment search: requireOn(),req.isOn(),req.isOff(),isOn()',
      'experiment by_user: req.isVariant(),req.variant(),req.expose()',
      'experiment nobody: req.peek()',
      'experiment by_rule: req.experiments.value()',
      'experiment members: req.experiments.explain()',
    ]);
  });

  it('notes each experiment that variants() decided', async () => {
    const { app, last } = attendedApp({
      express,
      options: { source: ['b:on', 'a:off'] },
      extend: (app) => app.get('/', (req, res) => void res.json(req.experiments.variants())),
    });
    await request(app).get('/').expect(200, { b: 'on', a: 'off' });
    expect(asked(last())).toEqual([
      'experiment b: req.experiments.variants()',
      'experiment a: req.experiments.variants()',
    ]);
  });

  it('does not note the decisions that rules ask for', async () => {
    const inner = { name: 'inner', identity: 'user.id', ...ab };
    const outer = {
      name: 'outer',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        {
          rule: 'experiments.inner in ["a", "b"]',
          allocations: [{ variant: 'b', percent: 100 }],
        },
        { allocations: [{ variant: 'a', percent: 100 }] },
      ],
    };
    const { app, last } = attendedApp({
      express,
      options: { source: [inner, outer] },
      extend: (app) => app.get('/', (req, res) => void res.json(req.variant('outer'))),
    });
    await request(app).get('/').set(user).expect(200, '"b"');
    expect(asked(last())).toEqual(['experiment outer: req.variant()']);
  });

  it('notes what is read of a namespace, and names that do not exist', async () => {
    const { app, last } = attendedApp({
      express,
      options: { source: namespaced },
      extend: (app) => {
        app.get('/', (req, res) => {
          const page = req.namespace('page');
          const title: unknown = page.get('title');
          req.experiments.namespace('page').getParams();
          req.namespace('pages' as never);
          res.json([title, page === req.namespace('page'), page.segment === undefined]);
        });
      },
    });
    await request(app).get('/').set(user).expect(200, ['one', true, false]);
    const calls =
      'req.namespace().get(),req.experiments.namespace().getParams(),req.namespace().segment';
    expect(asked(last())).toEqual([`namespace page: ${calls}`, 'namespace pages: req.namespace()']);
    expect(last().namespaces.map(({ name }) => name)).toEqual(['page']);
  });

  it('notes the error of a call, which the application gets unchanged', async () => {
    const caught: unknown[] = [];
    const { app, last } = attendedApp({
      express,
      options: { onError: 'throw' },
      extend: (app) => {
        app.get('/', (req, res) => {
          try {
            req.variant('by_tenant');
          } catch (error) {
            caught.push(error);
          }
          res.json('done');
        });
      },
    });
    await request(app).get('/').set(user).expect(200);
    expect(caught).toHaveLength(1);
    expect(caught[0]).toHaveProperty('code', 'identity');
    expect(named(last(), 'by_tenant').error).toBe((caught[0] as Error).message);
  });

  it('notes at most 1,000 names, cut at 200 characters, of any type', async () => {
    const { app, last } = attendedApp({
      express,
      extend: (app) => {
        app.get('/', (req, res) => {
          req.variant(undefined as never);
          req.variant(Symbol('s') as never);
          req.variant('x'.repeat(10_000) as never);
          for (let i = 0; i < 2000; i++) req.variant(`n${i}` as never);
          res.json('done');
        });
      },
    });
    await request(app).get('/').expect(200);
    const names = [...last().asked].map(({ name }) => name);
    expect(names).toHaveLength(1000);
    expect(names.slice(0, 4)).toEqual(['undefined', 'a symbol', `${'x'.repeat(199)}…`, 'n0']);
  });

  it('notes what became of each exposure', async () => {
    const exposures = { sink: recordingSink() };
    const { app, last } = attendedApp({
      express,
      options: { exposures },
      extend: (app) => {
        app.get('/', (req, res) => {
          req.variant('by_user');
          req.peek('by_chance');
          req.variant('by_rule');
          res.json(req.experiments.isOn('search'));
        });
      },
    });
    const fates = async () => {
      await request(app).get('/').set(user).expect(200);
      return [...last().asked].map(({ exposure }) => exposure);
    };
    expect(await fates()).toEqual(['recorded', undefined, 'not-compared', undefined]);
    expect(await fates()).toEqual(['known', undefined, 'not-compared', undefined]);
    await request(app).head('/').set(user).expect(200);
    expect(named(last(), 'by_user').exposure).toBe('unseen');
  });

  it('notes an exposure without its unit', async () => {
    const exposures = { sink: recordingSink() };
    const { app, last } = attendedApp({
      express,
      options: { exposures },
      attention: { mayOverride: true },
      extend: (app) => app.get('/', (req, res) => void res.json(req.variant('by_user'))),
    });
    await request(app).get('/').set('Cookie', '__cw=by_user:b').expect(200, '"b"');
    expect(named(last(), 'by_user').exposure).toBe('without-unit');
    expect([...last().overrides]).toEqual([['by_user', 'b']]);
  });

  it('has no exposure without the option "exposures"', async () => {
    const { app, last } = attendedApp({
      express,
      extend: (app) => app.get('/', (req, res) => void res.json(req.variant('by_user'))),
    });
    await request(app).get('/').set(user).expect(200);
    expect(named(last(), 'by_user').exposure).toBeUndefined();
  });

  it.each<[string, Partial<Attention>, string, string]>([
    ['nothing', {}, '__cw=by_user:b', 'a'],
    ['mayOverride', { mayOverride: true }, '__cw=by_user:b', 'b'],
    ['granted', { granted: new Map([['by_user', 'b']]) }, '', 'b'],
    ['granted', { granted: new Map([['by_user', 'b']]) }, '__cw=by_user:a', 'b'],
    [
      'both',
      { mayOverride: true, granted: new Map([['by_user', 'a']]) },
      '__cw=by_user:b search:off',
      'a',
    ],
    ['a grant of something else', { granted: new Map([['chat', 'on']]) }, '__cw=by_user:b', 'a'],
  ])('in production, decides with %s', async (_what, attention, cookie, variant) => {
    const lines = new Lines();
    const { app, last } = withNodeEnv('production', () =>
      attendedApp({
        express,
        options: { logger: lines },
        attention,
        extend: (app) => {
          app.get('/', (req, res) => void res.json(req.variant('by_user')));
        },
      }),
    );
    const response = await request(app)
      .get('/')
      .set({ ...user, Cookie: cookie });
    const decided: unknown = response.body;
    // User 1 gets "a" or "b" by the bucket.
    const natural = createClient({ source: { experiments } }).participant({ user: { id: 1 } });
    const isForced = attention.mayOverride === true || attention.granted?.has('by_user') === true;
    expect(decided).toBe(isForced ? variant : natural.variant('by_user'));
    expect(response.headers['cache-control']).toBe(isForced ? 'private' : undefined);
    expect(lines).toEqual(new Lines());
    expect(last().overrides.get('by_user')).toBe(isForced ? variant : undefined);
  });

  it('overrides nothing with "overrides: false"', async () => {
    const { app, last } = attendedApp({
      express,
      options: { overrides: false },
      attention: { mayOverride: true, granted: new Map([['search', 'off']]) },
      extend: (app) => app.get('/', (req, res) => void res.json(req.variant('search'))),
    });
    await request(app).get('/').set('Cookie', '__cw=search:off').expect(200, '"on"');
    expect([...last().overrides]).toEqual([]);
  });

  it('forces experiments and parameters of namespaces with what is granted', async () => {
    const { app } = attendedApp({
      express,
      options: {
        source: {
          experiments: [],
          namespaces: [{ ...namespaced.namespaces[0], history: [{ add: 'words', segments: 0 }] }],
        },
      },
      attention: { granted: new Map([['page', 'words']]) },
      extend: (app) => {
        app.get('/', (req, res) => void res.json(req.namespace('page').get('title', 'none')));
      },
    });
    const response = await request(app).get('/').set(user);
    expect(response.body).toBe('one');
  });

  it('works when the request has met the middleware, until the first decision', async () => {
    const middleware = closing(evenhand({ source: { experiments }, logger: false }));
    const app = express();
    let notes: Inspection | undefined;
    app.use(middleware);
    app.use((req, _res, next) => {
      const granted = new Map([['search', 'off']]);
      notes = attend(middleware, req, { inspects: true, mayOverride: false, granted });
      expect(notes?.snapshot).toBe(middleware.experiments());
      expect(notes?.participant).toBeUndefined();
      next();
    });
    app.get('/', (req, res) => void res.json(req.variant('search')));
    app.use(showError);
    await request(app).get('/').expect(200, '"off"');
    expect(notes && asked(notes)).toEqual(['experiment search: req.variant()']);
  });

  it('notes the decisions of each of two middlewares', async () => {
    const outer = closing(evenhand({ source: ['search:on'], logger: false }));
    const inner = closing(evenhand({ source: ['chat:on'], logger: false }));
    const notes: (Inspection | undefined)[] = [];
    const app = express();
    const mounted = express();
    app.use((req, _res, next) => {
      for (const one of [outer, inner, outer]) {
        notes.push(attend(one, req, { inspects: true, mayOverride: false, granted: undefined }));
      }
      next();
    });
    app.use(outer);
    mounted.use(inner);
    mounted.get('/in', (req, res) => void res.json(req.variant('chat')));
    app.use(mounted);
    app.get('/out', (req, res) => void res.json(req.variant('search')));
    await request(app).get('/in').expect(200, '"on"');
    await request(app).get('/out').expect(200, '"on"');
    // Two attentions to one middleware share their notes.
    expect(notes.map((one) => one && asked(one))).toEqual([
      [],
      ['experiment chat: req.variant()'],
      [],
      ['experiment search: req.variant()'],
      [],
      ['experiment search: req.variant()'],
    ]);
  });

  it('adds up the attentions to one middleware', async () => {
    const middleware = closing(evenhand({ source: ['search:on', 'chat:on'], logger: false }));
    const notes: (Inspection | undefined)[] = [];
    const app = express();
    app.use((req, _res, next) => {
      const none = { inspects: false, mayOverride: false, granted: undefined };
      for (const more of [
        { inspects: true, granted: new Map([['search', 'off']]) },
        { mayOverride: true },
        { inspects: true, granted: new Map() },
      ]) {
        notes.push(attend(middleware, req, { ...none, ...more }));
      }
      next();
    });
    app.use(middleware);
    app.get('/', (req, res) => void res.json([req.variant('search'), req.variant('chat')]));
    await request(app).get('/').set('Cookie', '__cw=chat:off').expect(200, ['off', 'off']);
    expect(notes[0]).toBe(notes[2]);
    expect(notes[1]).toBeUndefined();
    expect(notes[0]?.granted).toEqual(new Map([['search', 'off']]));
  });

  it('keeps the snapshot that decided', async () => {
    const { app, middleware, last } = attendedApp({
      express,
      extend: (app) => app.get('/', (req, res) => void res.json(req.variant('search'))),
    });
    await request(app).get('/').expect(200, '"on"');
    expect(last().snapshot).toBe(middleware.experiments());
    expect(last().participant?.revision).toBe(middleware.experiments().revision);
  });
});

describe('attend()', () => {
  it('returns no notes for a request that is not inspected', () => {
    const middleware = closing(evenhand({ source: ['search:on'] }));
    const attention = { inspects: false, mayOverride: true, granted: undefined };
    expect(attend(middleware, {} as Request, attention)).toBeUndefined();
  });

  it.each([
    ['a function', () => {}],
    ['a guard', requireVariant('search', 'on')],
    ['an object', {}],
  ])('refuses %s that is not a middleware of evenhand()', (_what, middleware) => {
    const attention = { inspects: true, mayOverride: true, granted: undefined };
    expect(() => attend(middleware, {} as Request, attention)).toThrow(
      /^attend\(\) takes the middleware that evenhand\(\) returns, not /,
    );
  });
});
