import cookieParser from 'cookie-parser';
import type express5 from 'express';
import type { Request } from 'express';
import request from 'supertest';
import { evenhand } from 'evenhand';
import { experiments, showError, versions } from '../express/harness.ts';

/** JSON that would make every user `pro` if it reached a prototype. */
const attacks = [
  '{"__proto__":{"plan":"pro","id":"x"}}',
  '{"id":1,"__proto__":{"plan":"pro"}}',
  '{"constructor":{"prototype":{"plan":"pro"}}}',
  '{"id":1,"constructor":{"plan":"pro"}}',
  '{"user":{"__proto__":{"plan":"pro"}}}',
  '{"__proto__":{"user":{"plan":"pro"}}}',
  '{"toString":"x","valueOf":"x","hasOwnProperty":"x"}',
];

/** Like `by_rule`, but its users may have no plan. The rule then fails, and the fallback audience decides. */
const byPlan = {
  name: 'by_plan',
  identity: 'random',
  variants: [{ name: 'pro' }, { name: 'others' }],
  audiences: [
    { rule: 'user.plan == "pro"', allocations: [{ variant: 'pro', percent: 100 }] },
    { allocations: [{ variant: 'others', percent: 100 }] },
  ],
};

const NOT_PRO = ['others', 'others'];

describe.each(versions)('request data on Express $version', ({ express }) => {
  let before: readonly PropertyKey[];
  beforeEach(() => {
    before = Reflect.ownKeys(Object.prototype);
  });
  afterEach(() => {
    const more = Reflect.ownKeys(Object.prototype).filter((key) => !before.includes(key));
    if (more.length > 0) throw new Error(`Object.prototype has new keys: ${more.join(', ')}`);
  });

  /** Returns an application whose context is what `valuesOf` finds in a request. */
  function appWith(valuesOf: (req: Request) => object): express5.Express {
    const app = express();
    app.use(cookieParser(), express.json(), express.urlencoded({ extended: true }));
    app.set('query parser', 'extended');
    const source = [...experiments, byPlan];
    app.use(evenhand({ source, logger: false, contextProvider: valuesOf, onError: 'fallback' }));
    app.use((req, res) => {
      // Both rules read own properties only.
      res.json([req.variant('by_rule'), req.variant('by_plan')]);
    });
    app.use(showError);
    return app;
  }

  const asObject = (value: unknown): object =>
    typeof value === 'object' && value !== null ? value : {};

  it.each(attacks)('from a body reaches the context but no prototype: %s', async (json) => {
    for (const valuesOf of [
      (req: Request) => asObject(req.body),
      (req: Request) => ({ user: asObject(req.body) }),
      (req: Request) => ({ user: Object.assign({}, asObject(req.body)) }),
    ]) {
      const asked = request(appWith(valuesOf)).post('/').set('Content-Type', 'application/json');
      const { body } = await asked.send(json);
      expect(body).toEqual(NOT_PRO);
    }
  });

  it.each(attacks)('from a JSON cookie reaches the context but no prototype: %s', async (json) => {
    for (const valuesOf of [
      (req: Request) => asObject(req.cookies.prefs),
      (req: Request) => ({ user: asObject(req.cookies.prefs) }),
    ]) {
      const cookie = `prefs=j:${encodeURIComponent(json)}`;
      const { body } = await request(appWith(valuesOf)).get('/').set('Cookie', cookie);
      expect(body).toEqual(NOT_PRO);
    }
  });

  it.each([
    '__proto__[plan]=pro',
    'user[__proto__][plan]=pro',
    'user[constructor][prototype][plan]=pro',
    'constructor[prototype][plan]=pro',
    'user[id]=1&user[__proto__]=pro',
    'user[toString]=x&user[id][toString]=x',
    '__proto__.plan=pro',
  ])('from a query or a form reaches the context but no prototype: %s', async (query) => {
    const app = appWith((req) => ({ ...asObject(req.query), ...asObject(req.body) }));
    for (const asked of [request(app).get(`/?${query}`), request(app).post('/').send(query)]) {
      const { body } = await asked;
      expect(body).toEqual(NOT_PRO);
    }
  });

  it('is accepted as an identity only if it is not a list or an object', async () => {
    const app = express();
    app.set('query parser', 'extended');
    const contextProvider = (req: Request) => ({ user: { id: req.query['id'] } });
    app.use(evenhand({ source: experiments, logger: false, contextProvider }));
    app.get('/', (req, res) => {
      res.json(req.variant('by_user'));
    });
    app.use(showError);
    for (const query of ['id[]=1', 'id=1&id=2', 'id[toString]=x', 'id[a]=1', '']) {
      const { status, body } = await request(app).get(`/?${query}`);
      expect([status, body]).toEqual([500, expect.objectContaining({ code: 'identity' })]);
    }
    for (const id of ['__proto__', 'constructor', 'x'.repeat(8000), '%00', '%F0%9F%98%80', '%FF']) {
      const { body } = await request(app).get(`/?id=${id}`);
      expect(body).toMatch(/^[ab]$/);
    }
  });

  it('does not include properties that other code put on Object.prototype', async () => {
    const app = appWith(() => ({ user: { id: 1 } }));
    Reflect.defineProperty(Object.prototype, 'plan', {
      value: 'pro',
      configurable: true,
      enumerable: true,
      writable: true,
    });
    try {
      expect((await request(app).get('/')).body).toEqual(NOT_PRO);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'plan');
    }
  });
});
