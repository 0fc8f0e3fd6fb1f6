import request from 'supertest';
import type { Right } from '../../../src/dashboard/frame/rights.ts';
import { type AccessSetup, createGate } from '../../../src/dashboard/routes/access.ts';
import { onceLogger } from '../../../src/runtime/logger.ts';
import { Lines, versions, withNodeEnv } from '../../express/harness.ts';
import { site } from './site.ts';

const ALL: readonly Right[] = ['switch', 'ramp', 'edit', 'remove'];

const gateOf = (parts: Partial<AccessSetup>, lines = new Lines()) =>
  createGate({
    allow: undefined,
    allowIps: [],
    author: () => 'ada',
    apiAuthor: undefined,
    canWrite: true,
    once: onceLogger(lines),
    ...parts,
  });

const req = (given: object = {}) =>
  ({ headers: {}, ip: '10.1.2.3', ...given }) as unknown as Parameters<
    ReturnType<typeof createGate>
  >[0];

const broken = new Proxy([], {
  get() {
    throw new Error('refuses');
  },
});

it.each<readonly [unknown, readonly Right[] | undefined]>([
  ['write', ALL],
  ['read', []],
  [true, []],
  [[], []],
  [['switch'], ['switch']],
  [
    ['remove', 'ramp'],
    ['ramp', 'remove'],
  ],
  [Promise.resolve('write'), ALL],
  [Promise.resolve(['edit']), ['edit']],
  [false, undefined],
  [undefined, undefined],
  [null, undefined],
  ['', undefined],
  ['admin', undefined],
  [1, undefined],
  [{}, undefined],
  [['read'], undefined],
  [['switch', 'all'], undefined],
  [['switch', 'switch', 'switch', 'switch', 'switch'], undefined],
  [Promise.resolve(false), undefined],
  [Promise.resolve({ write: true }), undefined],
])('understands that "allow" returns %p', async (answer, rights) => {
  const grant = await gateOf({ allow: () => answer })(req(), false);
  expect(grant && [...grant.rights]).toEqual(rights);
});

it('refuses a request if the answer of "allow" can\'t be read', async () => {
  expect(await gateOf({ allow: () => broken })(req(), false)).toBeUndefined();
});

it.each([
  [
    'throws',
    () => {
      throw new Error('no session');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no session'))],
])('refuses a request if "allow" %s, and logs it once', async (_what, allow) => {
  const lines = new Lines();
  const gate = gateOf({ allow }, lines);
  expect(await gate(req(), false)).toBeUndefined();
  expect(await gate(req(), false)).toBeUndefined();
  expect(lines.errors).toEqual([expect.stringContaining('"allow" failed')]);
});

it.each([undefined, '', ' ', 7, {}, Promise.resolve(undefined)])(
  'gives no right to write to a visitor whose author is %p',
  async (author) => {
    const grant = await gateOf({ allow: () => 'write', author: () => author })(req(), false);
    expect([...(grant?.rights ?? ['none'])]).toEqual([]);
  },
);

it('shortens a long name of an author, also inside a pair of surrogates', async () => {
  const grant = await gateOf({ allow: () => 'write', author: () => '😀'.repeat(150) })(
    req(),
    false,
  );
  expect(grant?.author?.length).toBeLessThanOrEqual(200);
  expect(grant?.author).not.toMatch(/\p{Cs}$/u);
});

it('refuses a request if "allow" does not answer in time', async () => {
  const lines = new Lines();
  const never = () => new Promise(() => {});
  expect(await gateOf({ allow: never, waitMs: 1 }, lines)(req(), false)).toBeUndefined();
  expect(lines.errors).toEqual([expect.stringContaining('it did not answer within 1 ms')]);
});

it('gives no right to write if "author" does not answer in time', async () => {
  const never = () => new Promise(() => {});
  const grant = await gateOf({ allow: () => 'write', author: never, waitMs: 1 })(req(), false);
  expect(grant?.rights.size).toBe(0);
});

it('gives no rights for a dashboard that only reads, and asks for no author', async () => {
  const author = jest.fn(() => 'ada');
  const grant = await gateOf({ allow: () => 'write', canWrite: false, author })(req(), false);
  expect([[...(grant?.rights ?? [])], grant?.author]).toEqual([[], undefined]);
  expect(author).not.toHaveBeenCalled();
});

it('lets addresses read', async () => {
  const gate = gateOf({ allowIps: ['10.0.0.0/8'] });
  expect([...((await gate(req(), false))?.rights ?? ['none'])]).toEqual([]);
  expect(await gate(req({ ip: '192.0.2.1' }), false)).toBeUndefined();
  const both = gateOf({ allowIps: ['10.0.0.0/8'], allow: () => false });
  expect(await both(req(), false)).toBeDefined();
});

it('takes the name of a token only for JSON', async () => {
  const gate = gateOf({ allow: () => 'write', apiAuthor: () => 'robot' });
  expect(await gate(req(), true)).toMatchObject({ author: 'robot', hasToken: true });
  expect(await gate(req(), false)).toMatchObject({ author: 'ada', hasToken: false });
  const none = gateOf({ allow: () => 'write', apiAuthor: () => undefined });
  expect(await none(req(), true)).toMatchObject({ author: 'ada', hasToken: false });
});

describe.each(versions)('access to the dashboard on Express $version', (version) => {
  const noOptions = { allow: undefined };

  it('is open on this machine without options, outside production', async () => {
    const { app } = withNodeEnv(undefined, () => site(version.express, noOptions));
    const open = await request(app).get('/experiments/').set('Host', 'localhost:3000');
    expect(open.status).toBe(200);
    const rebound = await request(app).get('/experiments/').set('Host', 'evil.example');
    expect([rebound.status, rebound.text]).toEqual([404, 'Not Found\n']);
    const proxied = await request(app).get('/experiments/').set('X-Forwarded-For', '192.0.2.1');
    expect(proxied.status).toBe(404);
  });

  it('is open in development', async () => {
    const { app } = withNodeEnv('development', () => site(version.express, noOptions));
    const { status } = await request(app).get('/experiments/').set('Host', 'dev.example');
    expect(status).toBe(200);
  });

  it('is closed in production, and says so once', async () => {
    const { app, lines } = withNodeEnv('production', () => site(version.express, noOptions));
    const { status } = await request(app).get('/experiments/').set('Host', 'localhost');
    expect(status).toBe(404);
    expect(lines.warnings).toEqual([
      expect.stringContaining('dashboard() is closed in production'),
    ]);
  });

  it.each(['/experiments', '/experiments/', '/experiments/history', '/experiments/nothing'])(
    'answers strangers as if there were nothing: %s',
    async (path) => {
      const { app } = site(version.express, { allow: () => false });
      for (const method of ['get', 'head', 'post', 'put'] as const) {
        const { status, headers } = await request(app)[method](path);
        expect(status).toBe(404);
        expect(headers['content-security-policy']).toBeUndefined();
      }
    },
  );

  it('hides its files from strangers', async () => {
    const { app } = site(version.express);
    const { text } = await request(app).get('/experiments/');
    const [, file = ''] = /href="\.\/(dashboard[^"]+)"/.exec(text) ?? [];
    const closed = site(version.express, { allow: () => false });
    expect((await request(app).get(`/experiments/${file}`)).status).toBe(200);
    expect((await request(closed.app).get(`/experiments/${file}`)).status).toBe(404);
  });

  it('shows no page that needs a right to people without it', async () => {
    const { app } = site(version.express, { allow: () => ['ramp'] });
    expect((await request(app).get('/experiments/new')).status).toBe(404);
    const editors = site(version.express, { allow: () => ['edit'] });
    expect((await request(editors.app).get('/experiments/new')).status).toBe(200);
  });

  it('has no form in its pages for people who may only read', async () => {
    const page = '/experiments/experiments/checkout_steps';
    const { app } = site(version.express, { allow: () => 'read' });
    expect((await request(app).get(page)).text).not.toContain('method="post"');
    const writers = site(version.express);
    expect((await request(writers.app).get(page)).text).toContain('method="post"');
  });
});

it('refuses an address that is neither an address nor a range', () => {
  expect(() => gateOf({ allowIps: ['10.0.0.0/8', 'localhost'] })).toThrow(/"allowIps"/);
});
