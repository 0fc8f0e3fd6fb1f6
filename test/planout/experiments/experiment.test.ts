import {
  bernoulliTrial,
  defineExperiment,
  type ExperimentRecord,
  randomInteger,
  uniformChoice,
} from '../../../src/planout/index.ts';
import { thrownBy } from '../../assignment/build.ts';

interface SharingParams {
  button_text: string;
  has_discount: 0 | 1;
  price: number;
}

const CHOICES = ['OK', 'Share'];

/** A clock that is stopped at 1,700,000,000.9 seconds. */
const now = () => 1_700_000_000_900;

/** An experiment that logs into a list. */
function logging(options: { autoExposure?: boolean } = {}) {
  const records: ExperimentRecord[] = [];
  const experiment = defineExperiment({
    name: 'sharing',
    salt: 'sharing_salt',
    log: (record) => records.push(record),
    now,
    ...options,
    assign(params: SharingParams, { userid, country }: { userid: number; country?: string }) {
      params.button_text = uniformChoice({ choices: CHOICES, unit: userid });
      params.has_discount = bernoulliTrial({ p: 0.5, unit: userid });
      params.price = params.has_discount === 1 ? 5 : 10;
      return country !== 'DE';
    },
  });
  return { experiment, records };
}

describe('defineExperiment', () => {
  it('draws on assignment, with the salt sharing_salt.button_text.4', () => {
    const { experiment } = logging();
    // int(hashlib.sha1(b"sharing_salt.button_text.4").hexdigest()[:15], 16) % 2
    const expected = CHOICES[Number(0x192df9995fc1fcbn % 2n)];
    expect(experiment.participant({ userid: 4 }).get('button_text')).toBe(expected);
  });

  it('lets later lines read drawn values', () => {
    const { experiment } = logging();
    const seen = new Set<string>();
    for (let userid = 0; userid < 50; userid++) {
      const { has_discount, price } = experiment.participant({ userid }).getParams();
      expect(price).toBe(has_discount === 1 ? 5 : 10);
      seen.add(`${has_discount} ${price}`);
    }
    expect(seen.size).toBe(2);
  });

  it('uses its name as the default salt', () => {
    const define = (name: string, salt?: string) =>
      defineExperiment({
        name,
        salt,
        assign(params, { userid }) {
          params['x'] = randomInteger({ min: 0, max: 1_000_000, unit: userid });
        },
      }).participant({ userid: 4 });
    expect(define('a').salt).toBe('a');
    expect(define('a').get('x')).toBe(define('b', 'a').get('x'));
    expect(define('a').get('x')).not.toBe(define('b').get('x'));
  });

  it('can draw by several units', () => {
    const experiment = defineExperiment({
      name: 'two_units',
      assign(params: { a: number; b: number }, inputs: { userid: number; page: string }) {
        params.a = randomInteger({ min: 0, max: 1_000_000, unit: inputs.userid });
        params.b = randomInteger({ min: 0, max: 1_000_000, unit: [inputs.userid, inputs.page] });
      },
    });
    const home = experiment.participant({ userid: 4, page: 'home' }).getParams();
    const shop = experiment.participant({ userid: 4, page: 'shop' }).getParams();
    expect(shop.a).toBe(home.a);
    expect(shop.b).not.toBe(home.b);
  });

  it('returns the default, or undefined, for an unassigned parameter', () => {
    const experiment = defineExperiment({ name: 'empty', assign() {} });
    const participant = experiment.participant({});
    expect(participant.get('x')).toBeUndefined();
    expect(participant.get('x', 'OK')).toBe('OK');
    expect(participant.get('toString', 'OK')).toBe('OK');
    expect(participant.getParams()).toEqual({});
  });

  it('keeps the parameters of a unit that the assignment excludes by returning false', () => {
    const { experiment, records } = logging();
    const outside = experiment.participant({ userid: 4, country: 'DE' });
    expect(outside.inExperiment).toBe(false);
    expect(outside.get('price')).toBeGreaterThan(0);
    expect(records).toEqual([]);
    expect(experiment.participant({ userid: 4 }).inExperiment).toBe(true);
    const undecided = defineExperiment({ name: 'x', assign: () => undefined }).participant({});
    expect(undecided.inExperiment).toBe(true);
  });

  it('assigns once, on the first read', () => {
    let calls = 0;
    const experiment = defineExperiment({
      name: 'counted',
      assign() {
        calls++;
      },
    });
    const participant = experiment.participant({});
    expect(calls).toBe(0);
    participant.get('x');
    participant.getParams();
    expect(participant.inExperiment).toBe(true);
    expect(calls).toBe(1);
  });

  it('passes params that behave like an object', () => {
    const seen: unknown[] = [];
    const experiment = defineExperiment({
      name: 'object',
      assign(params) {
        params['__proto__'] = 1;
        params['x'] = 2;
        seen.push('x' in params, 'y' in params, 'toString' in params, Object.keys(params));
        seen.push({ ...params }['x'], params['constructor'], params['__proto__']);
        seen.push(Reflect.deleteProperty(params, 'x'));
        seen.push(Reflect.defineProperty(params, 'x', { value: 3 }));
        seen.push(Reflect.set(params, Symbol.iterator, 3), Reflect.get(params, Symbol.iterator));
        seen.push(Reflect.has(params, Symbol.iterator));
      },
    });
    expect(Object.entries(experiment.participant({}).getParams())).toEqual([
      ['__proto__', 1],
      ['x', 2],
    ]);
    expect(seen.slice(0, 4)).toEqual([true, false, false, ['__proto__', 'x']]);
    expect(seen.slice(4)).toEqual([2, undefined, 1, false, false, false, undefined, false]);
  });

  it('has a checksum that changes with its code', () => {
    const one = defineExperiment({ name: 'x', assign: () => true });
    const two = defineExperiment({ name: 'x', assign: () => !0 });
    expect(one.checksum).toMatch(/^[0-9a-f]{8}$/);
    expect(one.participant({}).checksum).toBe(one.checksum);
    expect(two.checksum).not.toBe(one.checksum);
  });

  it('can be a script', () => {
    const script = 'price = randomInteger(min=0, max=1000000, unit=userid); return userid != 5;';
    const scripted = defineExperiment({ name: 'priced', script });
    const coded = defineExperiment({
      name: 'priced',
      assign(params: { price: number }, { userid }: { userid: number }) {
        params.price = randomInteger({ min: 0, max: 1_000_000, unit: userid });
      },
    });
    const participant = scripted.participant({ userid: 4 });
    expect(participant.get('price')).toBe(coded.participant({ userid: 4 }).get('price'));
    expect(participant.inExperiment).toBe(true);
    expect(scripted.participant({ userid: 5 }).inExperiment).toBe(false);
    participant.setOverrides({ price: 7 });
    expect(participant.get('price')).toBe(7);
  });

  it.each<[string, object]>([
    ['no name', { assign() {} }],
    ['an empty name', { name: '', assign() {} }],
    ['a salt that is not a string', { name: 'x', salt: 7, assign() {} }],
    ['no assign', { name: 'x' }],
    ['a log that is not a function', { name: 'x', assign() {}, log: 7, now }],
    ['a log without a clock', { name: 'x', assign() {}, log() {} }],
    ['an autoExposure that is not a boolean', { name: 'x', assign() {}, autoExposure: 'no' }],
  ])('refuses %s', (_, definition) => {
    expect(thrownBy(() => Reflect.apply(defineExperiment, undefined, [definition]))).toMatchObject({
      code: 'option',
    });
  });

  it('refuses an async assignment, and inputs that are not an object', () => {
    const experiment = defineExperiment({ name: 'x', assign: (async () => {}) as () => void });
    expect(thrownBy(() => experiment.participant({}).get('x'))).toMatchObject({ code: 'option' });
    const participant = () => experiment.participant(null as unknown as object as never);
    expect(thrownBy(participant)).toMatchObject({ code: 'option' });
  });
});

describe('setOverrides', () => {
  it('sets parameters that no line changes and later lines read', () => {
    const { experiment } = logging();
    for (let userid = 0; userid < 20; userid++) {
      const participant = experiment.participant({ userid });
      participant.setOverrides({ has_discount: 1, other: 'x' });
      expect(participant.getParams()).toMatchObject({ has_discount: 1, price: 5, other: 'x' });
    }
  });

  it('sets existing inputs too', () => {
    const { experiment, records } = logging();
    const participant = experiment.participant({ userid: 4, country: 'US' });
    participant.setOverrides({ country: 'DE' });
    expect(participant.inExperiment).toBe(false);
    participant.setOverrides({ userid: 5 });
    expect(participant.get('button_text')).toBe(
      experiment.participant({ userid: 5 }).get('button_text'),
    );
    expect(records[0]?.inputs).toEqual({ userid: 5, country: 'US' });
  });

  it('replaces the overrides of an earlier call', () => {
    const participant = logging().experiment.participant({ userid: 4 });
    const before = participant.getParams();
    participant.setOverrides({ price: 7 });
    expect(participant.get('price')).toBe(7);
    participant.setOverrides(undefined as never);
    expect(participant.get('price')).not.toBe(7);
    participant.setOverrides({});
    expect(participant.getParams()).toEqual(before);
  });
});

describe('logging', () => {
  it("logs PlanOut's record once, on the first read of a parameter", () => {
    const { experiment, records } = logging();
    const participant = experiment.participant({ userid: 4 });
    expect(participant.inExperiment).toBe(true);
    expect(records).toEqual([]);
    participant.get('price');
    participant.getParams();
    participant.get('button_text');
    expect(records).toEqual([
      {
        event: 'exposure',
        name: 'sharing',
        time: 1_700_000_000,
        salt: 'sharing_salt',
        inputs: { userid: 4 },
        params: participant.getParams(),
        checksum: experiment.checksum,
      },
    ]);
  });

  it.each([
    ['for all', () => logging({ autoExposure: false }), () => {}],
    [
      'for one',
      () => logging(),
      (p: { setAutoExposure(on: boolean): void }) => p.setAutoExposure(false),
    ],
  ])('can be left to the application, %s', (_, make, switchOff) => {
    const { experiment, records } = make();
    const participant = experiment.participant({ userid: 4 });
    switchOff(participant);
    participant.get('price');
    participant.getParams();
    expect(records).toEqual([]);
    participant.logExposure({ page: 'home' });
    participant.get('price');
    expect(records).toMatchObject([{ event: 'exposure', extra_data: { page: 'home' } }]);
    expect(records).toHaveLength(1);
  });

  it('logs an exposure for each call of logExposure(), and none automatically after it', () => {
    const { experiment, records } = logging();
    const participant = experiment.participant({ userid: 4 });
    participant.get('price');
    participant.logExposure({ page: 'home' });
    participant.logExposure({ page: 'shop' });
    participant.get('price');
    expect(records.map(({ extra_data }) => extra_data)).toEqual([
      undefined,
      { page: 'home' },
      { page: 'shop' },
    ]);
  });

  it('returns null, not the default, for a parameter whose value is null', () => {
    const script = 'x = null;';
    expect(defineExperiment({ name: 'x', script }).participant({}).get('x', 1)).toBeNull();
  });

  it('omits empty extras', () => {
    const { experiment, records } = logging();
    const participant = experiment.participant({ userid: 4 });
    participant.logExposure({});
    participant.logEvent('click', {});
    expect(records.map((record) => 'extra_data' in record)).toEqual([false, false]);
  });

  it.each([
    [
      'code',
      (log: (record: ExperimentRecord) => void) =>
        defineExperiment({
          name: 'sharing',
          log,
          now,
          assign(params: { price: number }, { country }: { country?: string }) {
            params.price = 5;
            return country !== 'DE';
          },
        }),
    ],
    [
      'a script',
      (log: (record: ExperimentRecord) => void) =>
        defineExperiment<{ price: number }, { country?: string }>({
          name: 'sharing',
          log,
          now,
          script: "price = 5; return country != 'DE';",
        }),
    ],
  ])('logs nothing for a unit that %s excludes', (_, define) => {
    const records: ExperimentRecord[] = [];
    const experiment = define((record) => records.push(record));
    type Participant = ReturnType<typeof experiment.participant>;
    const calls: ((participant: Participant) => unknown)[] = [
      (participant) => participant.get('price'),
      (participant) => participant.getParams(),
      (participant) => participant.logEvent('click', { button: 1 }),
      (participant) => participant.logExposure(),
    ];
    // The first call assigns; the exclusion must be known in each order of calls.
    for (const first of calls) {
      const outside = experiment.participant({ country: 'DE' });
      for (const call of [first, ...calls]) call(outside);
      expect(outside.inExperiment).toBe(false);
    }
    expect(records).toEqual([]);
    experiment.participant({ country: 'US' }).logEvent('click');
    expect(records).toHaveLength(1);
  });

  it('logs the exposure only for the declared parameters', () => {
    const records: ExperimentRecord[] = [];
    const experiment = defineExperiment({
      name: 'declared',
      paramNames: ['a', 'b'],
      log: (record) => records.push(record),
      now,
      assign(params: { a: number; b: number }, { userid }: { userid: number }) {
        params.a = userid;
        if (userid > 4) params.b = 1;
      },
    });
    const participant = experiment.participant({ userid: 4 });
    // @ts-expect-error -- an undeclared parameter
    participant.get('c', 1);
    expect(records).toEqual([]);
    // On this unit's branch, `b` is not set; on another it is.
    participant.get('b', 1);
    expect(records).toHaveLength(1);
    experiment.participant({ userid: 4 }).getParams();
    expect(records).toHaveLength(2);
  });

  it('logs the exposure only for parameters that some branch of the script sets', () => {
    const records: ExperimentRecord[] = [];
    const experiment = defineExperiment({
      name: 'branches',
      script: 'if (userid > 4) { b = 1; } else if (userid > 9) { d = [{e = 1;}]; } else { a = 1; }',
      log: (record) => records.push(record),
      now,
    });
    const logged = ['a', 'b', 'd', 'e', 'c', 'userid', 'experiment_salt'].filter((name) => {
      const before = records.length;
      experiment.participant({ userid: 4 }).get(name);
      return records.length > before;
    });
    expect(logged).toEqual(['a', 'b', 'd', 'e']);
  });

  it.each(['a', [1], null])('refuses paramNames that are not a list of strings: %j', (names) => {
    const define = () => defineExperiment({ name: 'x', paramNames: names as never, assign() {} });
    expect(define).toThrow('paramNames must be a list of strings');
  });

  it('logs other events on every call', () => {
    const { experiment, records } = logging();
    const participant = experiment.participant({ userid: 4 });
    participant.logEvent('click', { button: 1 });
    participant.logEvent('click');
    expect(records.map(({ event, extra_data }) => [event, extra_data])).toEqual([
      ['click', { button: 1 }],
      ['click', undefined],
    ]);
    expect('extra_data' in (records[1] ?? {})).toBe(false);
  });

  it('is not needed for an experiment without log', () => {
    const participant = defineExperiment({ name: 'x', assign() {} }).participant({});
    expect(() => participant.logEvent('click')).not.toThrow();
  });
});

describe('the types', () => {
  it('match the declared parameters and the defaults', () => {
    const participant = logging().experiment.participant({ userid: 4 });
    const text: string | undefined = participant.get('button_text');
    const sure: string = participant.get('button_text', 'OK');
    // @ts-expect-error -- a number
    const wrong: string = participant.get('price', 1);
    // @ts-expect-error -- an unknown parameter
    participant.get('colour');
    const undeclared = defineExperiment({ name: 'x', assign() {} }).participant({});
    const fallback: string = undeclared.get('anything', 'OK');
    const drawn: 'a' | 'b' = uniformChoice({ choices: ['a', 'b'], unit: 4 });
    expect([text, typeof sure, typeof wrong, fallback, typeof drawn]).toEqual([
      sure,
      'string',
      'number',
      'OK',
      'object',
    ]);
  });
});
