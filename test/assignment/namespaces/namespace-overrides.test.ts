import * as fc from 'fast-check';
import {
  readForced,
  readOverrides,
} from '../../../src/assignment/namespaces/namespace-overrides.ts';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { anyText } from '../../generators/any-text.ts';
import { runs } from '../../runs.ts';
import { recordingLogger } from '../build.ts';

const CONFIG = {
  experiments: [],
  namespaces: [
    {
      name: 'checkout',
      unit: 'user.id',
      segments: 10,
      inputs: { userid: 'user.id' },
      defaults: { text: 'OK', color: 'gray' },
      experiments: [
        {
          name: 'words',
          script: [
            "text = uniformChoice(choices=['Buy', 'Order'], unit=userid);",
            'price = randomInteger(min=1, max=9, unit=userid);',
            'total = price * 2;',
            'given = userid;',
          ],
        },
        {
          name: 'colors',
          variants: [
            { name: 'control', values: {} },
            { name: 'loud', values: { color: 'red', big: true, sizes: [1] } },
          ],
        },
      ],
      history: [
        { add: 'gone', segments: 1, experiment: 'colors' },
        { add: 'words', segments: 4 },
        { remove: 'gone' },
        { add: 'colors', segments: 4 },
        { add: 'parked', segments: 0, experiment: 'colors' },
      ],
    },
  ],
};

const logger = recordingLogger();
const snapshot = parseExperiments(CONFIG, { logger });
const checkout = snapshot.setup.namespaces.get('checkout');
if (checkout === undefined) throw new Error('no namespace');

const spaceOf = (id: number) => snapshot.participant({ user: { id } }).namespace('checkout');

/** Returns a user in the experiment, or in none. */
function userIn(experiment: string | undefined): number {
  const id = Array.from({ length: 100 }, (_, i) => i).find(
    (one) => spaceOf(one).experiment === experiment,
  );
  if (id === undefined) throw new Error(`no one is in ${String(experiment)}`);
  return id;
}

describe('readForced', () => {
  it.each([
    ['text', 'Buy now', 'Buy now'],
    ['text', '5', '5'],
    ['text', '"5"', '5'],
    ['text', '{"a":1}', '{"a":1}'],
    ['price', '5', 5],
    ['price', '-0.5', -0.5],
    ['big', 'false', false],
    ['sizes', '[1,{"__proto__":2}]', JSON.parse('[1,{"__proto__":2}]')],
    ['given', '5', 5],
    ['given', 'five', 'five'],
    ['given', '[1', '[1'],
    ['variant', 'loud', 'loud'],
  ])('reads the value of %s from %j', (parameter, text, value) => {
    expect(readForced(checkout, parameter, text)).toEqual({ value });
  });

  it.each([
    ['price', 'five', 'which must be a number'],
    ['price', '1e400', 'which must be a number'],
    ['price', '"5"', 'which must be a number'],
    ['big', '1', 'which must be true or false'],
    ['sizes', '{"a":1}', 'which must be a list'],
    ['sizes', `${'['.repeat(1000)}${']'.repeat(1000)}`, 'which must be a list'],
    ['variant', 'other', 'which must be one of "control", "loud"'],
    ['textt', 'Buy', 'which no running experiment sets'],
    ['__proto__', '{}', 'which no running experiment sets'],
    ['constructor', 'x', 'which no running experiment sets'],
    ['country', 'DE', 'which no running experiment sets'],
  ])('ignores a value of %s: %j', (parameter, text, problem) => {
    expect(readForced(checkout, parameter, text)).toEqual({ problem });
  });

  it('returns a frozen value of a kind that the parameter has, for any text', () => {
    const parameters = fc.constantFrom('text', 'price', 'big', 'sizes', 'given', 'variant', 'x');
    const kinds: Record<string, (value: unknown) => boolean> = {
      text: (value) => typeof value === 'string',
      price: (value) => Number.isFinite(value),
      big: (value) => typeof value === 'boolean',
      sizes: (value) => Array.isArray(value) && Object.isFrozen(value),
      given: (value) => Object.isFrozen(value),
      variant: (value) => value === 'loud' || value === 'control',
      x: () => false,
    };
    const texts = fc.oneof(anyText(), fc.json(), fc.constantFrom('loud', '1', 'true', '[]', '{}'));
    fc.assert(
      fc.property(parameters, texts, (parameter, text) => {
        const read = readForced(checkout, parameter, text);
        expect('problem' in read || kinds[parameter]?.(read.value)).toBe(true);
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('readOverrides', () => {
  const read = (experiment: string | undefined, params: Record<string, string> = {}) =>
    readOverrides(checkout, { experiment, params: new Map(Object.entries(params)) });

  it('returns a running experiment, even one without segments', () => {
    expect(read('words')).toMatchObject({ added: { salt: 'checkout.words' } });
    expect(read('parked')).toMatchObject({ added: { salt: 'checkout.parked' } });
  });

  it('returns nothing for unknown and removed experiments and parameters', () => {
    expect([read('gone'), read('toString'), read(''), read(undefined, { x: '1' })]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('setOverrides of a namespace', () => {
  it('forces parameters before the script computes the others', () => {
    const space = spaceOf(userIn('words'));
    const { total } = space.getParams();
    space.setOverrides({ price: 100 });
    expect([space.get('price'), space.get('total'), space.peek('price')]).toEqual([100, 200, 100]);
    expect(space.getParams()).toMatchObject({ price: 100, total: 200, color: 'gray' });
    expect(space.explain()).toMatchObject({
      experiment: 'words',
      overrides: { params: { price: 100 } },
    });
    space.setOverrides({});
    expect(space.get('total')).toBe(total);
    expect(space.explain()).not.toHaveProperty('overrides');
  });

  it('forces the variant, which sets its values', () => {
    const space = spaceOf(userIn('colors'));
    space.setOverrides({ variant: 'loud' });
    expect(space.getParams()).toEqual({
      text: 'OK',
      color: 'red',
      big: true,
      sizes: [1],
      variant: 'loud',
    });
    space.setOverrides({ variant: 'control', color: 'blue' });
    expect(space.getParams()).toEqual({ text: 'OK', color: 'blue', variant: 'control' });
    space.setOverrides({ variant: 'nothing' });
    expect(['loud', 'control']).toContain(space.get('variant'));
  });

  it('forces parameters of other experiments, and of users in no experiment', () => {
    for (const experiment of ['words', undefined]) {
      const space = spaceOf(userIn(experiment));
      space.setOverrides({ big: true });
      expect(space.get('big', false)).toBe(true);
      expect(space.getParams()).toMatchObject({ big: true, color: 'gray' });
      expect([space.experiment, space.inExperiment]).toEqual([experiment, experiment === 'words']);
    }
  });

  it('ignores parameters that no running experiment sets, and warns once', () => {
    const space = spaceOf(userIn('words'));
    for (let i = 0; i < 2; i++) space.setOverrides({ prise: 1, __proto__: null });
    expect(space.get('prise')).toBeUndefined();
    expect(logger.warnings).toEqual([
      'evenhand: namespace "checkout": setOverrides() ignores "prise", which no running experiment sets; they set: text, price, total, given, variant, color, big, sizes',
    ]);
  });

  it('forces nothing for a parameter that is undefined', () => {
    const space = spaceOf(userIn('words'));
    const { price } = space.getParams();
    space.setOverrides({ price: undefined, color: undefined });
    expect([space.get('price'), space.get('color')]).toEqual([price, 'gray']);
    expect(space.explain()).not.toHaveProperty('overrides');
  });

  it('refuses anything but an object, and keeps the overrides', () => {
    const space = spaceOf(userIn('words'));
    space.setOverrides({ price: 100 });
    for (const wrong of [undefined, null, 'price'] as unknown[]) {
      expect(() => space.setOverrides(wrong as Record<string, unknown>)).toThrow(
        expect.objectContaining({ name: 'OptionError', code: 'option' }),
      );
    }
    expect(space.get('price')).toBe(100);
  });

  it('does nothing in an unknown namespace', () => {
    const space = parseExperiments([], { logger: false }).participant().namespace('x');
    space.setOverrides({ a: 1 });
    expect(space.get('a', 'none')).toBe('none');
  });
});

describe('getParams of a namespace', () => {
  it('returns an empty object for a user in no experiment and without defaults', () => {
    const namespaces = CONFIG.namespaces.map((one) => ({ ...one, defaults: {} }));
    const bare = parseExperiments({ experiments: [], namespaces });
    const space = bare.participant({ user: { id: userIn(undefined) } }).namespace('checkout');
    expect(space.getParams()).toEqual({});
  });
});
