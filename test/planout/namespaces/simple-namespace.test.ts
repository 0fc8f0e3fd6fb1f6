import type { PlanoutError } from '../../../src/errors/planout-error.ts';
import {
  bernoulliTrial,
  defineExperiment,
  type ExperimentRecord,
  type Namespace,
  randomInteger,
  SimpleNamespace,
  uniformChoice,
} from '../../../src/planout/index.ts';
import { thrownBy } from '../../assignment/build.ts';
import vectors from '../../vectors/planout.json' with { type: 'json' };

interface Params {
  v: string;
  w: number;
}

const experiment = defineExperiment({
  name: 'any',
  assign(params: Params, { userid, page }: { userid: number; page: string }) {
    params.v = uniformChoice({ choices: ['a', 'b', 'c'], unit: userid });
    params.w = randomInteger({ min: 0, max: 9, unit: [userid, page] });
  },
});

describe('SimpleNamespace', () => {
  it.each(vectors.namespaces)(
    'allocates and assigns as the reference: $name',
    ({ name, primaryUnit, segments, history, allocations, units }) => {
      const namespace = new SimpleNamespace({
        name,
        unit: primaryUnit,
        segments,
        setup(ns) {
          for (const step of history) {
            if (step.add !== undefined) ns.addExperiment(step.add, experiment, step.segments);
            else ns.removeExperiment(step.remove);
          }
        },
      });
      expect(namespace.allocations()).toEqual(allocations);
      expect(units).toHaveLength(25);
      for (const { userid, page, segment, experiment, salt, params } of units) {
        const participant = namespace.participant({ userid, page });
        expect(participant.segment).toBe(segment);
        expect(participant.experiment ?? null).toBe(experiment);
        expect(participant.salt ?? null).toBe(salt);
        expect(participant.inExperiment).toBe(experiment !== null);
        expect(participant.get('v') ?? null).toBe(params?.v ?? null);
        expect(participant.get('w') ?? null).toBe(params?.w ?? null);
      }
    },
  );

  /** A namespace of 10 segments in which `first` has 4 and `second` 3. */
  const shop = () =>
    new SimpleNamespace({
      name: 'shop',
      unit: 'userid',
      segments: 10,
      setup(ns) {
        ns.addExperiment('first', experiment, 4);
        ns.addExperiment('second', experiment, 3);
      },
    });

  it('implements the interface Namespace', () => {
    const namespace: Namespace = shop();
    expect(namespace.name).toBe('shop');
    expect(Object.keys(namespace.allocations())).toEqual(['first', 'second']);
  });

  it.each<[string, (namespace: SimpleNamespace) => void, string]>([
    ['a name twice', (ns) => ns.addExperiment('first', experiment, 1), 'already'],
    ['too many segments', (ns) => ns.addExperiment('third', experiment, 4), 'only 3 are free'],
    ['a negative number', (ns) => ns.addExperiment('third', experiment, -1), 'a whole number'],
    ['half a segment', (ns) => ns.addExperiment('third', experiment, 0.5), 'a whole number'],
    ['an unknown name', (ns) => ns.removeExperiment('third'), 'can\'t remove "third"'],
    [
      'the name of a prototype property',
      (ns) => ns.removeExperiment('toString'),
      'can\'t remove "toString"',
    ],
    [
      'a value that is not an experiment',
      (ns) => ns.addExperiment('third', {} as typeof experiment, 1),
      '"third" must be an experiment with a method participant(), not an object',
    ],
    [
      'null as an experiment',
      (ns) => ns.addExperiment('third', null as unknown as typeof experiment, 1),
      '"third" must be an experiment with a method participant(), not null',
    ],
    [
      'a name that is not a string',
      (ns) => ns.addExperiment(7 as unknown as string, experiment, 1),
      "an experiment's name must be a string, not 7",
    ],
  ])('refuses %s and changes nothing', (_, change, reason) => {
    const namespace = shop();
    const before = namespace.allocations();
    const error = thrownBy(() => change(namespace)) as PlanoutError;
    expect(error).toMatchObject({ name: 'PlanoutError', code: 'namespace' });
    expect(error.message).toMatch(/^namespace "shop": /);
    expect(error.message).toContain(reason);
    expect(namespace.allocations()).toEqual(before);
    // A later experiment gets the same segments as without the failed change.
    namespace.addExperiment('later', experiment, 3);
    const untouched = shop();
    untouched.addExperiment('later', experiment, 3);
    expect(namespace.allocations()).toEqual(untouched.allocations());
  });

  it.each<[string, object]>([
    ['no name', { unit: 'userid', segments: 10 }],
    ['no unit', { name: 'x', segments: 10 }],
    ['an empty list of units', { name: 'x', unit: [], segments: 10 }],
    ['a unit that is not a name', { name: 'x', unit: ['userid', 7], segments: 10 }],
    ['no segments', { name: 'x', unit: 'userid' }],
    ['0 segments', { name: 'x', unit: 'userid', segments: 0 }],
    ['too many segments', { name: 'x', unit: 'userid', segments: 1_000_001 }],
  ])('refuses options with %s', (_, options) => {
    expect(thrownBy(() => Reflect.construct(SimpleNamespace, [options]))).toMatchObject({
      code: 'option',
    });
  });

  it.each<[unknown, string]>([
    [{}, 'the input "userid" of the unit is missing'],
    [Object.create({ userid: 4 }), 'the input "userid" of the unit is missing'],
    [{ userid: null }, 'the input "userid" of the unit is null'],
    [{ userid: {} }, 'the input "userid" of the unit is an object'],
    [{ userid: [] }, 'the input "userid" of the unit is an empty list'],
    [null, 'inputs as an object, not null'],
  ])('refuses a participant without a unit: %j', (inputs, reason) => {
    const error = thrownBy(() => shop().participant(inputs as object)) as PlanoutError;
    expect(error).toMatchObject({ code: 'namespace' });
    expect(error.message).toContain(reason);
  });

  it('gives units in no experiment the value of the default experiment, or the default', () => {
    const records: ExperimentRecord[] = [];
    const fallback = defineExperiment({
      name: 'fallback',
      log: (record) => records.push(record),
      now: () => 0,
      assign(params: { v: string }) {
        params.v = 'default';
      },
    });
    const namespace = new SimpleNamespace({
      name: 'empty',
      unit: 'userid',
      segments: 10,
      defaultExperiment: fallback,
    });
    const participant = namespace.participant({ userid: 4 });
    expect(participant.get('v', 'x')).toBe('default');
    expect(participant.get('w', 7)).toBe(7);
    expect(participant.get('w')).toBeUndefined();
    expect(participant.experiment).toBeUndefined();
    expect(participant.salt).toBeUndefined();
    expect(participant.inExperiment).toBe(false);
    participant.logExposure();
    participant.logEvent('click');
    expect(records).toEqual([]);
  });

  it("logs with the namespace's name and salt, once, unless automatic logging is off", () => {
    const records: ExperimentRecord[] = [];
    const logged = defineExperiment({
      name: 'any',
      log: (record) => records.push(record),
      now: () => 5000,
      assign(params: { v: number }, { userid }: { userid: number }) {
        params.v = bernoulliTrial({ p: 0.5, unit: userid });
      },
    });
    const namespace = new SimpleNamespace({
      name: 'ns',
      unit: 'userid',
      segments: 10,
      setup: (ns) => ns.addExperiment('all', logged, 10),
    });
    const participant = namespace.participant({ userid: 4 });
    expect([participant.segment, participant.experiment]).toEqual([expect.any(Number), 'all']);
    expect(records).toEqual([]);
    participant.get('v');
    participant.get('v', 1);
    expect(records).toMatchObject([
      { event: 'exposure', name: 'ns-all', salt: 'ns.all', time: 5, inputs: { userid: 4 } },
    ]);
    participant.logEvent('click', { x: 1 });
    expect(records[1]).toMatchObject({ event: 'click', extra_data: { x: 1 } });
    for (const early of [true, false]) {
      const silent = namespace.participant({ userid: 4 });
      expect(early || silent.inExperiment).toBe(true);
      silent.setAutoExposure(false);
      silent.get('v');
      expect(records).toHaveLength(early ? 2 : 3);
      silent.logExposure();
      expect(records).toHaveLength(early ? 3 : 4);
    }
  });

  it("logs an exposure only for parameters of the unit's own experiment", () => {
    const records: ExperimentRecord[] = [];
    const logging = {
      log: (record: ExperimentRecord) => records.push(record),
      now: () => 5000,
    };
    const scripted = defineExperiment({
      name: 'scripted',
      script: 'if (userid > 1000) { size = 2; } text = "Go";',
      ...logging,
    });
    const coded = defineExperiment({
      name: 'coded',
      paramNames: ['color'],
      ...logging,
      assign(params: { color: string }, { userid }: { userid: number }) {
        if (userid > 1000) params.color = 'red';
      },
    });
    const excluding = defineExperiment({
      name: 'excluding',
      script: 'shape = 1; return false;',
      ...logging,
    });
    const namespace = new SimpleNamespace({
      name: 'ns',
      unit: 'userid',
      segments: 12,
      defaultExperiment: defineExperiment({ name: 'default', script: 'top = 1;', ...logging }),
      setup(ns) {
        ns.addExperiment('scripted', scripted, 4);
        ns.addExperiment('coded', coded, 4);
        ns.addExperiment('excluding', excluding, 2);
      },
    });
    const seen: Record<string, Set<string | undefined>> = {};
    for (const name of ['size', 'text', 'color', 'shape', 'top', 'unknown']) {
      seen[name] = new Set();
      for (let userid = 0; userid < 60; userid++) {
        const before = records.length;
        const participant = namespace.participant({ userid });
        participant.get(name, 0);
        if (records.length > before) seen[name].add(participant.experiment);
      }
    }
    expect(seen).toEqual({
      size: new Set(['scripted']),
      text: new Set(['scripted']),
      color: new Set(['coded']),
      shape: new Set(),
      top: new Set(),
      unknown: new Set(),
    });
    records.length = 0;
    for (let userid = 0; userid < 60; userid++) {
      const participant = namespace.participant({ userid });
      participant.logExposure();
      participant.logEvent('click');
      expect(records).toHaveLength(participant.inExperiment ? 2 : 0);
      records.length = 0;
    }
  });

  it('keeps the parameters of units that the experiment excludes', () => {
    const picky = defineExperiment({
      name: 'picky',
      assign(params: { v: string }) {
        params.v = 'assigned';
        return false;
      },
    });
    const fallback = defineExperiment({
      name: 'fallback',
      assign(params: { w: string }) {
        params.w = 'default';
      },
    });
    const participant = new SimpleNamespace({
      name: 'ns',
      unit: 'userid',
      segments: 1,
      defaultExperiment: fallback,
      setup: (ns) => ns.addExperiment('picky', picky, 1),
    }).participant({ userid: 4 });
    expect(participant.inExperiment).toBe(false);
    expect(participant.experiment).toBe('picky');
    expect([participant.get('v', 'x'), participant.get('w', 'x')]).toEqual(['assigned', 'default']);
  });

  /** A namespace of one experiment with a script, and a default experiment. */
  function scriptedNamespace(script: string, segments = 1, log?: (one: ExperimentRecord) => void) {
    const now = () => 5000;
    return new SimpleNamespace({
      name: 'ns',
      unit: 'userid',
      segments: 1,
      defaultExperiment: defineExperiment({
        name: 'default',
        script: 'a = "d"; z = 26; y = z - 1;',
      }),
      setup: (ns) =>
        ns.addExperiment('e', defineExperiment({ name: 'e', script, log, now }), segments),
    });
  }

  it('returns all parameters of a unit and logs one exposure', () => {
    const records: ExperimentRecord[] = [];
    const namespace = scriptedNamespace('a = 1; b = 2;', 1, (one) => records.push(one));
    const participant = namespace.participant({ userid: 4 });
    expect(participant.getParams()).toEqual({ a: 1, b: 2, y: 25, z: 26 });
    expect(participant.getParams()).not.toBe(participant.getParams());
    expect(participant.get('b')).toBe(2);
    expect(records).toMatchObject([{ event: 'exposure', params: { a: 1, b: 2 } }]);
    expect(records[0]).not.toHaveProperty('overridden');
  });

  it('returns no parameters of a unit in no experiment, and logs nothing', () => {
    const records: ExperimentRecord[] = [];
    const namespace = scriptedNamespace('a = 1;', 0, (one) => records.push(one));
    expect(namespace.participant({ userid: 4 }).getParams()).toEqual({ a: 'd', y: 25, z: 26 });
    const empty = new SimpleNamespace({ name: 'ns', unit: 'userid', segments: 1 });
    expect(empty.participant({ userid: 4 }).getParams()).toEqual({});
    expect(records).toEqual([]);
  });

  it('forces parameters before the experiment computes the others', () => {
    const records: ExperimentRecord[] = [];
    const namespace = scriptedNamespace(
      'a = bernoulliTrial(p=0, unit=userid); b = a + 1; c = country;',
      1,
      (one) => records.push(one),
    );
    for (const early of [true, false]) {
      const participant = namespace.participant({ userid: 4, country: 'DE' });
      expect(early ? participant.get('b') : 1).toBe(1);
      participant.setOverrides({ a: 10, z: 0, country: 'FR' });
      expect(participant.get('b')).toBe(11);
      expect(participant.getParams()).toEqual({
        a: 10,
        b: 11,
        c: 'FR',
        country: 'FR',
        y: -1,
        z: 0,
      });
      expect(participant.get('z')).toBe(0);
      participant.setOverrides({});
      expect(participant.getParams()).toEqual({ a: 0, b: 1, c: 'DE', y: 25, z: 26 });
    }
    expect(records).toMatchObject([
      { params: { b: 1 } },
      { params: { b: 11 }, inputs: { country: 'FR' }, overridden: true },
    ]);
    expect(records[0]).not.toHaveProperty('overridden');
  });

  it('forces parameters of units in no experiment, and logs nothing', () => {
    const records: ExperimentRecord[] = [];
    const participant = scriptedNamespace('a = 1;', 0, (one) => records.push(one)).participant({
      userid: 4,
    });
    participant.setOverrides({ a: 10, other: null });
    expect([participant.get('a'), participant.get('other', 'x')]).toEqual([10, null]);
    expect(participant.getParams()).toEqual({ a: 10, other: null, y: 25, z: 26 });
    expect(records).toEqual([]);
  });

  it('does not log an exposure for a forced parameter that the experiment cannot set', () => {
    const records: ExperimentRecord[] = [];
    const namespace = scriptedNamespace('a = 1; b = other;', 1, (one) => records.push(one));
    const participant = namespace.participant({ userid: 4 });
    participant.setOverrides({ other: 'x' });
    expect(participant.get('other')).toBe('x');
    expect(records).toEqual([]);
    // A parameter of another experiment does not become an input of this one.
    expect(participant.get('b', 'none')).toBeNull();
    expect(records).toHaveLength(1);
  });

  it('distinguishes units of several inputs by order and type', () => {
    const segmentOf = (unit: string | string[], inputs: object) =>
      new SimpleNamespace({ name: 'ns', unit, segments: 100_000 }).participant(inputs).segment;
    const inputs = { a: 4, b: "o'clock", c: '4' };
    const segments = [['a', 'b'], ['b', 'a'], ['c', 'b'], 'a', 'b'].map((u) =>
      segmentOf(u, inputs),
    );
    expect(new Set(segments).size).toBe(5);
    expect(segmentOf(['a'], inputs)).toBe(segmentOf('a', inputs));
    expect(segmentOf(['a', 'b'], inputs)).toBe(segmentOf('text', { text: `(4, "o'clock")` }));
  });
});
