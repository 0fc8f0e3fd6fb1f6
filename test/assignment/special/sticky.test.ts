import { parseExperiments, type Snapshot, type StickyAssignment } from 'evenhand';

const ab = [{ name: 'a' }, { name: 'b' }];

const split = (a: number) => ({
  allocations: [
    { variant: 'a', percent: a },
    { variant: 'b', percent: 100 - a },
  ],
});

/** A sticky experiment in which nearly everyone gets `a`, or `b`. */
function experiment(a: number, more: object = {}): object {
  return {
    name: 'exp',
    identity: 'user.id',
    sticky: true,
    variants: ab,
    audiences: [split(a)],
    ...more,
  };
}

const load = (...experiments: object[]): Snapshot =>
  parseExperiments(experiments, { logger: false });

const user = (id: unknown) => ({ user: { id }, anonymous: null });

/** Decides in one state of the file, and returns what is kept. */
function first(snapshot: Snapshot, context: object): StickyAssignment[] {
  const participant = snapshot.participant(context);
  participant.variant('exp');
  return participant.assignments();
}

/** The variant with the assignments of an earlier participant. */
function later(
  snapshot: Snapshot,
  context: object,
  assignments: readonly StickyAssignment[],
): string | undefined {
  return snapshot.participant(context, { assignments }).variant('exp');
}

// With `a` at 100 percent minus one bucket, this user gets `a`; with one bucket, `b`.
const ada = user(7);
const mostA = load(experiment(99));
const mostB = load(experiment(1));

describe('a sticky experiment', () => {
  it('gives the variants of an experiment that is not sticky to new participants', () => {
    const plain = load(experiment(50, { sticky: false }));
    const sticky = load(experiment(50));
    for (let id = 0; id < 200; id++) {
      expect(sticky.participant(user(id)).variant('exp')).toBe(
        plain.participant(user(id)).variant('exp'),
      );
    }
  });

  it('keeps the variant that a participant first got when the percents change', () => {
    expect(mostB.participant(ada).variant('exp')).toBe('b');
    const assignments = first(mostA, ada);
    expect(assignments).toEqual([
      { experiment: 'exp', seed: 'exp', variant: 'a', units: { 'user.id': '7' } },
    ]);
    expect(later(mostB, ada, assignments)).toBe('a');
    expect(later(mostB, user(8), assignments)).toBe('b');
  });

  it('keeps the variant when a rule moves the participant to another audience', () => {
    const audiences = [
      { rule: 'user.id == 7', allocations: [{ variant: 'b', percent: 100 }] },
      split(99),
    ];
    const moved = load(experiment(99, { audiences }));
    expect(moved.participant(ada).variant('exp')).toBe('b');
    expect(later(moved, ada, first(mostA, ada))).toBe('a');
  });

  it('decides again with a new seed, and keeps that decision instead', () => {
    const assignments = first(mostA, ada);
    const reseeded = load(experiment(1, { seed: 'second' }));
    const participant = reseeded.participant(ada, { assignments });
    expect(participant.variant('exp')).toBe('b');
    expect(participant.assignments()).toEqual([
      { experiment: 'exp', seed: 'second', variant: 'b', units: { 'user.id': '7' } },
    ]);
  });

  it('decides again when the variant is removed, and when the experiment is no longer sticky', () => {
    const assignments = first(mostA, ada);
    const without = load(
      experiment(0, {
        variants: [{ name: 'b' }, { name: 'c' }],
        audiences: [
          {
            allocations: [
              { variant: 'b', percent: 50 },
              { variant: 'c', percent: 50 },
            ],
          },
        ],
      }),
    );
    expect(later(without, ada, assignments)).toMatch(/^[bc]$/);
    expect(later(load(experiment(1, { sticky: false })), ada, assignments)).toBe('b');
  });

  it('keeps nothing of an audience that gives everyone one variant', () => {
    const everyone = load(
      experiment(0, { audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }] }),
    );
    expect(first(everyone, ada)).toEqual([]);
  });

  it('keeps no override, and lets an override win', () => {
    const forced = mostA.participant(ada, { overrides: { exp: 'b' } as never });
    expect(forced.variant('exp')).toBe('b');
    expect(forced.assignments()).toEqual([]);
    const both = mostA.participant(ada, {
      overrides: { exp: 'b' } as never,
      assignments: first(mostA, ada),
    });
    expect(both.variant('exp')).toBe('b');
    expect(both.explain('exp').reason).toBe('override');
  });

  it('keeps no variant that the fallback audience gave after an error', () => {
    const broken = parseExperiments(
      [experiment(99, { audiences: [{ rule: 'plan == "pro"', ...split(50) }, split(99)] })],
      { logger: false, onError: 'fallback' },
    );
    const participant = broken.participant(ada);
    expect(participant.variant('exp')).toBe('a');
    expect(participant.assignments()).toEqual([]);
  });

  it('gives participants of a holdout the control, keeps nothing for them, and forgets nothing', () => {
    const holdouts = [
      { name: 'winter', identity: 'user.id', percent: 50, experiments: ['exp', 'other'] },
    ];
    const experiments = [experiment(1), experiment(1, { name: 'other' })];
    const snapshot = parseExperiments({ experiments, holdouts }, { logger: false });
    const ids = Array.from({ length: 40 }, (_, id) => id);
    const isHeld = (id: number) =>
      snapshot.participant(user(id)).explain('exp').reason === 'holdout';
    const held = ids.find(isHeld) ?? Number.NaN;
    const others = ids.filter((id) => !isHeld(id));
    expect(first(snapshot, user(held))).toEqual([]);
    expect(others.length).toBeGreaterThan(0);
    const kept = [
      { experiment: 'exp', seed: 'exp', variant: 'b', units: { 'user.id': String(held) } },
    ];
    const participant = snapshot.participant(user(held), { assignments: kept });
    expect([participant.variant('exp'), participant.assignments()]).toEqual(['a', kept]);
    expect(later(mostA, user(held), kept)).toBe('b');
  });

  it('keeps variants of rules that read the present instant', () => {
    const before = (a: number) =>
      load(experiment(1, { audiences: [{ rule: 'now < "2100-01-01"', ...split(a) }, split(1)] }));
    expect(later(before(1), ada, first(before(99), ada))).toBe('a');
    expect(before(1).participant(ada).variant('exp')).toBe('b');
  });

  it('evaluates no rule for a participant who keeps a variant', () => {
    const failing = load(
      experiment(1, { audiences: [{ rule: 'plan == "pro"', ...split(1) }, split(1)] }),
    );
    expect(() => failing.participant(ada).variant('exp')).toThrow('plan');
    expect(later(failing, ada, first(mostA, ada))).toBe('a');
  });

  it('explains a kept variant by the reason "sticky", with the identity and without a bucket', () => {
    const participant = mostB.participant(ada, { assignments: first(mostA, ada) });
    expect(participant.explain('exp')).toEqual({
      experiment: 'exp',
      variant: 'a',
      reason: 'sticky',
      overridden: false,
      audiences: [],
      identity: { path: 'user.id', text: '7' },
      seed: 'exp',
    });
    expect(mostA.participant(ada).explain('exp').reason).toBe('allocation');
  });

  it('remembers the decision within one participant, for every caller', () => {
    const participant = mostA.participant(ada);
    expect([participant.peek('exp'), participant.variants()]).toEqual(['a', { exp: 'a' }]);
    expect(participant.assignments()).toHaveLength(1);
  });

  it('lists what a participant was given even before the first decision', () => {
    const assignments = first(mostA, ada);
    expect(mostB.participant(ada, { assignments }).assignments()).toEqual(assignments);
    expect(mostB.participant(ada).assignments()).toEqual([]);
  });
});

describe('a kept variant', () => {
  const byVisitor = load(experiment(99, { identity: 'anonymous' }));
  const byUser = load(experiment(1));
  const visitor = (anonymous: string, id?: number) => ({ anonymous, user: { id: id ?? null } });

  it('stays with a visitor when the file changes the identity to the user id, and the visitor has both', () => {
    const participant = byUser.participant(visitor('key-1', 7), {
      assignments: first(byVisitor, visitor('key-1')),
    });
    expect(participant.variant('exp')).toBe('a');
    const both = [
      {
        experiment: 'exp',
        seed: 'exp',
        variant: 'a',
        units: { anonymous: 'key-1', 'user.id': '7' },
      },
    ];
    expect(participant.assignments()).toEqual(both);
    // The user keeps it with another browser, and the visitor without a login.
    expect(later(byUser, visitor('key-2', 7), both)).toBe('a');
    expect(later(byUser, visitor('key-1'), both)).toBe('a');
    expect(later(byVisitor, visitor('key-1'), both)).toBe('a');
  });

  it('is not given to another user of the same browser, who gets an assignment of their own', () => {
    const both = [
      {
        experiment: 'exp',
        seed: 'exp',
        variant: 'a',
        units: { anonymous: 'key-1', 'user.id': '7' },
      },
    ];
    const other = byUser.participant(visitor('key-1', 8), { assignments: both });
    expect(other.variant('exp')).toBe('b');
    const all = [
      ...both,
      { experiment: 'exp', seed: 'exp', variant: 'b', units: { 'user.id': '8' } },
    ];
    expect(other.assignments()).toEqual(all);
    expect(later(byUser, visitor('key-1', 7), all)).toBe('a');
    expect(later(byVisitor, visitor('key-1'), all)).toBe('a');
    expect(later(load(experiment(99)), visitor('key-1', 8), all)).toBe('b');
  });

  it('is not given to a participant with none of its identities', () => {
    const kept = first(mostA, ada);
    expect(later(mostB, user(8), kept)).toBe('b');
    expect(() => later(mostB, user(null), kept)).toThrow('user.id');
  });

  it('is the one that the deciding identity knows, if another agrees as well', () => {
    const assignments = [
      { experiment: 'exp', seed: 'exp', variant: 'a', units: { anonymous: 'key-1' } },
      { experiment: 'exp', seed: 'exp', variant: 'b', units: { 'user.id': '7' } },
    ];
    expect(later(byUser, visitor('key-1', 7), assignments)).toBe('b');
    expect(later(byVisitor, visitor('key-1'), assignments)).toBe('a');
  });

  it('stays with a user in a browser whose visitor has another one', () => {
    const assignments = [
      { experiment: 'exp', seed: 'exp', variant: 'b', units: { anonymous: 'key-2' } },
      {
        experiment: 'exp',
        seed: 'exp',
        variant: 'a',
        units: { anonymous: 'key-1', 'user.id': '7' },
      },
    ];
    expect(later(byUser, visitor('key-2', 7), assignments)).toBe('a');
    expect(later(byVisitor, visitor('key-2'), assignments)).toBe('b');
  });

  it('is ignored while an identity can not be read', () => {
    const kept = [
      {
        experiment: 'exp',
        seed: 'exp',
        variant: 'a',
        units: { anonymous: 'key-1', 'user.id': '7' },
      },
    ];
    const context = {
      anonymous: 'key-1',
      get user(): never {
        throw new Error('no database');
      },
    };
    expect(() => later(byUser, context, kept)).toThrow('no database');
  });
});

describe('given assignments', () => {
  const good = { experiment: 'exp', seed: 'exp', variant: 'a', units: { 'user.id': '7' } };
  const hostile: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['a text', 'exp'],
    ['an unknown experiment', { ...good, experiment: 'other' }],
    ['the name of a built-in', { ...good, experiment: '__proto__' }],
    ['no seed', { ...good, seed: undefined }],
    ['an undeclared variant', { ...good, variant: 'c' }],
    ['a variant that is not text', { ...good, variant: ['a'] }],
    ['no units', { ...good, units: {} }],
    ['a list of units', { ...good, units: ['7'] }],
    ['a unit that is not text', { ...good, units: { 'user.id': 7 } }],
    ['a path that is not valid', { ...good, units: { 'user..id': '7', 'user.id': '7' } }],
    ['the identity random', { ...good, units: { random: '7', 'user.id': '7' } }],
    [
      'a unit that is too long',
      { ...good, units: { 'user.id': '7', anonymous: 'x'.repeat(1001) } },
    ],
    [
      'too many units',
      {
        ...good,
        units: Object.fromEntries(
          Array.from('abcdefgh')
            .map((path) => [path, '7'])
            .concat([['user.id', '7']]),
        ),
      },
    ],
    ['inherited properties', Object.create(good)],
    [
      'a getter that throws',
      Object.defineProperty({ ...good }, 'units', {
        get() {
          throw new Error('no');
        },
      }),
    ],
    ['a revoked proxy', revoked()],
  ];

  it.each(hostile)('are ignored with %s', (_, value) => {
    expect(later(mostB, ada, [value as StickyAssignment])).toBe('b');
    // The others count.
    expect(later(mostB, ada, [value as StickyAssignment, good])).toBe('a');
  });

  it('have to be a list', () => {
    expect(() => mostB.participant(ada, { assignments: good as never })).toThrow(
      'participant(): option "assignments" must be a list of sticky assignments, not an object',
    );
    expect(() => mostB.participant(ada, { assignments: revoked() as never })).toThrow('a list');
  });

  it('are read from lists with methods and lengths of their own, with a bound', () => {
    class OwnMethods extends Array<StickyAssignment> {
      override slice(): never {
        return { flatMap: () => 5 } as never;
      }
    }
    const own = new OwnMethods();
    own.push(good);
    expect(later(mostB, ada, own)).toBe('a');
    let reads = 0;
    const withLength = (length: unknown) =>
      new Proxy([good], {
        get(list, key) {
          if (key === 'length') return length;
          reads++;
          return Reflect.get(list, key) as unknown;
        },
      });
    const growing = { valueOf: () => reads + 10 };
    for (const length of [2 ** 53, Number.POSITIVE_INFINITY, growing, Number.NaN, 1n, 'x']) {
      reads = 0;
      expect(['a', 'b']).toContain(later(mostB, ada, withLength(length)));
      expect(reads).toBeLessThan(2000);
    }
  });

  it('count up to the newest thousand', () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({
      ...good,
      units: { 'user.id': `x${i}` },
    }));
    expect(later(mostB, ada, [...many, good])).toBe('a');
    expect(later(mostB, ada, [good, ...many])).toBe('b');
    const participant = mostB.participant(ada, { assignments: many });
    participant.variant('exp');
    expect(participant.assignments()).toHaveLength(1000);
    expect(participant.assignments().at(-1)?.units).toEqual({ 'user.id': '7' });
  });

  it('can bind paths named like a built-in property', () => {
    const odd = {
      ...good,
      units: Object.fromEntries([
        ['__proto__', '7'],
        ['user.id', '7'],
      ]),
    };
    const participant = mostB.participant(ada, { assignments: [odd] });
    expect(participant.variant('exp')).toBe('a');
    expect(Object.keys(participant.assignments()[0]?.units ?? {})).toEqual([
      '__proto__',
      'user.id',
    ]);
    expect(Object.prototype).not.toHaveProperty('7');
  });
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

describe('"sticky" in a specification', () => {
  const problemsOf = (value: object): unknown => {
    try {
      load(value);
    } catch (error) {
      return (error as { problems: readonly { path: string; message: string }[] }).problems.map(
        ({ path, message }) => `${path}: ${message}`,
      );
    }
    return [];
  };

  it('must be a boolean', () => {
    expect(problemsOf(experiment(50, { sticky: 'yes' }))).toEqual([
      '/0/sticky: sticky must be true or false, not "yes"',
    ]);
    expect(problemsOf(experiment(50, { stick: true, sticky: undefined }))).toEqual([
      expect.stringContaining('did you mean "sticky"?'),
    ]);
  });

  it('is refused with the identity random', () => {
    expect(problemsOf(experiment(50, { identity: 'random' }))).toEqual([
      '/0/sticky: a sticky experiment needs an identity that recognises participants, and "random" does not; choose another identity, such as "user.id", or remove "sticky"',
    ]);
    expect(problemsOf(experiment(50, { identity: 'random', sticky: false }))).toEqual([]);
  });

  it('leaves no trace in the specification of an experiment that is not sticky', () => {
    expect(load(experiment(50, { sticky: false })).experiments[0]).not.toHaveProperty('sticky');
    expect(load(experiment(50)).experiments[0]?.sticky).toBe(true);
  });
});
