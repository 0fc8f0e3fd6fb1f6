import type { PlanoutError } from '../../src/errors/planout-error.ts';
import {
  Assignment,
  bernoulliFilter,
  bernoulliTrial,
  fastSample,
  randomFloat,
  randomInteger,
  sample,
  uniformChoice,
  weightedChoice,
} from '../../src/planout/index.ts';
import { thrownBy } from '../assignment/build.ts';
import vectors from '../vectors/planout.json' with { type: 'json' };

const OPERATORS: Readonly<Record<string, (args: never) => unknown>> = {
  uniformChoice,
  weightedChoice,
  bernoulliTrial,
  bernoulliFilter,
  randomInteger,
  randomFloat,
  sample,
  fastSample,
};

/** Draws with arguments of any type. */
function draw(operator: string, args: unknown, parameter = 'x', experimentSalt = 'exp'): unknown {
  const make = OPERATORS[operator];
  if (make === undefined) throw new Error(`no operator ${operator}`);
  const assignment = new Assignment(experimentSalt);
  assignment.set(parameter, Reflect.apply(make, undefined, [args]));
  return assignment.get(parameter);
}

describe('the operators', () => {
  it('have 400 vectors, some for each operator', () => {
    expect(vectors.operators).toHaveLength(400);
    expect(new Set(vectors.operators.map(({ op }) => op))).toEqual(new Set(Object.keys(OPERATORS)));
  });

  it.each(vectors.operators.map((vector, i) => [i, vector.op, vector] as const))(
    'agree with the reference: draw %i, %s',
    (_, op, { args, unit, experimentSalt, parameter, salt, value }) => {
      const all = { ...args, unit, ...(salt === null ? {} : { salt }) };
      expect(draw(op, all, parameter, experimentSalt)).toEqual(value);
    },
  );

  it('do not change a list of units', () => {
    const unit = [4, 'home'];
    draw('sample', { choices: [1, 2, 3, 4], unit });
    expect(unit).toEqual([4, 'home']);
  });

  it('do not change the choices', () => {
    const choices = [1, 2, 3, 4, 5, 6, 7, 8];
    draw('sample', { choices, unit: 4 });
    draw('fastSample', { choices, unit: 4 });
    expect(choices).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('accept a boolean as a number, as Python does', () => {
    expect(draw('bernoulliTrial', { p: true, unit: 4 })).toBe(1);
    expect(draw('randomInteger', { min: false, max: false, unit: 4 })).toBe(0);
  });

  it.each(['uniformChoice', 'bernoulliFilter', 'sample', 'fastSample', 'weightedChoice'])(
    'draw an empty list of no choices: %s',
    (operator) => {
      expect(draw(operator, { choices: [], weights: [], p: 0.5, unit: 4 })).toEqual([]);
    },
  );

  it.each(['sample', 'fastSample'])('draw all choices unless draws is given: %s', (operator) => {
    const drawn = draw(operator, { choices: [1, 2, 3, 4], unit: 4 }) as number[];
    expect(drawn.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    expect(draw(operator, { choices: [1, 2, 3, 4], draws: 0, unit: 4 })).toEqual([]);
  });

  it('never choose a choice with weight 0', () => {
    for (let unit = 0; unit < 1000; unit++) {
      const args = { choices: ['a', 'b', 'c'], weights: [0, 1, 0], unit };
      expect(draw('weightedChoice', args)).toBe('b');
    }
  });

  it('draw only when they are assigned', () => {
    const text: unknown = uniformChoice({ choices: ['a'], unit: 4 });
    expect(thrownBy(() => Number(text))).toMatchObject({
      code: 'operator',
      operator: 'uniformChoice',
      message: 'uniformChoice: has no value yet; assign it to a parameter first',
    });
  });

  it('can be assigned to several parameters, each with its own salt', () => {
    const operator = randomInteger({ min: 0, max: 1_000_000, unit: 4 });
    const assignment = new Assignment('exp');
    assignment.set('x', operator);
    assignment.set('y', operator);
    expect(assignment.get('x')).toBe(draw('randomInteger', { min: 0, max: 1_000_000, unit: 4 }));
    expect(assignment.get('x')).not.toBe(assignment.get('y'));
  });
});

describe('salts', () => {
  const choices = Array.from({ length: 1000 }, (_, i) => i);

  it('match the text the reference hashes: sharing_salt.button_text.4', () => {
    // int(hashlib.sha1(b"sharing_salt.button_text.4").hexdigest()[:15], 16) % 1000
    const expected = Number(0x192df9995fc1fcbn % 1000n);
    expect(draw('uniformChoice', { choices, unit: 4 }, 'button_text', 'sharing_salt')).toBe(
      expected,
    );
    const args = { choices, unit: 4, full_salt: 'sharing_salt.button_text' };
    expect(draw('uniformChoice', args, 'other', 'other')).toBe(expected);
  });

  it("are the parameter's name by default, so that equal salts draw equally", () => {
    const x = draw('uniformChoice', { choices, unit: 4 }, 'x');
    expect(draw('uniformChoice', { choices, unit: 4, salt: 'x' }, 'y')).toBe(x);
    expect(draw('uniformChoice', { choices, unit: 4 }, 'y')).not.toBe(x);
  });

  it('hash a list inside the unit as Python writes it', () => {
    const drawn = (unit: unknown) => draw('randomInteger', { min: 0, max: 1_000_000, unit });
    expect(drawn([4, ['a', 1, [true]]])).toBe(drawn("4.['a', 1, [True]]"));
    expect(drawn([[], 4])).toBe(drawn('[].4'));
  });

  it('refuse a unit that contains itself', () => {
    const unit: unknown[] = [];
    unit.push([unit]);
    expect(() => draw('bernoulliTrial', { p: 0.5, unit })).toThrow(' is a list; units are');
  });

  it('draw differently for lists of units in another order', () => {
    const drawn = (unit: unknown) => draw('uniformChoice', { choices, unit });
    expect(drawn([4, 'home'])).toBe(drawn('4.home'));
    expect(drawn(['home', 4])).not.toBe(drawn([4, 'home']));
    expect(drawn([4])).toBe(drawn(4));
  });

  it("hash Python's text of numbers and booleans", () => {
    const drawn = (unit: unknown) => draw('uniformChoice', { choices, unit });
    expect(drawn(true)).toBe(drawn('True'));
    expect(drawn([false, 4])).toBe(drawn('False.4'));
    expect(drawn(0.00001)).toBe(drawn('1e-05'));
    expect(drawn(10n ** 20n)).toBe(drawn('100000000000000000000'));
    expect(drawn({ toString: () => '66f' })).toBe(drawn('66f'));
  });

  it("hash Python's text of filtered choices", () => {
    const filtered = (choices: unknown[]) =>
      (draw('bernoulliFilter', { choices, p: 0.5, unit: 4 }) as unknown[]).length;
    for (const [value, text] of [
      [[1, 'a', true], "[1, 'a', True]"],
      [{ a: "it's" }, `{'a': "it's"}`],
      [1.5, '1.5'],
    ] as const) {
      const many = Array.from({ length: 30 }, (_, i) => i);
      for (const salt of many) {
        const args = { p: 0.5, unit: salt };
        expect(draw('bernoulliFilter', { ...args, choices: [value] })).toHaveLength(
          (draw('bernoulliFilter', { ...args, choices: [text] }) as unknown[]).length,
        );
      }
    }
    expect(filtered([])).toBe(0);
  });
});

describe('bad arguments', () => {
  const unit = 4;
  const choices = ['a', 'b', 'c'];
  const circular: unknown[] = [];
  circular.push(circular);

  it.each<[string, object, string, string]>([
    ['uniformChoice', { choices }, 'unit', 'unit is missing'],
    ['uniformChoice', { choices, unit: undefined }, 'unit', 'unit is missing'],
    ['uniformChoice', { choices, unit: null }, 'unit', 'unit is null; units are'],
    ['uniformChoice', { choices, unit: {} }, 'unit', 'unit is an object; units are'],
    ['uniformChoice', { choices, unit: Number.NaN }, 'unit', 'unit is NaN'],
    ['uniformChoice', { choices, unit: [] }, 'unit', 'unit is an empty list'],
    ['uniformChoice', { choices, unit: [1, null] }, 'unit', 'unit[1] is null'],
    ['uniformChoice', { choices, unit: [1, [2, null]] }, 'unit', 'unit[1][1] is null'],
    ['uniformChoice', { choices, unit: [[{}]] }, 'unit', 'unit[0][0] is an object'],
    ['uniformChoice', { unit }, 'choices', 'choices is missing'],
    ['uniformChoice', { unit, choices: 'abc' }, 'choices', 'choices must be a list, not "abc"'],
    ['uniformChoice', { unit, choices, salt: 7 }, 'salt', 'salt must be a string, not 7'],
    ['uniformChoice', { unit, choices, full_salt: 7 }, 'full_salt', 'full_salt must be a string'],
    ['weightedChoice', { unit, choices }, 'weights', 'weights is missing'],
    [
      'weightedChoice',
      { unit, choices, weights: [0, 0, 0, 1] },
      'weights',
      '4 weights for 3 choices; give one for each',
    ],
    [
      'weightedChoice',
      { unit, choices, weights: [1, -1, 1] },
      'weights',
      'weights[1] must be 0 or more, not -1',
    ],
    ['weightedChoice', { unit, choices, weights: [0, 0, 0] }, 'weights', 'all weights are 0'],
    [
      'weightedChoice',
      { unit, choices, weights: [1, '1', 1] },
      'weights',
      'weights[1] must be a finite number, not "1"',
    ],
    ['weightedChoice', { unit, choices, weights: [1e308, 1e308, 1] }, 'weights', 'too large'],
    ['bernoulliTrial', { unit }, 'p', 'p is missing'],
    ['bernoulliTrial', { unit, p: 1.1 }, 'p', 'p must be a probability from 0 to 1, not 1.1'],
    ['bernoulliTrial', { unit, p: -0.1 }, 'p', 'p must be a probability'],
    ['bernoulliTrial', { unit, p: Number.NaN }, 'p', 'p must be a finite number, not NaN'],
    ['bernoulliFilter', { unit, choices, p: 2 }, 'p', 'p must be a probability'],
    ['bernoulliFilter', { unit, choices: [circular], p: 1 }, 'choices', "can't be hashed"],
    ['randomInteger', { unit, min: 1.5, max: 2 }, 'min', 'min must be a whole number'],
    ['randomInteger', { unit, min: 3, max: 2 }, 'max', 'max is 2, which is below min (3)'],
    ['randomInteger', { unit, min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }, 'max', 'too far apart'],
    ['randomFloat', { unit, min: 3, max: 2 }, 'max', 'max is 2, which is below min (3)'],
    ['randomFloat', { unit, min: -1.7e308, max: 1.7e308 }, 'max', 'too far apart'],
    ['sample', { unit, choices, draws: 4 }, 'draws', 'draws is 4, but there are only 3 choices'],
    [
      'fastSample',
      { unit, choices, draws: 4 },
      'draws',
      'draws is 4, but there are only 3 choices',
    ],
    ['sample', { unit, choices, draws: -1 }, 'draws', 'draws must be 0 or more, not -1'],
    ['sample', { unit, choices, draws: 1.5 }, 'draws', 'draws must be a whole number'],
  ])('of %s %j are refused, naming the parameter', (operator, args, parameter, reason) => {
    const error = thrownBy(() => draw(operator, args)) as PlanoutError;
    expect(error).toMatchObject({ name: 'PlanoutError', code: 'operator', operator, parameter });
    expect(error.reason).toContain(reason);
    expect(error.message).toBe(`${operator}: ${error.reason}`);
  });

  it.each(Object.keys(OPERATORS))('of %s: no argument at all', (operator) => {
    expect(thrownBy(() => draw(operator, undefined))).toMatchObject({ code: 'operator', operator });
  });

  it('are not read from prototypes', () => {
    const args = Object.create({ choices, unit: 4 }) as object;
    expect(thrownBy(() => draw('uniformChoice', args))).toMatchObject({ parameter: 'unit' });
  });
});
