import request from 'supertest';
import { type EvenhandOptions } from 'evenhand';
import { Lines, testApp, versions, withNodeEnv } from './harness.ts';

/** An experiment that gives `yes` to those in the rule, and `no` to everyone else. */
const asks = (name: string, rule: string, identity = 'random') => ({
  name,
  identity,
  variants: [{ name: 'yes' }, { name: 'no' }],
  audiences: [
    { rule, allocations: [{ variant: 'yes', percent: 100 }] },
    { allocations: [{ variant: 'no', percent: 100 }] },
  ],
});

const half = [
  { variant: 'yes', percent: 50 },
  { variant: 'no', percent: 50 },
];

const declared = {
  context: {
    properties: {
      groups: { type: 'array', items: { type: 'string' } },
      tenant: {
        properties: { id: { type: 'string' }, tier: { type: 'string' } },
        required: ['id'],
      },
      user: {
        properties: { plan: { type: 'string' }, role: { type: 'string' } },
        required: ['role'],
      },
    },
  },
  experiments: [
    asks('no_groups', 'groups is None'),
    asks('pro', 'user.plan == "pro"'),
    asks('tier', 'tenant.tier != "gold"'),
    asks('example', 'user.plan is not None and user.plan.lower[-4:] == "team"'),
    asks('admin', 'user.role == "admin"'),
    asks('late', 'user.plan > "a"'),
    { ...asks('by_tenant', ''), identity: 'tenant.id', audiences: [{ allocations: half }] },
  ],
};

const silent = {
  context: {
    properties: { groups: { type: 'array' }, user: { additionalProperties: true } },
    required: ['groups'],
  },
  experiments: [asks('other_groups', 'groups is None'), asks('other_pro', 'user.plan == "pro"')],
};

/** A source of two files, each with a context of its own. */
const source = {
  name: 'two files',
  load: () => ({
    origin: 'two files',
    texts: [
      { origin: 'a.json', text: JSON.stringify(declared) },
      { origin: 'b.json', text: JSON.stringify(silent) },
    ],
  }),
};

describe.each(versions)('absent optional values on Express $version', ({ express }) => {
  const answer = async (
    name: string,
    user?: object,
    options: EvenhandOptions = { onError: 'throw' },
  ) => {
    const { app, middleware } = testApp(express, { source, ...options }, (one) => {
      one.get('/why/:name', (req, res) => res.json(req.experiments.explain(req.params.name)));
    });
    await middleware.ready();
    const asked = (path: string) => {
      const get = request(app).get(`${path}/${name}`);
      return user === undefined ? get : get.set('x-user', JSON.stringify(user));
    };
    return { decided: await asked('/variant'), why: await asked('/why') };
  };

  it.each([
    ['no_groups', 'yes', { groups: null }],
    ['pro', 'no', { 'user.plan': null }],
    ['tier', 'yes', { 'tenant.tier': null }],
    ['example', 'no', { 'user.plan': null }],
  ])('%s gives a visitor %s, and explains the value as None', async (name, variant, values) => {
    const { decided, why } = await answer(name);
    expect(decided.body).toBe(variant);
    const [audience] = (why.body as { audiences: { clauses: object[]; outcome: string }[] })
      .audiences;
    expect(audience?.clauses[0]).toMatchObject({ values });
    expect(audience?.outcome).toBe(variant === 'yes' ? 'matched' : 'not-matched');
  });

  it('reads values that are there', async () => {
    const user = { id: 7, plan: 'Pro Team', role: 'admin' };
    const provided = {
      contextProvider: () => ({ groups: ['a'], tenant: { id: 't', tier: 'gold' } }),
    };
    const variantOf = async (name: string) =>
      (await answer(name, user, provided)).decided.body as string;
    expect(await variantOf('no_groups')).toBe('no');
    expect(await variantOf('tier')).toBe('no');
    expect(await variantOf('example')).toBe('yes');
    expect(await variantOf('admin')).toBe('yes');
  });

  it.each([
    ['other_groups', 'the context has no \\"groups\\"'],
    ['other_pro', 'has no attribute \\"plan\\"'],
    ['admin', 'has no attribute \\"role\\"'],
    ['late', "can't compare None with a string"],
  ])('still raises an error for %s', async (name, message) => {
    const { decided } = await answer(name, { id: 7 });
    expect(decided.status).toBe(500);
    expect(decided.text).toContain(message);
  });

  it('still has no identity that is absent', async () => {
    const { decided } = await answer('by_tenant');
    expect(decided.body).toMatchObject({ name: 'IdentityError' });
  });

  it('lets the fallback audience decide in production only where None fails', async () => {
    const logger = new Lines();
    const variants: unknown[] = [];
    for (const name of ['no_groups', 'pro', 'late', 'other_groups']) {
      const asked = () => answer(name, undefined, { logger });
      variants.push((await withNodeEnv('production', asked)).decided.body);
    }
    expect(variants).toEqual(['yes', 'no', 'no', 'no']);
    const failed = logger.errors.map((line) => /experiment "(\w+)"/.exec(line)?.[1]);
    expect([...new Set(failed)]).toEqual(['late', 'other_groups']);
  });
});
