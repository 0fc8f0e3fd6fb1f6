import * as fc from 'fast-check';
import { parseExperiments, type Snapshot, type StickyAssignment } from 'evenhand';
import { runs } from '../../runs.ts';

const PATHS = ['user.id', 'anonymous', 'tenant.id'] as const;

const splitOf = (a: number): object => ({
  allocations: [
    { variant: 'a', percent: a },
    { variant: 'b', percent: 100 - a },
  ],
});

const identities = fc.oneof(
  fc.constantFrom<string>(...PATHS),
  fc.shuffledSubarray<string>([...PATHS], { minLength: 2 }),
);

/** States of a file in which everything but the seed and the variants may differ. */
const files = fc
  .record({
    identity: identities,
    rules: fc.array(
      fc.record({
        rule: fc.constantFrom('beta', 'not beta', 'user.id == 7', 'broken == 1'),
        a: fc.nat(100),
      }),
      { maxLength: 2 },
    ),
    a: fc.nat(100),
  })
  .map(({ identity, rules, a }) => load(identity, rules, a));

function load(
  identity: string | readonly string[],
  rules: readonly { readonly rule: string; readonly a: number }[],
  a: number,
): Snapshot {
  const audiences = [...rules.map((one) => ({ rule: one.rule, ...splitOf(one.a) })), splitOf(a)];
  const spec = {
    name: 'exp',
    identity,
    sticky: true,
    variants: [{ name: 'a' }, { name: 'b' }],
    audiences,
  };
  return parseExperiments([spec], { logger: false, onError: 'fallback' });
}

/** People of two tenants who use two browsers, with or without a login. */
const people = fc.record({
  user: fc.record({ id: fc.constantFrom(7, 8, null) }),
  anonymous: fc.constantFrom('key-1', 'key-2'),
  tenant: fc.record({ id: fc.constantFrom('x', 'y') }),
  beta: fc.boolean(),
});

type Person = typeof people extends fc.Arbitrary<infer T> ? T : never;

/** Decides, and returns the variant and what is kept then. */
function decide(
  snapshot: Snapshot,
  person: object,
  assignments: readonly StickyAssignment[],
): { readonly variant: string | undefined; readonly kept: readonly StickyAssignment[] } {
  const participant = snapshot.participant(person, { assignments });
  const variant = participant.variant('exp');
  return {
    variant,
    kept: JSON.parse(JSON.stringify(participant.assignments())) as StickyAssignment[],
  };
}

const textOf = (person: Person, path: (typeof PATHS)[number]): string | undefined => {
  const value =
    path === 'anonymous'
      ? person.anonymous
      : path === 'user.id'
        ? person.user.id
        : person.tenant.id;
  return value === null ? undefined : String(value);
};

describe('a sticky variant', () => {
  it('never changes for a participant, whatever happens to percents, audiences and the identity', () => {
    fc.assert(
      fc.property(people, fc.array(files, { minLength: 2, maxLength: 8 }), (person, snapshots) => {
        let kept: readonly StickyAssignment[] = [];
        let first: string | undefined;
        for (const snapshot of snapshots) {
          const decided = decide(snapshot, person, kept);
          expect(decided.variant).toBe(first ?? decided.variant);
          ({ kept } = decided);
          first ??= kept.length > 0 ? decided.variant : undefined;
          expect(kept.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it('never changes for the identity that decides, even if several participants share its place', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(files, people), { minLength: 2, maxLength: 12 }), (visits) => {
        let kept: readonly StickyAssignment[] = [];
        const variants = new Map<string, string | undefined>();
        for (const [snapshot, person] of visits) {
          const before = kept;
          const decided = decide(snapshot, person, kept);
          ({ kept } = decided);
          const paths = [snapshot.experiments[0]?.identity].flat() as (typeof PATHS)[number][];
          const path = paths.find((one) => textOf(person, one) !== undefined);
          if (path === undefined) continue;
          const unit = `${path}=${textOf(person, path)}`;
          const known = variants.get(unit);
          expect(decided.variant).toBe(known ?? decided.variant);
          const isKept = kept.some(({ units }) => units[path] === textOf(person, path));
          if (isKept) variants.set(unit, decided.variant);
          // Each earlier assignment is still there.
          expect(kept.length).toBeGreaterThanOrEqual(before.length);
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it('is given to no one who shares none of its identities', () => {
    fc.assert(
      fc.property(files, files, people, people, (before, after, one, other) => {
        const { kept } = decide(before, one, []);
        const shares = PATHS.some((path) => {
          const text = textOf(one, path);
          return text !== undefined && text === textOf(other, path);
        });
        fc.pre(!shares);
        expect(decide(after, other, kept).variant).toBe(decide(after, other, []).variant);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('can change with a new seed', () => {
    const [one, other] = [load('anonymous', [], 99), load('anonymous', [], 1)];
    const person = { anonymous: 'key-1' };
    const { kept } = decide(one, person, []);
    expect(decide(other, person, kept).variant).toBe('a');
    const reseeded = kept.map((assignment) => ({ ...assignment, seed: 'new' }));
    expect(decide(other, person, reseeded).variant).toBe('b');
  });
});
