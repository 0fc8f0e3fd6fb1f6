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
import { experiment } from '../assignment/build.ts';

const chance = experiment({ name: 'chance', identity: 'random' });

/** Returns the current variant according to the request, its locals and its participant. */
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

  /** Adds the current variants to a response header. */
  const note: express5.RequestHandler = (req, res, next) => {
    res.append('x-seen', seen(req, res));
    next();
  };

  async function ask(app: Express, path = '/'): Promise<unknown[]> {
    app.use((_req, res) => res.json('end'));
    app.use(showError);
    const answers: unknown[] = [];
    // The second request uses what the first one prepared.
    for (let i = 0; i < 2; i++) {
      const { headers, body } = await request(app).get(path);
      expect(body).toBe('end');
      answers.push(String(headers['x-seen']).split(', '));
    }
    return answers;
  }

  const twice = (...places: string[]) => [places.map(all), places.map(all)];

  it('has its own experiments, and the outer ones apply again after it', async () => {
    const outer = express();
    const inner = express();
    inner.use(having('inner'), note);
    outer.use(having('outer'), note, inner, note);
    expect(await ask(outer)).toEqual(twice('outer', 'inner', 'outer'));
  });

  it('has the outer experiments until its own middleware runs', async () => {
    const outer = express();
    const inner = express();
    inner.use(note, having('inner'), note);
    outer.use(having('outer'), inner, note);
    expect(await ask(outer)).toEqual(twice('outer', 'inner', 'outer'));
  });

  it('passes its experiments on to applications and routers inside it, at any depth', async () => {
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

  it('has different experiments from the application beside it, and the outer ones apply after both', async () => {
    const outer = express();
    const inner = express();
    const second = express();
    inner.use(having('inner'), note);
    second.use(note, having('second'), note);
    outer.use(having('outer'), inner, second, inner, note);
    expect(await ask(outer)).toEqual(twice('inner', 'outer', 'second', 'inner', 'outer'));
  });

  it('keeps its own decisions, and leaves the decisions of the outer application unchanged', async () => {
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

  it('restores the outer experiments when its own guard skips the rest of it', async () => {
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

  it('restores the outer experiments when it throws', async () => {
    const outer = express();
    const inner = express();
    inner.use(having('inner'), () => {
      throw new Error('no page');
    });
    outer.use(having('outer'), inner);
    outer.use(((_error, req, res, next) => note(req, res, next)) as express5.ErrorRequestHandler);
    expect(await ask(outer)).toEqual(twice('outer'));
  });

  it('waits for its own source, and the outer experiments apply again after it', async () => {
    const later = (where: string) =>
      evenhand({
        source: {
          name: where,
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
  /** Returns the number of states in a chain: a state and those around it. */
  const depthOf = (state: RequestState | undefined): number =>
    state === undefined ? 0 : 1 + depthOf(state.nested?.outer);

  it('do not grow with the number of middlewares that run', () => {
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
          viewNames: [],
          extended: undefined,
          extendedIn: undefined,
          nested: undefined,
        };
        keepState(kept, state, { app });
        expect(stateIn(kept, { app })).toBe(state);
        expect(depthOf(stateIn(kept, { app }))).toBeLessThanOrEqual(4);
      }
    }
  });
});

describe.each(versions)('the middleware used twice on Express $version', ({ express }) => {
  const source = ['search:on', chance];

  it.each([
    ['side by side', (one: express5.RequestHandler) => [one, one]],
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
  ])('has no second effect: %s', async (_where, handlersOf) => {
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

  it('gives way to another middleware from there on in the same application', async () => {
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
