import type express5 from 'express';
import type { Express, Request, Response } from 'express';
import request from 'supertest';
import { evenhand, requireOn } from 'evenhand';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import {
  keepState,
  type RequestState,
  stateIn,
} from '../../src/express/request/kept-with-request.ts';
import { showError, versions } from '../express/harness.ts';

jest.setTimeout(60_000);

const chance = {
  name: 'chance',
  identity: 'random',
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

/** What is in force, as the request, its locals and its participant tell. */
const seen = (req: Request, res: Response) =>
  [req.variant('where'), res.locals.variant('where'), req.experiments.variant('where')].join();

const all = (where: string) => [where, where, where].join();

describe.each(versions)('a mounted application on Express $version', ({ express }) => {
  const experimentsOf = (where: string) => [
    {
      name: 'where',
      identity: 'random',
      variants: [{ name: 'outer' }, { name: 'inner' }, { name: 'deep' }, { name: 'second' }],
      audiences: [{ allocations: [{ variant: where, percent: 100 }] }],
    },
    chance,
  ];
  const having = (where: string) => evenhand({ source: experimentsOf(where), logger: false });

  /** Notes what is in force, and goes on. */
  const note: express5.RequestHandler = (req, res, next) => {
    res.append('x-seen', seen(req, res));
    next();
  };

  async function ask(app: Express, path = '/'): Promise<unknown[]> {
    app.use((_req, res) => res.json('end'));
    app.use(showError);
    const answers: unknown[] = [];
    // The first request of an application finds nothing prepared.
    for (let i = 0; i < 2; i++) {
      const { headers, body } = await request(app).get(path);
      expect(body).toBe('end');
      answers.push(String(headers['x-seen']).split(', '));
    }
    return answers;
  }

  const twice = (...places: string[]) => [places.map(all), places.map(all)];

  it('has its own experiments, and those around it are in force again once it is left', async () => {
    const outer = express();
    const inner = express();
    inner.use(having('inner'), note);
    outer.use(having('outer'), note, inner, note);
    expect(await ask(outer)).toEqual(twice('outer', 'inner', 'outer'));
  });

  it('has those around it before it has met its own', async () => {
    const outer = express();
    const inner = express();
    inner.use(note, having('inner'), note);
    outer.use(having('outer'), inner, note);
    expect(await ask(outer)).toEqual(twice('outer', 'inner', 'outer'));
  });

  it('hands its own on to applications and routers within it, at any depth', async () => {
    const outer = express();
    const inner = express();
    const bare = express();
    const deep = express();
    const router = express.Router();
    router.use(note);
    deep.use(having('deep'), note);
    bare.use(note, router, deep, note);
    inner.use(having('inner'), bare, note);
    outer.use(having('outer'), inner, note);
    expect(await ask(outer)).toEqual(twice('inner', 'inner', 'deep', 'inner', 'inner', 'outer'));
  });

  it('gives way to one beside it, and both to the one around them', async () => {
    const outer = express();
    const inner = express();
    const second = express();
    inner.use(having('inner'), note);
    second.use(note, having('second'), note);
    outer.use(having('outer'), inner, second, inner, note);
    expect(await ask(outer)).toEqual(twice('inner', 'outer', 'second', 'inner', 'outer'));
  });

  it('leaves decisions behind as they were, and finds its own again', async () => {
    const draws: (string | undefined)[] = [];
    const draw: express5.RequestHandler = (req, _res, next) => {
      draws.push(req.variant('chance'));
      next();
    };
    let drawn = 0;
    const random = () => (drawn++ % 2) / 2;
    const outer = express();
    const inner = express();
    const own = evenhand({ source: experimentsOf('inner'), random });
    const around = evenhand({ source: experimentsOf('outer'), random });
    inner.use(own, draw, own, draw);
    outer.use(around, draw, inner, draw, around, draw);
    const app = outer.use((_req, res) => res.json('end'));
    await request(app).get('/');
    expect(draws).toEqual(['a', 'b', 'b', 'a', 'a']);
    expect(drawn).toBe(2);
  });

  it('is left by a guard of its own for what is around it', async () => {
    const outer = express();
    const inner = express();
    inner.use(evenhand({ source: ['beta:off'] }), requireOn('beta'), note);
    outer.use(
      evenhand({ source: ['beta:on', ...experimentsOf('outer')] }),
      inner,
      requireOn('beta'),
      note,
    );
    expect(await ask(outer)).toEqual(twice('outer'));
  });

  it('is left by an error for what is around it', async () => {
    const outer = express();
    const inner = express();
    inner.use(having('inner'), () => {
      throw new Error('no page');
    });
    outer.use(having('outer'), inner);
    outer.use(((_error, req, res, next) => note(req, res, next)) as express5.ErrorRequestHandler);
    expect(await ask(outer)).toEqual(twice('outer'));
  });

  it('waits for its own source and those around it are in force again', async () => {
    const later = (where: string) =>
      evenhand({
        source: {
          load: () => Promise.resolve({ data: experimentsOf(where), origin: 'test' }),
        } as object,
        contextProvider: () => Promise.resolve({}),
      });
    const outer = express();
    const inner = express();
    inner.use(later('inner'), note);
    outer.use(later('outer'), inner, note);
    expect(await ask(outer)).toEqual(twice('inner', 'outer'));
  });
});

describe('the states of a request', () => {
  /** A state and all that it would give way to. */
  const depthOf = (state: RequestState | undefined): number =>
    state === undefined ? 0 : 1 + depthOf(state.nested?.outer);

  it('are no more than applications around it, however many middlewares it meets', () => {
    const outer = {};
    const inner = { parent: outer };
    const second = { parent: outer };
    const deep = { parent: inner };
    const kept = {};
    const participant = parseExperiments(['x:on']).participant({});
    for (let i = 0; i < 100; i++) {
      for (const app of [outer, outer, inner, inner, deep, deep, inner, second, deep]) {
        const state: RequestState = {
          owner: {},
          participant,
          extended: undefined,
          nested: undefined,
        };
        keepState(kept, state, { app });
        expect(stateIn(kept, { app })).toBe(state);
        expect(depthOf(stateIn(kept, { app }))).toBeLessThanOrEqual(4);
      }
    }
  });
});

describe.each(versions)('the middleware met twice on Express $version', ({ express }) => {
  const source = ['search:on', chance];

  it.each([
    ['beside itself', (one: express5.RequestHandler) => [one, one]],
    ['in a router', (one: express5.RequestHandler) => [one, express.Router().use(one)]],
    ['in a mounted application', (one: express5.RequestHandler) => [one, express().use(one)]],
    [
      'in routers in routers',
      (one: express5.RequestHandler) => [
        one,
        express.Router().use(one, express.Router().use(one)),
        one,
      ],
    ],
  ])('%s does nothing more', async (_where, handlersOf) => {
    let provided = 0;
    let drawn = 0;
    const middleware = evenhand({
      source,
      contextProvider: () => ({ provided: ++provided }),
      random: () => drawn++ / 2,
    });
    const app = express();
    const variants: unknown[] = [];
    for (const handler of handlersOf(middleware)) {
      app.use(handler);
      app.use((req, _res, next) => {
        variants.push(req.variant('chance'));
        next();
      });
    }
    app.use((_req, res) => res.json('end'));
    expect((await request(app).get('/')).body).toBe('end');
    expect(new Set(variants)).toEqual(new Set(['a']));
    expect([provided, drawn]).toEqual([1, 1]);
  });

  it('of another make takes over from there on in the same application', async () => {
    const app = express();
    const seenOn: boolean[] = [];
    const note: express5.RequestHandler = (req, res, next) => {
      seenOn.push(req.isOn('search'), res.locals.isOn('search'));
      next();
    };
    const one = evenhand({ source: ['search:on'] });
    const other = evenhand({ source: ['search:off'] });
    app.use(one, note, other, note, one, note, (_req, res) => res.json('end'));
    for (let i = 0; i < 2; i++) await request(app).get('/');
    const once = [true, true, false, false, true, true];
    expect(seenOn).toEqual([...once, ...once]);
  });
});
