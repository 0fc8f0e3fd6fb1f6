import type { EvenhandOptions } from 'evenhand';
import request from 'supertest';
import { bucketOf } from '../../src/hash/bucket.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { Lines, testApp, versions } from './harness.ts';

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const ab = { variants: [{ name: 'a' }, { name: 'b' }], audiences: [{ allocations: half }] };

const source = [
  { name: 'by_list', identity: ['user.id', 'anonymous'], ...ab },
  { name: 'by_user', identity: 'user.id', ...ab },
  { name: 'by_anonymous', identity: 'anonymous', ...ab },
  { name: 'ids_only', identity: ['user.id', 'tenant.id'], ...ab },
];

const KEY = 'd'.repeat(32);

/** The variant that an id gives alone. */
const variantOf = (id: string, seed = 'by_list') => (bucketOf(id, seed) < 50 ? 'a' : 'b');

describe.each(versions)('a list of identities on Express $version', ({ express }) => {
  function setUp(options: EvenhandOptions = {}) {
    const sink = recordingSink();
    const lines = new Lines();
    const { app, middleware } = testApp(
      express,
      { source, logger: lines, exposures: { sink }, ...options },
      (own) => {
        own.get('/explain', (req, res) => {
          res.json(req.experiments.explain('by_list'));
        });
        own.get('/buy', (req, res) => {
          req.track('purchase');
          res.json(req.peek('by_list') ?? null);
        });
      },
    );
    const ask = (path: string, headers: Record<string, string> = {}) =>
      request(app).get(path).set(headers);
    const recorded = async () => {
      await middleware.exposures?.flush();
      return sink.exposures().map(({ identity, unit, variant }) => [identity, unit, variant]);
    };
    return { app, ask, recorded, lines, sink, middleware };
  }

  const cookies = ({ headers }: request.Response): string[] =>
    (headers['set-cookie'] as unknown as string[] | undefined) ?? [];

  const keyIn = (response: request.Response): string =>
    /^__cwtk=([0-9a-f]{32});/m.exec(cookies(response).join('\n'))?.[1] ?? '';

  it('is decided by the tracking key, then by the user, then by the key again', async () => {
    const { ask, recorded, sink, middleware } = setUp();
    // The first visit, without a cookie.
    const first = await ask('/variant/by_list');
    const key = keyIn(first);
    expect(first.body).toBe(variantOf(key));
    expect(first.headers.vary).toContain('Cookie');
    expect(first.headers['cache-control']).toBe('private');
    const cookie = `__cwtk=${key}; __cwtk_r=1`;
    const again = await ask('/variant/by_list', { Cookie: cookie });
    expect(again.body).toBe(first.body);
    expect(cookies(again)).toEqual([]);
    // Logged in.
    const user = await ask('/variant/by_list', { Cookie: cookie, 'x-user': '{"id":7}' });
    expect(user.body).toBe(variantOf('7'));
    expect(user.headers.vary).toContain('Cookie');
    expect(cookies(user)).toEqual([]);
    await ask('/buy', { Cookie: cookie, 'x-user': '{"id":7}' });
    // Logged out.
    const later = await ask('/variant/by_list', { Cookie: cookie });
    expect(later.body).toBe(first.body);
    expect(await recorded()).toEqual([
      ['anonymous', key, variantOf(key)],
      ['user.id', '7', variantOf('7')],
    ]);
    await middleware.exposures?.flush();
    expect(sink.outcomes().map(({ units }) => units)).toEqual([{ 'user.id': '7', anonymous: key }]);
  });

  it('sets no tracking cookie for a user who is logged in', async () => {
    const { ask } = setUp();
    const response = await ask('/variant/by_list', { 'x-user': '{"id":7}' });
    expect(response.body).toBe(variantOf('7'));
    expect(cookies(response)).toEqual([]);
    expect(response.headers.vary).toContain('Cookie');
    expect(response.headers['cache-control']).toBeUndefined();
  });

  it('sets no tracking cookie when a decision of a logged-in user is explained', async () => {
    const { ask } = setUp();
    const response = await ask('/explain', { 'x-user': '{"id":7}' });
    expect(response.body.identity).toEqual({ path: 'user.id', text: '7', skipped: [] });
    expect(cookies(response)).toEqual([]);
  });

  it('does not renew the cookie of a user who is logged in', async () => {
    const { ask } = setUp();
    // Without the second cookie, the key of a visitor is renewed.
    const visitor = await ask('/variant/by_list', { Cookie: `__cwtk=${KEY}` });
    expect(keyIn(visitor)).toBe(KEY);
    const other = 'e'.repeat(32);
    const user = await ask('/variant/by_list', { Cookie: `__cwtk=${other}`, 'x-user': '{"id":7}' });
    expect(cookies(user)).toEqual([]);
  });

  it('explains a visitor’s decision', async () => {
    const { ask } = setUp();
    const { body } = await ask('/explain', { Cookie: `__cwtk=${KEY}; __cwtk_r=1` });
    expect(body).toMatchObject({
      variant: variantOf(KEY),
      reason: 'allocation',
      identity: {
        path: 'anonymous',
        text: KEY,
        skipped: [{ path: 'user.id', reason: 'none' }],
      },
    });
  });

  it.each(['user.id', 'anonymous'])('gives the bucket of %s alone', async (path) => {
    const { ask } = setUp({
      source: [
        { name: 'by_list', identity: ['user.id', 'anonymous'], seed: 's', ...ab },
        { name: 'single', identity: path, seed: 's', ...ab },
      ],
    });
    for (let id = 0; id < 20; id++) {
      const headers: Record<string, string> =
        path === 'user.id'
          ? { 'x-user': `{"id":${id}}` }
          : { Cookie: `__cwtk=${String(id).padStart(32, '0')}` };
      const [one, other] = await Promise.all([
        ask('/variant/by_list', headers),
        ask('/variant/single', headers),
      ]);
      expect(one.body).toBe(other.body);
    }
  });

  it('keeps the decision of a request whose visitor logs in meanwhile', async () => {
    const { app } = testApp(express, { source, logger: false }, (own) => {
      own.get('/login', (req, res) => {
        const before = req.variant('by_list');
        Object.assign(req, { user: { id: 7 } });
        res.json([before, req.variant('by_list')]);
      });
    });
    for (let i = 0; i < 8; i++) {
      const { body } = await request(app).get('/login');
      expect(body[0]).toBe(body[1]);
    }
  });

  it('fails without any available identity, and names them', async () => {
    const { ask } = setUp();
    const { status, body } = await ask('/variant/ids_only');
    expect([status, body.name, body.code]).toEqual([500, 'IdentityError', 'identity']);
    expect(body.message).toContain('the identity "user.id or tenant.id" is not available');
  });

  it.each([
    ['a user without an id', '{"name":"ada"}'],
    ['a user whose id is null', '{"id":null}'],
  ])('is decided by the tracking key for %s', async (_what, user) => {
    const { ask } = setUp();
    const response = await ask('/variant/by_list', { 'x-user': user });
    expect(keyIn(response)).not.toBe('');
    expect(response.body).toBe(variantOf(keyIn(response)));
  });

  it('records each path that decided when a sticky experiment keeps the variant', async () => {
    const { app, recorded } = setUp({
      source: source.map((one) => (one.name === 'by_list' ? { ...one, sticky: true } : one)),
      sticky: { secret: 'a secret of the tests, long enough' },
    });
    const agent = request.agent(app);
    const first = await agent.get('/variant/by_list');
    const key = keyIn(first);
    // An id whose own bucket has the other variant.
    const id = Array.from({ length: 50 }, (_, i) => i).find(
      (i) => variantOf(`${i}`) !== first.body,
    );
    const user = await agent.get('/variant/by_list').set('x-user', `{"id":${id}}`);
    expect(user.body).toBe(first.body);
    expect(cookies(user).filter((cookie) => cookie.startsWith('__cwtk='))).toEqual([]);
    expect(await recorded()).toEqual([
      ['anonymous', key, first.body],
      ['user.id', `${id}`, first.body],
    ]);
  });

  describe('without consent', () => {
    const trackingCookie = { consent: () => false };

    it('is decided by the user, whose cookie is left alone', async () => {
      const { ask, recorded } = setUp({ trackingCookie });
      const headers = { 'x-user': '{"id":7}', Cookie: `__cwtk=${KEY}` };
      const response = await ask('/variant/by_list', headers);
      expect(response.body).toBe(variantOf('7'));
      expect(cookies(response)).toEqual([]);
      expect(await recorded()).toEqual([['user.id', '7', variantOf('7')]]);
    });

    it('gives a visitor no variant, records nothing and logs nothing', async () => {
      const { ask, recorded, lines } = setUp({ trackingCookie });
      const response = await ask('/variant/by_list');
      expect([response.status, response.body]).toEqual([200, null]);
      expect(cookies(response)).toEqual([]);
      expect(await recorded()).toEqual([]);
      expect([lines.warnings, lines.errors]).toEqual([[], []]);
      const explained = await ask('/explain');
      expect(explained.body).toMatchObject({ reason: 'no-consent' });
    });

    it('expires the cookie of a visitor, as a decision by the key alone does', async () => {
      const { ask } = setUp({ trackingCookie });
      const expired = await ask('/variant/by_list', { Cookie: `__cwtk=${KEY}` });
      const alone = await ask('/variant/by_anonymous', { Cookie: `__cwtk=${KEY}` });
      expect(cookies(expired)).toEqual([expect.stringMatching(/^__cwtk=; Max-Age=0;/)]);
      expect(cookies(expired)).toEqual(cookies(alone));
    });
  });

  describe('with an override', () => {
    const overridden = (cookie = '') => ({ Cookie: `__cw=by_list:b${cookie}` });

    it('records the user', async () => {
      const { ask, recorded } = setUp();
      const headers = { ...overridden(), 'x-user': '{"id":7}' };
      const response = await ask('/variant/by_list', headers);
      expect(response.body).toBe('b');
      expect(cookies(response)).toEqual([]);
      expect(await recorded()).toEqual([['user.id', '7', 'b']]);
    });

    it('records a visitor who has the tracking cookie', async () => {
      const { ask, recorded } = setUp();
      await ask('/variant/by_list', overridden(`; __cwtk=${KEY}`));
      expect(await recorded()).toEqual([['anonymous', KEY, 'b']]);
    });

    it('records no unit of a visitor who gets no cookie', async () => {
      const { ask, recorded } = setUp();
      const response = await ask('/variant/by_list', overridden());
      expect(cookies(response)).toEqual([]);
      expect(await recorded()).toEqual([['anonymous', undefined, 'b']]);
    });
  });
});
