import { attributesIn } from '../compare/cookie.ts';
import { keysOf } from '../compare/keys.ts';
import { setValue, type Sides } from '../compare/sides.ts';
import { type Check, caseOf, djangoSays, evenhandSays, visitorOf, withCookie } from './row.ts';

const given = caseOf({ identity: 'anonymous' });

/** Returns the keys that both read in a tracking cookie, and those that they set. */
async function track(sides: Sides, cookie: string) {
  // Each request meets a new process, which has renewed no key yet.
  const fresh = { ...given };
  await sides.use(fresh);
  const visitor = withCookie(cookie);
  const ours = await sides.express.ask('/decisions', visitor);
  const theirs = await sides.django.ask('/decisions', visitor);
  const keys = await keysOf(sides, { visitor, given: fresh });
  return {
    ...keys,
    djangoSets: setValue(theirs, '__cwtk'),
    evenhandSets: setValue(ours, '__cwtk'),
    second: setValue(ours, '__cwtk_r'),
  };
}

/** Compares the variants of an override cookie on both sides. */
const overriding =
  (cookie: string, django: readonly string[], evenhand: readonly string[]): Check =>
  async (sides) => {
    const visitor = withCookie(`__cwtk=abc; ${cookie}`);
    expect(await djangoSays(sides, caseOf(), visitor)).toEqual(django);
    expect(await evenhandSays(sides, caseOf(), visitor)).toEqual(evenhand);
  };

/** The user with the context value 7 has the variant `b`, unless it is forced. */
const NOT_FORCED = ['b', 'on'];

/** The rows about cookies. */
export const COOKIE_ROWS: Readonly<Record<string, Check>> = {
  'a tracking cookie with unusual characters, or longer than 256': async (sides) => {
    for (const text of ['a b', '<b>', '=1+1', 'x'.repeat(257)]) {
      const { django, evenhand, djangoSets, evenhandSets } = await track(sides, `__cwtk=${text}`);
      expect(django).toBe(text);
      expect(evenhand).toMatch(/^[0-9a-f]{32}$/);
      expect(djangoSets).toBeDefined();
      expect(evenhandSets).toBeUndefined();
    }
  },
  'a tracking cookie with characters beyond Latin-1': async (sides) => {
    const visitor = withCookie(`__cwtk=${Buffer.from('漢').toString('latin1')}`);
    expect(await djangoSays(sides, { ...given }, visitor)).toEqual(['no response']);
    const { evenhand } = await track(sides, visitor.cookie ?? '');
    expect(evenhand).toMatch(/^[0-9a-f]{32}$/);
  },
  'an empty tracking cookie': async (sides) => {
    const { django, evenhand, djangoSets, evenhandSets } = await track(sides, '__cwtk=');
    expect([django, djangoSets]).toEqual(['', '""']);
    expect(evenhand).toBeUndefined();
    expect(evenhandSets).toMatch(/^[0-9a-f]{32}$/);
  },
  'a new tracking key': async (sides) => {
    const { djangoSets, evenhandSets, second } = await track(sides, 'a=1');
    expect([djangoSets, evenhandSets, second]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
      '1',
    ]);
    const [theirs, ours] = await Promise.all(
      [sides.django, sides.express].map((side) => side.ask('/plans', withCookie('a=1'))),
    );
    expect(theirs && setValue(theirs, '__cwtk')).toBeDefined();
    expect(ours?.values('Set-Cookie')).toEqual([]);
  },
  'the tracking cookie over HTTPS': async (sides) => {
    await sides.use({ ...given });
    const [theirs, ours] = await Promise.all(
      [sides.django, sides.express].map((side) =>
        side.ask('/decisions', withCookie('a=1'), ['X-Forwarded-Proto: https']),
      ),
    );
    if (theirs === undefined || ours === undefined) throw new Error('no answers');
    expect(attributesIn(theirs, '__cwtk').has('secure')).toBe(false);
    expect(attributesIn(ours, '__cwtk').has('secure')).toBe(true);
  },
  'the override cookie `user_ab%3Aa` or `user_ab:a%20sw_on:off`': async (sides) => {
    await overriding('__cw=user_ab%3Aa', ['500', 'override'], ['a', 'on'])(sides);
    await overriding('__cw=user_ab:a%20sw_on:off', NOT_FORCED, ['a', 'off'])(sides);
  },
  'an override without a colon': overriding(
    '__cw=user_ab sw_on:off',
    ['500', 'override'],
    ['b', 'off'],
  ),
  'an override cookie above 4,096 characters': overriding(
    `__cw=sw_on:off ${'x:y '.repeat(1100)}; z=1`,
    ['b', 'off'],
    NOT_FORCED,
  ),
  'overrides in production without a list of addresses': async (sides) => {
    const visitor = withCookie('__cwtk=abc; __cw=user_ab:a');
    const inProduction = caseOf({}, { overriding: 'production' });
    expect(await djangoSays(sides, inProduction, visitor)).toEqual(['a', 'on']);
    expect(await evenhandSays(sides, inProduction, visitor)).toEqual(NOT_FORCED);
  },
  'a `Cookie` header with control characters other than tabs': async (sides) => {
    const visitor = withCookie('__cwtk=a\u0001b');
    await sides.use({ ...given });
    expect((await keysOf(sides, { visitor: withCookie('__cwtk=ab'), given })).django).toBe('ab');
    expect(JSON.parse((await sides.django.ask('/key', visitor)).body)).toBe('a\u0001b');
    expect((await sides.express.ask('/decisions', visitor)).status).toBe(400);
  },
  'several `Cookie` headers in one request': async (sides) => {
    await sides.use({ ...given });
    const visitor = visitorOf(7, { cookie: 'a=1' });
    const [theirs, ours] = await Promise.all(
      [sides.django, sides.express].map((side) => side.ask('/key', visitor, ['Cookie: __cwtk=b'])),
    );
    expect(theirs?.body).not.toBe('"b"');
    expect(ours?.body).toBe('"b"');
  },
};
