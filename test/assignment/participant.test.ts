import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, drawing, experiment, recordingLogger } from './build.ts';

const everybody = (variant: string) => [audience({ [variant]: 100 })];

function loggedSnapshot(...specs: readonly unknown[]) {
  const logger = recordingLogger();
  return { logger, snapshot: parseExperiments(specs, { logger }) };
}

describe('participant.isVariant', () => {
  const { logger, snapshot } = loggedSnapshot(
    experiment({ variants: [{ name: 'a' }, { name: 'b' }], audiences: everybody('a') }),
  );
  const participant = snapshot.participant();

  it("returns true for the participant's variant", () => {
    expect(participant.isVariant('exp', 'a')).toBe(true);
    expect(participant.isVariant('exp', 'b')).toBe(false);
  });

  it("returns true for a list with the participant's variant", () => {
    expect(participant.isVariant('exp', ['b', 'a'])).toBe(true);
    expect(participant.isVariant('exp', ['b'])).toBe(false);
    expect(participant.isVariant('exp', [])).toBe(false);
    expect(logger.warnings).toEqual([]);
  });

  it('is false for values that are not names, which a template may pass', () => {
    const { logger: log, snapshot: own } = loggedSnapshot('banner:on');
    for (const nothing of [undefined, null, 7, {}, [undefined]] as unknown[]) {
      expect(own.participant().isVariant('banner', nothing as string)).toBe(false);
    }
    expect(log.warnings[0]).toBe(
      'evenhand: experiment "banner" has no variant undefined; declared: on, off',
    );
  });

  it('warns once about a variant that is not declared', () => {
    for (let i = 0; i < 3; i++) {
      expect(snapshot.participant().isVariant('exp', 'typo')).toBe(false);
      expect(snapshot.participant().isVariant('exp', ['b', 'typo', 'other'])).toBe(false);
    }
    expect(logger.warnings).toEqual([
      'evenhand: experiment "exp" has no variant "typo"; declared: a, b',
      'evenhand: experiment "exp" has no variant "other"; declared: a, b',
    ]);
  });
});

describe('participant.isOn and isOff', () => {
  const { snapshot } = loggedSnapshot(
    'shown:on',
    'hidden:off',
    experiment({ name: 'half', audiences: [audience({ on: 50, off: 50 })] }),
  );

  it('return the state of a switch', () => {
    const participant = snapshot.participant();
    expect([participant.isOn('shown'), participant.isOff('shown')]).toEqual([true, false]);
    expect([participant.isOn('hidden'), participant.isOff('hidden')]).toEqual([false, true]);
  });

  it('work for an experiment with the variants on and off', () => {
    for (let id = 0; id < 20; id++) {
      const participant = snapshot.participant({ user: { id } });
      expect(participant.isOn('half')).toBe(participant.variant('half') === 'on');
      expect(participant.isOff('half')).toBe(!participant.isOn('half'));
    }
  });

  it('are both false for an unknown switch', () => {
    const participant = snapshot.participant();
    expect([participant.isOn('nope'), participant.isOff('nope')]).toEqual([false, false]);
  });
});

describe('participant.variant', () => {
  it('never changes, whatever happens to the context', () => {
    const { snapshot } = loggedSnapshot(
      experiment({ audiences: [audience({ a: 100 }, 'beta'), audience({ b: 100 })] }),
    );
    const context = { beta: false };
    const participant = snapshot.participant(context);
    expect(participant.variant('exp')).toBe('b');
    context.beta = true;
    expect(participant.variant('exp')).toBe('b');
    expect(participant.isVariant('exp', 'b')).toBe(true);
    expect(snapshot.participant(context).variant('exp')).toBe('a');
  });

  it('never changes for an experiment that is drawn', () => {
    const snapshot = parseExperiments([experiment({ identity: 'random' })], {
      random: drawing(10, 90, 10, 90),
    });
    const participant = snapshot.participant();
    expect([1, 2, 3].map(() => participant.variant('exp'))).toEqual(['a', 'a', 'a']);
  });

  it('is each participant’s own, even of one context', () => {
    const snapshot = parseExperiments([experiment({ identity: 'random' })], {
      random: drawing(10, 90),
    });
    const context = {};
    const [one, two] = [snapshot.participant(context), snapshot.participant(context)];
    expect([one.variant('exp'), two.variant('exp')]).toEqual(['a', 'b']);
    expect([one.variant('exp'), two.variant('exp')]).toEqual(['a', 'b']);
  });

  it.each(['nope', '__proto__', 'constructor', 'toString', ''])(
    'is undefined for the unknown experiment %p, with one warning',
    (name) => {
      const { logger, snapshot } = loggedSnapshot('banner:on');
      const participant = snapshot.participant();
      expect(participant.variant(name)).toBeUndefined();
      expect(participant.isVariant(name, 'on')).toBe(false);
      expect(participant.value(name)).toBeUndefined();
      expect(snapshot.participant().variant(name)).toBeUndefined();
      expect(logger.warnings).toEqual([
        `evenhand: unknown experiment "${name}": variant() is undefined; isVariant(), isOn() and isOff() are false`,
      ]);
    },
  );

  it('warns about at most a thousand names', () => {
    const { logger, snapshot } = loggedSnapshot('banner:on');
    const participant = snapshot.participant();
    for (let i = 0; i < 1500; i++) participant.variant(`made_up_${i}`);
    expect(logger.warnings).toHaveLength(1000);
  });

  it('shows an invented name on one line, and cuts a long name', () => {
    const { logger, snapshot } = loggedSnapshot('banner:on');
    const participant = snapshot.participant();
    participant.variant('forged\nERROR all is lost');
    participant.variant('x'.repeat(1_000_000));
    expect(logger.warnings[0]).toContain(String.raw`"forged\nERROR all is lost"`);
    expect(logger.warnings[1]?.length).toBeLessThan(200);
  });

  it('accepts names of any type, because JavaScript may pass on values of a request', () => {
    const { snapshot } = loggedSnapshot('banner:on');
    const participant = snapshot.participant();
    const names: unknown[] = [undefined, null, 7, ['banner'], Object.create(null), Symbol('b')];
    for (const name of names) {
      expect(participant.variant(name as string)).toBeUndefined();
    }
  });
});

describe('participant.value', () => {
  const value = { colour: '#c00', sizes: [1, 2] };
  const variants = [{ name: 'bold', value }, { name: 'plain' }, { name: 'none', value: null }];
  const { snapshot } = loggedSnapshot(
    experiment({ name: 'bold', variants, audiences: everybody('bold') }),
    experiment({ name: 'plain', variants, audiences: everybody('plain') }),
    experiment({ name: 'none', variants, audiences: everybody('none') }),
  );
  const participant = snapshot.participant();

  it('is the JSON of the participant’s variant', () => {
    expect(participant.value('bold')).toEqual(value);
    expect(participant.value('none')).toBeNull();
  });

  it('is undefined if the variant has none', () => {
    expect(participant.value('plain')).toBeUndefined();
  });

  it('is deeply frozen, and a copy of the configuration', () => {
    const given = participant.value('bold') as { sizes: number[] };
    expect(given).not.toBe(value);
    expect(() => given.sizes.push(3)).toThrow(TypeError);
    expect(Object.isFrozen(given)).toBe(true);
  });

  it('follows an override', () => {
    const overridden = snapshot.participant({}, { overrides: { plain: 'bold' } });
    expect(overridden.value('plain')).toEqual(value);
  });
});

describe('participant.variants', () => {
  it('returns the variant of every experiment by name, in the specification’s order', () => {
    const { snapshot } = loggedSnapshot('z:on', 'a:off', experiment({ audiences: everybody('x') }));
    expect(Object.entries(snapshot.participant().variants())).toEqual([
      ['z', 'on'],
      ['a', 'off'],
      ['exp', 'x'],
    ]);
  });

  it('contains experiments with names that objects inherit', () => {
    const { snapshot } = loggedSnapshot('__proto__:on', 'constructor:off', 'hasOwnProperty:on');
    const variants = snapshot.participant().variants();
    expect(Object.entries(variants)).toEqual([
      ['__proto__', 'on'],
      ['constructor', 'off'],
      ['hasOwnProperty', 'on'],
    ]);
    expect(Object.getPrototypeOf(variants)).toBe(Object.prototype);
    expect(snapshot.participant().isOn('__proto__')).toBe(true);
    expect(snapshot.participant().isOff('constructor')).toBe(true);
  });

  it('is a copy', () => {
    const { snapshot } = loggedSnapshot('banner:on');
    const participant = snapshot.participant();
    participant.variants()['banner'] = 'off';
    expect(participant.variants()).toEqual({ banner: 'on' });
  });

  it('throws what a decision throws', () => {
    const { snapshot } = loggedSnapshot('banner:on', experiment());
    expect(() => snapshot.participant().variants()).toThrow(
      expect.objectContaining({ code: 'identity', experiment: 'exp' }),
    );
  });
});
