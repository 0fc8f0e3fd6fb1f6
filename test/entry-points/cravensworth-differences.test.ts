import express from 'express';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { bucketOf, evenhand, parseExperiments, requireOff } from 'evenhand';
import { closing } from '../closing.ts';
import { withNodeEnv } from '../express/harness.ts';
import { RawServer } from '../http/raw-server.ts';

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

/** An experiment by the context value `v`, with some properties replaced. */
const experiment = (properties: object = {}) => ({
  name: 'user_ab',
  identity: 'v',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [{ allocations: half }],
  ...properties,
});

const allocating = (...percents: readonly unknown[]) => ({
  audiences: [{ allocations: percents.map((percent, i) => ({ variant: 'ab'[i], percent })) }],
});

/** Returns the variants of the contexts `{ v: 0 }` to `{ v: 199 }`. */
function variants(properties: object): (string | undefined)[] {
  const snapshot = parseExperiments([experiment(properties)]);
  return Array.from({ length: 200 }, (_, v) => snapshot.participant({ v }).variant('user_ab'));
}

function identityOf(v: unknown, properties: object = {}): string | undefined {
  const snapshot = parseExperiments([experiment(properties)], { logger: false });
  const participant = snapshot.participant({
    v,
    tags: ['p', 'q'],
  });
  return participant.explain('user_ab').identity?.text;
}

const load = (properties: object) => () => parseExperiments([experiment(properties)]);

/** Answers with the tracking key, the forced variant and the state of a switch. */
async function ask(cookie: string, nodeEnv = 'test') {
  const source = [experiment({ identity: 'anonymous' }), 'sw_on:on'];
  const experiments = withNodeEnv(nodeEnv, () => closing(evenhand({ source, logger: false })));
  const app = express().use(experiments);
  app.get('/', (req, res) => {
    const { identity, reason } = req.experiments.explain('user_ab');
    res.json([reason, identity?.text, req.variant('user_ab'), req.variant('sw_on')]);
  });
  const response = await request(app).get('/').set('Cookie', cookie);
  const [reason, key, variant, state] = response.body as [string, string, string, string];
  const set = (response.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
  return { status: response.status, reason, key, variant, state, set };
}

/** Returns the variant of a request with this user, by a rule that gives `a`. */
async function variantOf(rule: string, user?: object): Promise<string> {
  const audiences = [
    { rule, allocations: [{ variant: 'a', percent: 100 }] },
    { allocations: [{ variant: 'b', percent: 100 }] },
  ];
  const app = express();
  app.use((req, _res, next) => {
    Object.assign(req, { user });
    next();
  });
  app.use(closing(evenhand({ source: [experiment({ audiences })], logger: false })));
  app.get('/', (req, res) => {
    try {
      res.json(req.variant('user_ab'));
    } catch (error) {
      res.json((error as { code?: string }).code);
    }
  });
  return (await request(app).get('/')).body as string;
}

/** Returns the address to which a guard redirects. */
async function redirectOf(redirectTo: string): Promise<string | undefined> {
  const app = express().use(closing(evenhand({ source: ['sw_on:on'], logger: false })));
  app.get('/', requireOff('sw_on', { redirectTo }));
  return (await request(app).get('/')).headers['location'];
}

/** Returns the status and the body of a request with these raw header lines, for the tracking key. */
async function askRaw(lines: readonly string[]): Promise<readonly [number, string]> {
  const source = [experiment({ identity: 'anonymous' })];
  const app = express().use(closing(evenhand({ source, logger: false })));
  app.get('/', (req, res) => {
    res.json(req.experiments.explain('user_ab').identity?.text);
  });
  const server = new RawServer(app);
  await server.start();
  const { status, body } = await server.ask('/', lines);
  return [status, body];
}

/** The checks of Evenhand's side, by the first column of the table. */
const ROWS: Readonly<Record<string, () => void | Promise<void>>> = {
  'a tracking cookie with unusual characters, or longer than 256': async () => {
    for (const text of ['a b', '<b>', '=1+1', 'x'.repeat(257)]) {
      const { key, set } = await ask(`__cwtk=${text}`);
      expect(key).toMatch(/^[0-9a-f]{32}$/);
      expect(set).toEqual([]);
      expect((await ask(`__cwtk=${text}`)).key).toBe(key);
    }
  },
  'a tracking cookie with characters beyond Latin-1': async () => {
    const line = `Cookie: __cwtk=${Buffer.from('漢').toString('latin1')}`;
    const [status, key] = await askRaw([line]);
    expect([status, key]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{32}"$/)]);
    expect(await askRaw([line])).toEqual([200, key]);
  },
  'an empty tracking cookie': async () => {
    const { key, set } = await ask('__cwtk=');
    expect(set[0]).toContain(`__cwtk=${key};`);
    expect((await ask('__cwtk=')).key).not.toBe(key);
  },
  'a new tracking key': async () => {
    expect((await ask('a=1')).set).toEqual([
      expect.stringMatching(/^__cwtk=[0-9a-f]{32}; /),
      expect.stringMatching(/^__cwtk_r=1; /),
    ]);
    expect((await ask('__cwtk=a; __cwtk_r=1')).set).toEqual([]);
    expect((await ask('__cw=user_ab:a')).set).toEqual([]);
  },
  'the tracking cookie over HTTPS': async () => {
    const app = express().set('trust proxy', true);
    app.use(closing(evenhand({ source: [experiment({ identity: 'anonymous' })], logger: false })));
    app.get('/', (req, res) => res.json(req.variant('user_ab')));
    const { headers } = await request(app).get('/').set('X-Forwarded-Proto', 'https');
    expect(headers['set-cookie']?.[0]).toContain('; Secure');
    expect((await request(app).get('/')).headers['set-cookie']?.[0]).not.toContain('; Secure');
  },
  'the override cookie `user_ab%3Aa` or `user_ab:a%20sw_on:off`': async () => {
    expect(await ask('__cw=user_ab%3Aa')).toMatchObject({ reason: 'override', variant: 'a' });
    const both = await ask('__cw=user_ab:a%20sw_on:off');
    expect(both).toMatchObject({ reason: 'override', variant: 'a', state: 'off' });
  },
  'an override without a colon': async () => {
    expect(await ask('__cw=user_ab sw_on:off')).toMatchObject({ status: 200, state: 'off' });
  },
  'an override cookie above 4,096 characters': async () => {
    expect(await ask(`__cw=sw_on:off ${'x:y '.repeat(1100)}`)).toMatchObject({ state: 'on' });
  },
  'overrides in production without a list of addresses': async () => {
    expect(await ask('__cw=sw_on:off', 'production')).toMatchObject({ state: 'on' });
    expect(await ask('__cw=sw_on:off', 'development')).toMatchObject({ state: 'off' });
  },
  'a `Cookie` header with control characters other than tabs': async () => {
    expect(await askRaw(['Cookie: __cwtk=a\u0001b'])).toEqual([400, '']);
  },
  'several `Cookie` headers in one request': async () => {
    expect(await askRaw(['Cookie: a=1', 'Cookie: __cwtk=b'])).toEqual([200, '"b"']);
  },
  'a redirect to `plans`': async () => {
    expect(await redirectOf('plans')).toBe('plans');
  },
  'a redirect to `/100%` or `/a^b`': async () => {
    expect([await redirectOf('/100%'), await redirectOf('/a^b')]).toEqual(['/100%25', '/a^b']);
  },
  '`"seed": 5`': () => {
    expect(load({ seed: 5 })).toThrow('seed must be a string');
    // The variant of Cravensworth with the seed 5.
    expect(
      parseExperiments([experiment({ seed: '5' })])
        .participant({ v: 1 })
        .variant('user_ab'),
    ).toBe('a');
  },
  'percents such as 33.3 and 66.7': () => {
    expect(load(allocating(33.3, 66.7))).toThrow('whole numbers that sum to 100');
    const buckets = variants(allocating(33, 67));
    expect(buckets.filter((variant) => variant === 'a').length).toBeGreaterThan(40);
  },
  '`"buckets": 10000`': () => {
    expect(variants({ ...allocating(33, 67), buckets: 10_000 })).toEqual(
      variants(allocating(33, 67)),
    );
    expect(load({ ...allocating(33.25, 66.75), buckets: 10_000 })).not.toThrow();
  },
  '`"percent": true`': () => {
    expect(load(allocating(true, 99))).toThrow('percent must be a whole number');
  },
  'a variant that is declared twice': () => {
    const doubled = [{ name: 'a' }, { name: 'b' }, { name: 'b' }];
    expect(load({ variants: doubled })).toThrow('variant "b" is declared twice');
  },
  'an experiment that is declared twice': () => {
    expect(() => parseExperiments([experiment(), experiment({ seed: 'x' })])).toThrow('user_ab');
  },
  'a variant without an allocation, with unusual characters in its name': () => {
    const odd = [{ name: 'a' }, { name: 'b' }, { name: 'c d' }];
    expect(load({ variants: odd })).toThrow(
      'name must be a string of letters, digits and underscores',
    );
  },
  'a name or an identity that ends with a line break': () => {
    expect(load({ name: 'user_ab\n' })).toThrow('name must be a string of letters');
    expect(load({ identity: 'v\n' })).toThrow('identity must be a dotted path');
  },
  'unknown properties': () => {
    expect(load({ sed: 'x' })).toThrow('did you mean "seed"');
  },
  'the identity `user..id`': () => {
    expect(load({ identity: 'user..id' })).toThrow('identity must be a dotted path');
  },
  'the identity `tags.0` of a list': () => {
    expect(identityOf(1, { identity: 'tags.0' })).toBe('p');
  },
  'an identity whose value is a list, a dict, a date, bytes, NaN or infinite': () => {
    const collections = [['p'], { a: 1 }, new Map([['a', 1]])];
    for (const value of [...collections, new Date(0), Buffer.from('ab'), Number.NaN, Infinity]) {
      const participant = parseExperiments([experiment()]).participant({ v: value });
      expect(() => participant.variant('user_ab')).toThrow(
        expect.objectContaining({ code: 'identity' }),
      );
    }
  },
  'the identities 1.0 and 1e16': () => {
    expect([identityOf(1.0), identityOf(1e16)]).toEqual(['1', '10000000000000000']);
    expect([identityOf(0.5), identityOf(1e-5), identityOf(true)]).toEqual(['0.5', '1e-05', 'True']);
  },
  'half of a surrogate pair in an identity or a seed': () => {
    const replaced = variants({ seed: '\ufffd' });
    expect(variants({ seed: '\ud83d' })).toEqual(replaced);
    expect(new Set(replaced).size).toBe(2);
    expect(bucketOf('\ude00', 's')).toBe(bucketOf('\ufffd', 's'));
  },
  'two `random` experiments with one seed': () => {
    const draws = [0.1, 0.9];
    const snapshot = parseExperiments(
      ['one', 'two'].map((name) => experiment({ name, identity: 'random', seed: 's' })),
      { random: () => draws.shift() ?? 0 },
    );
    expect(snapshot.participant().variants()).toEqual({ one: 'a', two: 'b' });
  },
  'the identity `a` with the seed `bc`, and `ab` with `c`': () => {
    const snapshot = parseExperiments([
      experiment({ name: 'one', identity: 'a', seed: 'bc' }),
      experiment({ name: 'two', identity: 'ab', seed: 'c' }),
    ]);
    for (let i = 0; i < 20; i++) {
      const participant = snapshot.participant({ a: i, ab: -i });
      const buckets = ['one', 'two'].map((name) => participant.explain(name).bucket);
      expect(buckets).toEqual([bucketOf(i, 'bc'), bucketOf(-i, 'c')]);
    }
  },
  'an audience that gives everyone one variant, without an identity': () => {
    const all = { audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }] };
    expect(
      parseExperiments([experiment(all)])
        .participant({})
        .variant('user_ab'),
    ).toBe('a');
  },
  'a rule that calls a function': () => {
    const audiences = [{ rule: 'len(v) == 1', allocations: half }, { allocations: half }];
    expect(load({ audiences })).toThrow(/call/);
  },
  'a request without a user, if no authentication middleware is installed': async () => {
    expect(await variantOf('user is None')).toBe('b');
    expect(await variantOf('user.is_anonymous and user.id is None')).toBe('a');
  },
  '`user.is_staff`, `user.username` and the like of a visitor who is not logged in': async () => {
    expect(await variantOf('user.is_staff')).toBe('attribute');
    expect(await variantOf('user.username == ""')).toBe('attribute');
    expect(await variantOf('user.is_authenticated and user.is_staff')).toBe('b');
  },
  "`'plan' in user` and `user['plan']`": async () => {
    expect(await variantOf("'plan' in user", { plan: 'pro' })).toBe('a');
    expect(await variantOf("user['plan'] == 'pro'", { plan: 'pro' })).toBe('a');
  },
};

describe('the differences from Cravensworth', () => {
  const page = readFileSync(join(__dirname, '../../docs/cravensworth.md'), 'utf8');
  const [, section = ''] = page.split('## Differences');
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);

  it('are the rows of the table in the documentation', () => {
    const first = rows.map((row) => row.split(' | ')[0]?.replace(/^\| /, '').trim());
    expect(first).toEqual(Object.keys(ROWS));
  });

  it.each(Object.entries(ROWS))('are kept: %s', async (row, check) => {
    await check();
    expect(page).toContain(row);
  });

  it('do not include "seed": null, which means no seed', () => {
    expect(variants({ seed: null })).toEqual(variants({}));
    expect(variants({ seed: null })).toEqual(variants({ seed: 'user_ab' }));
  });
});
