import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRule } from '../../../src/rules/compile/compile.ts';
import { failureOf, outcomeOf, placeOf } from '../outcome.ts';

interface Vector {
  readonly rule: string;
  readonly context: object;
  readonly result?: boolean;
  readonly error?: string;
}

function vectorsIn(file: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, '../../vectors', file), 'utf8'));
}

/** Returns the vectors with a different result: rule, expected, received. */
function wrongAmong(vectors: readonly Vector[]): unknown[] {
  return vectors
    .map(({ rule, context, result, error }) => [rule, result ?? error, outcomeOf(rule, context)])
    .filter(([, expected, received]) => expected !== received);
}

describe('compileRule', () => {
  it('agrees with all 1,500 results of Cravensworth', () => {
    const vectors = vectorsIn('rules.json') as Vector[];
    expect(vectors).toHaveLength(1500);
    expect(wrongAmong(vectors)).toEqual([]);
  });

  it('agrees with the results of CPython', () => {
    const { cases } = vectorsIn('python.json') as { cases: Vector[] };
    expect(cases.length).toBeGreaterThan(800);
    expect(wrongAmong(cases)).toEqual([]);
  });

  it('returns a frozen function with its source', () => {
    const rule = compileRule(' x == 1 ');
    expect(rule.source).toBe(' x == 1 ');
    expect(Object.isFrozen(rule)).toBe(true);
  });

  it('returns a function that can be called many times with different contexts', () => {
    const rule = compileRule('[x for x in xs if x > low] == want');
    expect(rule({ xs: [1, 2, 3], low: 1, want: [2, 3] })).toBe(true);
    expect(rule({ xs: [1, 2, 3], low: 2, want: [2, 3] })).toBe(false);
    expect(rule({ xs: [], low: 2, want: [] })).toBe(true);
  });

  it.each([[undefined], [null], [5], [true], [['True']], [{}]])(
    'refuses the source %p, which is not a string',
    (source) => {
      expect(() => compileRule(source as unknown as string)).toThrow(
        expect.objectContaining({ code: 'option', message: expect.stringContaining('a string') }),
      );
    },
  );

  it.each([
    ['None', 'None'],
    ['x', 'a number'],
    ['"True"', 'a string'],
    ['[True]', 'a list'],
    ['(True,)', 'a tuple'],
    ['{True}', 'a set'],
    ['{"a": True}', 'an object'],
    ['True and 1', 'a number'],
    ['True + 0', 'a number'],
    ['x == 1 and user', 'an object'],
  ])('refuses the result of %s: %s', (rule, what) => {
    const error = failureOf(rule, { x: 1, user: { id: 1 } });
    expect(error.code).toBe('not-boolean');
    expect(error.reason).toBe(
      `the rule evaluates to ${what}, not to True or False; add a comparison`,
    );
    expect(placeOf(error)).toBe(rule);
  });

  it('reads undefined as None, not as a missing name', () => {
    expect(outcomeOf('x is None and x == None and not x', { x: undefined })).toBe(true);
    expect(outcomeOf('y is None', { x: undefined })).toBe('name');
  });

  it('accepts a Map as the context', () => {
    expect(outcomeOf('plan == "pro"', new Map([['plan', 'pro']]))).toBe(true);
  });

  it('ignores names that every object inherits', () => {
    for (const name of ['toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf']) {
      expect(outcomeOf(`${name} == 1`, {})).toBe('name');
    }
  });

  it('does not read values that it does not need', () => {
    const context = {
      yes: true,
      get trap(): never {
        throw new Error('looked at');
      },
    };
    expect(outcomeOf('yes or trap', context)).toBe(true);
    expect(outcomeOf('not yes and trap or yes', context)).toBe(true);
    expect(outcomeOf('True if yes else trap', context)).toBe(true);
    expect(outcomeOf('1 > 2 > trap or yes', context)).toBe(true);
    expect(() => outcomeOf('yes and trap', context)).toThrow('looked at');
  });

  it('evaluates each operand of a chain once', () => {
    let looks = 0;
    const context = {
      get age() {
        looks++;
        return 30;
      },
    };
    expect(outcomeOf('18 <= age < 65', context)).toBe(true);
    expect(looks).toBe(1);
  });
});
