import { bucketOf, FINE_BUCKETS } from '../../../../src/hash/bucket.ts';
import type { Value, Visitor } from '../visitors.ts';
import { type Check, caseOf, djangoSays, evenhandSays, experiment, visitorOf } from './row.ts';

/** A specification that Evenhand refuses; Cravensworth decides by it. */
const refused =
  (properties: object, reason: RegExp, equal?: object): Check =>
  async (sides) => {
    const given = caseOf(properties);
    const theirs = await djangoSays(sides, given, visitorOf(7));
    expect(['a', 'b']).toContain(theirs[0]);
    expect(await evenhandSays(sides, given, visitorOf(7))).toEqual([
      'refused',
      expect.stringMatching(reason),
    ]);
    // What the row recommends decides in the same way.
    for (const v of equal === undefined ? [] : [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const same = caseOf(equal);
      expect(await evenhandSays(sides, same, visitorOf(v))).toEqual(
        await djangoSays(sides, given, visitorOf(v)),
      );
    }
  };

/** A specification that both load, with the variants or the error of the first experiment. */
const decided =
  (properties: object, visitor: Visitor, django: RegExp, evenhand: RegExp): Check =>
  async (sides) => {
    const given = caseOf(properties);
    expect((await djangoSays(sides, given, visitor))[0]).toMatch(django);
    expect((await evenhandSays(sides, given, visitor))[0]).toMatch(evenhand);
  };

const allocating = (...percents: readonly unknown[]) => ({
  audiences: [{ allocations: percents.map((percent, i) => ({ variant: 'ab'[i], percent })) }],
});

const withRule = (rule: string) => ({
  audiences: [
    { rule, allocations: [{ variant: 'a', percent: 100 }] },
    { allocations: [{ variant: 'b', percent: 100 }] },
  ],
});

const one = { audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }] };

const loggedIn = visitorOf(7, { user: ['object', { id: 7, plan: 'pro' }] });

const A_VARIANT = /^[ab]$/;

/** Checks that the values of two contexts have one bucket on one side, and two on the other. */
const texts =
  (value: Value, django: Value, evenhand: Value): Check =>
  async (sides) => {
    for (let seed = 0; seed < 20; seed++) {
      const given = caseOf({ seed: `${seed}` });
      const theirs = await djangoSays(sides, given, visitorOf(value));
      expect(theirs).toEqual(await djangoSays(sides, given, visitorOf(django)));
      const ours = await evenhandSays(sides, given, visitorOf(value));
      expect(ours).toEqual(await djangoSays(sides, given, visitorOf(evenhand)));
    }
  };

/** The rows about specifications and identities. */
export const SPECIFICATION_ROWS: Readonly<Record<string, Check>> = {
  '`"seed": 5`': refused({ seed: 5 }, /seed must be a string/, { seed: '5' }),
  'percents such as 33.3 and 66.7': refused(
    allocating(33.3, 66.7),
    /whole numbers that sum to 100/,
    allocating(33, 67),
  ),
  '`"buckets": 10000`': async (sides) => {
    const fine = (...percents: readonly number[]) =>
      caseOf({ ...allocating(...percents), buckets: FINE_BUCKETS });
    const bucketIn = (v: number) => bucketOf(v, 'user_ab', FINE_BUCKETS);
    // Bucket 33 of 100 is the only one that is divided.
    const isDivided = (v: number) => bucketIn(v) >= 3300 && bucketIn(v) < 3330;
    const all = Array.from({ length: 3000 }, (_, v) => v);
    const divided = all.filter(isDivided).slice(0, 3);
    expect(divided).toHaveLength(3);
    for (const v of [...all.slice(0, 20), ...divided]) {
      const visitor = visitorOf(v);
      expect(await evenhandSays(sides, fine(33, 67), visitor)).toEqual(
        await djangoSays(sides, fine(33, 67), visitor),
      );
      const theirs = await djangoSays(sides, fine(33.3, 66.7), visitor);
      const ours = await evenhandSays(sides, fine(33.3, 66.7), visitor);
      if (isDivided(v)) expect([theirs[0], ours[0]]).toEqual(['b', 'a']);
      else expect(ours).toEqual(theirs);
    }
  },
  '`"percent": true`': refused(allocating(true, 99), /percent must be a whole number/),
  'a variant that is declared twice': refused(
    { variants: [{ name: 'a' }, { name: 'b' }, { name: 'b' }] },
    /variant "b" is declared twice/,
  ),
  'an experiment that is declared twice': async (sides) => {
    const given = caseOf({}, { experiments: [experiment(), experiment({ seed: 'x' })] });
    expect((await djangoSays(sides, given, visitorOf(7)))[0]).toMatch(A_VARIANT);
    expect((await evenhandSays(sides, given, visitorOf(7)))[0]).toBe('refused');
  },
  'a variant without an allocation, with unusual characters in its name': refused(
    { variants: [{ name: 'a' }, { name: 'b' }, { name: 'c d' }] },
    /name must be a string of letters, digits and underscores/,
  ),
  'a name or an identity that ends with a line break': async (sides) => {
    const [named, read] = [caseOf({ name: 'user_ab\n' }), caseOf({ identity: 'v\n' })];
    expect(await djangoSays(sides, named, visitorOf(7))).toEqual(['none', 'on']);
    expect(await djangoSays(sides, read, visitorOf(7))).toEqual(['identity', 'on']);
    for (const given of [named, read]) {
      expect((await evenhandSays(sides, given, visitorOf(7)))[0]).toBe('refused');
    }
  },
  'unknown properties': refused({ sed: 'x' }, /did you mean "seed"/),
  'the identity `user..id`': async (sides) => {
    const given = caseOf({ identity: 'user..id' });
    expect((await djangoSays(sides, given, loggedIn))[0]).toBe('identity');
    expect((await evenhandSays(sides, given, loggedIn))[0]).toBe('refused');
  },
  'the identity `tags.0` of a list': decided(
    { identity: 'tags.0' },
    visitorOf(7, { context: { tags: ['p', 'q'] } }),
    /^identity$/,
    A_VARIANT,
  ),
  'an identity whose value is a list, a dict, a date, bytes, NaN or infinite': async (sides) => {
    const values: readonly Value[] = [
      ['p'],
      { a: 1 },
      { $date: '2026-11-30T12:00:00' },
      { $bytes: 'ab' },
      { $float: 'nan' },
      { $float: 'inf' },
    ];
    for (const value of values) {
      await decided({}, visitorOf(value), A_VARIANT, /^identity$/)(sides);
    }
  },
  'the identities 1.0 and 1e16': async (sides) => {
    await texts({ $float: '1.0' }, '1.0', '1')(sides);
    await texts({ $float: '1e16' }, '1e+16', '10000000000000000')(sides);
  },
  'half of a surrogate pair in an identity or a seed': async (sides) => {
    await decided({}, visitorOf('\ud83d'), /^surrogate$/, A_VARIANT)(sides);
    await decided({ seed: '\ude00' }, visitorOf(7), /^surrogate$/, A_VARIANT)(sides);
  },
  'two `random` experiments with one seed': async (sides) => {
    const experiments = ['one', 'two'].map((name) =>
      experiment({ name, identity: 'random', seed: 's' }),
    );
    const questions = ['one', 'two'].map((name) => ({ name, variants: ['a', 'b'], lists: [] }));
    const given = caseOf({}, { experiments, questions, draws: [10, 90] });
    expect(await djangoSays(sides, given, visitorOf(7))).toEqual(['a', 'a']);
    expect(await evenhandSays(sides, given, visitorOf(7))).toEqual(['a', 'b']);
  },
  'the identity `a` with the seed `bc`, and `ab` with `c`': async (sides) => {
    const experiments = [
      experiment({ name: 'one', identity: 'a', seed: 'bc' }),
      experiment({ name: 'two', identity: 'ab', seed: 'c' }),
    ];
    const questions = ['one', 'two'].map((name) => ({ name, variants: ['a', 'b'], lists: [] }));
    const given = caseOf({}, { experiments, questions });
    const visitors = Array.from({ length: 20 }, (_, i) => ({
      ...visitorOf(0),
      context: { a: i, ab: -i },
    }));
    const [theirs, ours] = [djangoSays, evenhandSays].map((says) => async () => {
      const pairs: string[] = [];
      for (const visitor of visitors) pairs.push((await says(sides, given, visitor)).join(''));
      return new Set(pairs);
    });
    // In Cravensworth, both experiments always have the variant of the first bucket.
    expect(await theirs?.()).toEqual(new Set(['aa', 'bb']));
    expect(await ours?.()).toEqual(new Set(['aa', 'ab', 'ba', 'bb']));
  },
  'an audience that gives everyone one variant, without an identity': decided(
    one,
    visitorOf(null),
    /^identity$/,
    /^a$/,
  ),
  'a rule that calls a function': async (sides) => {
    const given = caseOf(withRule('len(v) == 1'));
    expect((await djangoSays(sides, given, visitorOf('x')))[0]).toMatch(/^FunctionNotDefined/);
    const [refusal, reason] = await evenhandSays(sides, given, visitorOf('x'));
    expect([refusal, reason]).toEqual(['refused', expect.stringMatching(/call/)]);
  },
  'a request without a user, if no authentication middleware is installed': decided(
    withRule('user is None'),
    visitorOf(7, { user: ['none', {}] }),
    /^a$/,
    /^b$/,
  ),
  '`user.is_staff`, `user.username` and the like of a visitor who is not logged in': async (
    sides,
  ) => {
    const staff = withRule('not user.is_staff and user.username == ""');
    await decided(staff, visitorOf(7), /^a$/, /^attribute$/)(sides);
    await decided({ identity: 'user' }, visitorOf(7), A_VARIANT, /^identity$/)(sides);
  },
  "`'plan' in user` and `user['plan']`": async (sides) => {
    for (const rule of ["'plan' in user", "user['plan'] == 'pro'"]) {
      await decided(withRule(rule), loggedIn, /^type$/, /^a$/)(sides);
    }
  },
};
