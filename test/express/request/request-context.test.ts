import type { Request } from 'express';
import request from 'supertest';
import { experiments, testApp, versions } from '../harness.ts';

/** Experiments that tell who the user is: `by` so many different names, each undecided until asked. */
const named = ['one', 'two', 'three', 'four'].map((name) => ({
  name,
  identity: 'user.id',
  variants: [{ name: 'pro' }, { name: 'free' }],
  audiences: [
    { rule: 'user.plan == "pro"', allocations: [{ variant: 'pro', percent: 100 }] },
    { allocations: [{ variant: 'free', percent: 100 }] },
  ],
}));

const namespaces = [
  {
    name: 'layer',
    unit: 'user.id',
    segments: 10,
    inputs: { plan: 'user.plan' },
    experiments: [{ name: 'x', script: 'seen = plan;' }],
    history: [{ add: 'x', segments: 10 }],
  },
];

const source = { experiments: [...experiments, ...named], namespaces };

/** A user who is another one from the given look on. */
function changing(req: Request, users: readonly unknown[]): () => number {
  let looks = 0;
  Object.defineProperty(req, 'user', {
    get: () => users[Math.min(looks++, users.length - 1)],
    configurable: true,
  });
  return () => looks;
}

describe.each(versions)('the user of a request on Express $version', ({ express }) => {
  /** Returns the response of a handler. */
  async function answering(handle: (req: Request) => unknown): Promise<unknown> {
    const { app } = testApp(express, { source }, (one) => {
      one.get('/', (req, res) => res.json(handle(req)));
    });
    const { body, status } = await request(app).get('/');
    expect(status).toBe(200);
    return body;
  }

  const login = (req: Request, plan: string) => Object.assign(req, { user: { id: 1, plan } });

  it('can change between decisions, but not in a decision that has been made', async () => {
    const seen = await answering((req) => {
      login(req, 'free');
      const before = req.variant('one');
      login(req, 'pro');
      const after = [req.variant('two'), req.variant('one')];
      Object.assign(req, { user: undefined });
      const out = req.variant('members');
      return [before, ...after, out];
    });
    expect(seen).toEqual(['free', 'pro', 'free', 'out']);
  });

  it('is read again after a decision that failed', async () => {
    const seen = await answering((req) => {
      // An anonymous user has no plan.
      expect(() => req.variant('one')).toThrow('no attribute "plan"');
      login(req, 'pro');
      const again = [req.variant('one'), req.variant('two')];
      Object.assign(req, { user: 'a text' });
      expect(() => req.variant('three')).toThrow('no attribute "plan"');
      login(req, 'free');
      return [...again, req.variant('three')];
    });
    expect(seen).toEqual(['pro', 'pro', 'free']);
  });

  it('is read again by an explanation, and by the next decision', async () => {
    const seen = await answering((req) => {
      login(req, 'free');
      const decided = req.variant('one');
      login(req, 'pro');
      const { variant, audiences } = req.experiments.explain('one');
      const rule = audiences[0]?.outcome;
      login(req, 'free');
      return [decided, variant, rule, req.variant('two')];
    });
    // The decision stays; the explanation shows what its rule says now.
    expect(seen).toEqual(['free', 'free', 'matched', 'free']);
  });

  it('is read again by a namespace, and by the next decision', async () => {
    const seen = await answering((req) => {
      login(req, 'free');
      const first = req.variant('one');
      login(req, 'pro');
      const drawn = req.namespace('layer').get('seen');
      login(req, 'free');
      return [first, drawn, req.namespace('layer').get('seen'), req.variant('two')];
    });
    expect(seen).toEqual(['free', 'pro', 'pro', 'free']);
  });

  it('is read once for a decision, so that it is the same user throughout', async () => {
    const seen = await answering((req) => {
      const looks = changing(req, [
        { id: 1, plan: 'pro', tags: [] },
        { id: 2, plan: 'free', tags: [] },
      ]);
      return [req.variant('by_rule'), looks(), req.variant('one'), looks()];
    });
    expect(seen).toEqual(['pro', 1, 'free', 2]);
  });

  it('is read for each decision inside a decision', async () => {
    const seen: unknown[] = [];
    await answering((req) => {
      let asks = 0;
      const inner = { id: 1, plan: 'free' };
      const outer = {
        id: 1,
        get plan() {
          asks++;
          Object.assign(req, { user: inner });
          seen.push(req.variant('two'));
          Object.assign(req, { user: outer });
          return 'pro';
        },
      };
      Object.assign(req, { user: outer });
      seen.push(req.variant('one'), asks, req.variant('one'), req.variant('two'), asks);
      return null;
    });
    expect(seen).toEqual(['free', 'pro', 1, 'pro', 'free', 1]);
  });

  it('is missing if its getter throws, and read again next time', async () => {
    const seen = await answering((req) => {
      let fails = true;
      Object.defineProperty(req, 'user', {
        get() {
          if (fails) throw new Error('no session');
          return { id: 1, plan: 'pro' };
        },
      });
      expect(() => req.variant('one')).toThrow('no session');
      fails = false;
      return req.variant('one');
    });
    expect(seen).toBe('pro');
  });
});
