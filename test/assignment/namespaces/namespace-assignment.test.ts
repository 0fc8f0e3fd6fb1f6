import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import type { AssignmentOptions } from '../../../src/assignment/policy.ts';
import { recordingLogger, thrownBy } from '../build.ts';

/** Users 1 to 3 of ten segments: 1 is in `first`, which only knows pages; 2 and 3 are in none. */
const CONFIG = {
  experiments: ['beta:on'],
  namespaces: [
    {
      name: 'checkout',
      unit: 'user.id',
      segments: 10,
      inputs: { userid: 'user.id' },
      defaults: { text: 'OK', size: 1 },
      experiments: [
        {
          name: 'texts',
          script: [
            "text = uniformChoice(choices=['Buy', 'Order'], unit=userid);",
            'note = null;',
            "shop = user['shop'];",
            "return country != 'DE';",
          ],
        },
      ],
      history: [{ add: 'first', segments: 5, experiment: 'texts' }],
    },
    { name: 'empty', unit: 'user.id', defaults: { text: 'OK' } },
  ],
};

function snapshotOf(options: AssignmentOptions = {}, config: object = CONFIG) {
  return parseExperiments(config, { logger: false, ...options });
}

/** A user who is in the experiment, and one who is not. */
function userIds(): { inside: number; outside: number } {
  const snapshot = snapshotOf();
  const ids = Array.from({ length: 50 }, (_, id) => id);
  const isInside = (id: number) =>
    snapshot.participant({ user: { id } }).namespace('checkout').experiment === 'first';
  const [inside, outside] = [ids.find(isInside), ids.find((id) => !isInside(id))];
  if (inside === undefined || outside === undefined) throw new Error('all are alike');
  return { inside, outside };
}

const { inside, outside } = userIds();

describe('participant.namespace', () => {
  it('returns the parameters of the experiment, then the defaults, then the fallback', () => {
    const user = { id: inside, shop: 'north' };
    const space = snapshotOf().participant({ user, country: 'US' }).namespace('checkout');
    expect(['Buy', 'Order']).toContain(space.get('text', 'x'));
    expect(space.get('size', 7)).toBe(1);
    expect(space.get('color', 'blue')).toBe('blue');
    expect(space.get('color')).toBeUndefined();
    expect(space.get('note', 'x')).toBeNull();
    expect(space.get('__proto__', 'x')).toBe('x');
    expect(space.getParams()).toEqual({
      text: space.get('text'),
      size: 1,
      note: null,
      shop: 'north',
    });
    expect([space.experiment, space.inExperiment]).toEqual(['first', true]);
  });

  it('returns the defaults outside all experiments', () => {
    const space = snapshotOf()
      .participant({ user: { id: outside } })
      .namespace('checkout');
    expect([space.get('text', 'x'), space.get('color', 'x')]).toEqual(['OK', 'x']);
    expect([space.experiment, space.inExperiment]).toEqual([undefined, false]);
    expect(space.getParams()).toEqual({ text: 'OK', size: 1 });
  });

  it('excludes participants that the script excludes, and keeps the assigned parameters', () => {
    const context = { user: { id: inside, shop: 1 }, country: 'DE' };
    const space = snapshotOf().participant(context).namespace('checkout');
    expect([space.experiment, space.inExperiment]).toEqual(['first', false]);
    expect(['Buy', 'Order']).toContain(space.get('text'));
  });

  it('is the same object each time, and runs the script at most once', () => {
    let reads = 0;
    const context = {
      get country() {
        reads++;
        return 'US';
      },
      user: { id: inside },
    };
    const accessor = Object.create({}, Object.getOwnPropertyDescriptors(context)) as object;
    const participant = snapshotOf().participant(accessor);
    const space = participant.namespace('checkout');
    expect([space.segment, space.experiment]).toEqual([expect.any(Number), 'first']);
    expect(reads).toBe(0);
    space.get('text');
    space.getParams();
    expect(participant.namespace('checkout')).toBe(space);
    expect(participant.namespace('checkout').inExperiment).toBe(true);
    expect(reads).toBe(1);
  });

  it('reads no unit if no segment is taken', () => {
    const space = snapshotOf().participant({}).namespace('empty');
    expect(space.get('text', 'x')).toBe('OK');
    expect([space.experiment, space.inExperiment]).toEqual([undefined, false]);
    expect(() => space.segment).toThrow('the unit "user.id" is not in the context');
  });

  it('takes no memory in a participant without namespaces', () => {
    const participant = snapshotOf().participant({ user: { id: 1 } });
    participant.isOn('beta');
    expect(Object.keys(participant)).not.toContain('spaces');
    participant.namespace('checkout');
    expect(Object.keys(participant)).toContain('spaces');
  });

  it('puts nothing of the context into JSON', () => {
    const participant = snapshotOf().participant({ user: { id: inside } });
    participant.namespace('checkout').getParams();
    expect(JSON.stringify([participant, participant.namespace('checkout')])).toBe(
      '[{},{"name":"checkout"}]',
    );
  });

  it('has fallbacks only in an unknown namespace, with one warning per name', () => {
    const logger = recordingLogger();
    const snapshot = snapshotOf({ logger });
    for (const name of ['checkuot', 'checkuot', 'toString']) {
      const space = snapshot.participant({}).namespace(name);
      expect([space.get('text', 'x'), space.get('text')]).toEqual(['x', undefined]);
      expect([space.segment, space.experiment, space.inExperiment]).toEqual([
        undefined,
        undefined,
        false,
      ]);
      expect(space.getParams()).toEqual({});
      expect(space.explain()).toEqual({
        namespace: name,
        inExperiment: false,
        error: 'there is no namespace of this name',
      });
    }
    expect(logger.warnings).toEqual([
      'evenhand: unknown namespace "checkuot": get() returns the fallback it is given',
      'evenhand: unknown namespace "toString": get() returns the fallback it is given',
    ]);
  });

  it('explains segment, experiment, salt and unit', () => {
    const context = { user: { id: inside }, country: 'US' };
    const space = snapshotOf().participant(context).namespace('checkout');
    expect(space.explain()).toEqual({
      namespace: 'checkout',
      unit: { paths: ['user.id'], text: String(inside) },
      segment: space.segment,
      experiment: 'first',
      salt: 'checkout.first',
      inExperiment: true,
    });
    expect(
      snapshotOf()
        .participant({ user: { id: outside } })
        .namespace('checkout')
        .explain(),
    ).toEqual({
      namespace: 'checkout',
      unit: { paths: ['user.id'], text: String(outside) },
      segment: expect.any(Number),
      inExperiment: false,
    });
  });

  it('reads the context like rules: getters and Maps, no functions, nothing of prototypes', () => {
    const snapshot = snapshotOf(
      {},
      {
        experiments: [],
        namespaces: [
          {
            name: 'ns',
            unit: 'user.id',
            segments: 1,
            inputs: { method: 'user.method', proto: 'user.constructor', name: 'user.name' },
            experiments: [
              { name: 'x', script: 'a = method; b = proto; c = name; d = toString; e = other;' },
            ],
            history: [{ add: 'x', segments: 1 }],
          },
        ],
      },
    );
    class User {
      id = 7;
      get name() {
        return 'Ada';
      }
      method() {
        return 1;
      }
    }
    const expected = { a: null, b: null, c: 'Ada', d: null, e: null };
    expect(snapshot.participant({ user: new User() }).namespace('ns').getParams()).toEqual(
      expected,
    );
    const map = new Map<string, unknown>([
      ['id', 7],
      ['name', 'Ada'],
    ]);
    expect(snapshot.participant({ user: map }).namespace('ns').getParams()).toEqual(expected);
  });

  it('lets scripts index plain objects and lists, and no others', () => {
    const indexing = (user: object) => {
      const space = snapshotOf().participant({ user, country: 'US' }).namespace('checkout');
      return () => space.get('shop');
    };
    class User {
      id = inside;
      shop = 'north';
    }
    expect(indexing({ id: inside, shop: ['north'] })()).toEqual(['north']);
    expect(indexing(new User())).toThrow('base must be a list or a map, not an object');
  });

  describe.each<[string, object, string]>([
    ['missing', {}, 'is not in the context'],
    ['null', { user: { id: null } }, 'is null; it must be a string'],
    ['an object', { user: { id: {} } }, 'is an object without its own toString; it must be'],
    ['NaN', { user: { id: Number.NaN } }, 'is NaN; it must be'],
    ['an empty list', { user: { id: [] } }, 'is an empty list; it must be'],
  ])('whose unit is %s', (_, context, reason) => {
    const message = `namespace "checkout": the unit "user.id" ${reason}`;

    it('throws by default, each time', () => {
      const space = snapshotOf().participant(context).namespace('checkout');
      const asked: (() => unknown)[] = [
        () => space.get('text'),
        () => space.getParams(),
        () => space.segment,
        () => space.experiment,
        () => space.inExperiment,
      ];
      for (const ask of asked) {
        const error = thrownBy(ask) as Error;
        expect(error).toMatchObject({ name: 'PlanoutError', code: 'namespace' });
        expect(error.message).toContain(message);
      }
      expect(space.explain()).toMatchObject({
        unit: { paths: ['user.id'] },
        inExperiment: false,
        error: expect.stringContaining(message),
      });
    });

    it('returns the defaults with onError: fallback, and logs the error once', () => {
      const logger = recordingLogger();
      const snapshot = snapshotOf({ logger, onError: 'fallback' });
      for (let i = 0; i < 2; i++) {
        const space = snapshot.participant(context).namespace('checkout');
        expect([space.get('text', 'x'), space.get('color', 'x')]).toEqual(['OK', 'x']);
        expect([space.segment, space.experiment, space.inExperiment]).toEqual([
          undefined,
          undefined,
          false,
        ]);
        expect(space.explain()).toMatchObject({ error: expect.stringContaining(message) });
      }
      expect(logger.errors).toEqual([expect.stringContaining(`evenhand: ${message}`)]);
    });
  });

  describe('with a script that fails', () => {
    const config = {
      experiments: [],
      namespaces: [
        {
          ...CONFIG.namespaces[0],
          history: [{ add: 'first', segments: 10, experiment: 'texts' }],
          inputs: { userid: 'other' },
        },
      ],
    };

    it('throws by default', () => {
      const space = snapshotOf({}, config)
        .participant({ user: { id: 1 } })
        .namespace('checkout');
      expect(thrownBy(() => space.get('text'))).toMatchObject({
        code: 'operator',
        operator: 'uniformChoice',
        parameter: 'unit',
      });
      expect(space.explain()).toMatchObject({
        segment: expect.any(Number),
        experiment: 'first',
        inExperiment: false,
        error: expect.stringContaining('unit'),
      });
    });

    it('returns the defaults with onError: fallback, and logs the error once', () => {
      const logger = recordingLogger();
      const snapshot = snapshotOf({ logger, onError: 'fallback' }, config);
      for (const id of [1, 2]) {
        const space = snapshot.participant({ user: { id } }).namespace('checkout');
        expect(space.getParams()).toEqual({ text: 'OK', size: 1 });
        expect(space.experiment).toBe('first');
        expect(space.explain()).toMatchObject({ error: expect.stringContaining('unit') });
      }
      expect(logger.errors).toEqual([
        expect.stringMatching(
          /^evenhand: namespace "checkout", experiment "first": .*uniformChoice: unit/,
        ),
      ]);
    });
  });

  it('passes on errors of the context, or logs them once', () => {
    const context = {
      user: {
        get id(): never {
          throw new Error('no database');
        },
      },
    };
    expect(() => snapshotOf().participant(context).namespace('checkout').get('text')).toThrow(
      /^no database$/,
    );
    const logger = recordingLogger();
    const fallback = snapshotOf({ logger, onError: 'fallback' }).participant(context);
    expect(fallback.namespace('checkout').get('text')).toBe('OK');
    expect(logger.errors).toEqual([
      'evenhand: namespace "checkout": a context value threw: no database',
    ]);
  });
});

describe('snapshot.namespaces', () => {
  it('are the namespaces of the file, in order', () => {
    expect(snapshotOf().namespaces.map(({ name }) => name)).toEqual(['checkout', 'empty']);
  });
});
