import * as fc from 'fast-check';
import { copyJson, MAX_VALUE_DEPTH, MAX_VALUE_SIZE } from '../../src/json/copy.ts';

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

describe('copyJson', () => {
  it('copies any JSON and freezes the copy deeply', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copied = copyJson(value);
        expect(copied).toEqual({ json: value });
        expect(isFrozen(copied)).toBe(Object.isFrozen(copied));
        expect('json' in copied && isFrozen(copied.json)).toBe(true);
      }),
    );
  });

  it('does not change the given value', () => {
    const value = { list: [1] };
    const copied = copyJson(value);
    value.list.push(2);
    expect(copied).toEqual({ json: { list: [1] } });
    expect(Object.isFrozen(value)).toBe(false);
  });

  it('keeps the key __proto__ as a plain property', () => {
    const copied = copyJson(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'));
    const json = 'json' in copied ? copied.json : undefined;
    expect(Object.keys(json ?? {})).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
    expect(JSON.stringify(json)).toBe('{"__proto__":{"polluted":true},"constructor":1}');
  });

  it('omits undefined properties, as JSON.stringify does', () => {
    expect(copyJson({ a: undefined, b: 1 })).toStrictEqual({ json: { b: 1 } });
  });

  it.each<[string, unknown, string, string]>([
    ['a function', { a: [() => 1] }, '/a/0', 'value must be JSON, not a function'],
    ['NaN', [1, Number.NaN], '/1', 'value must be JSON, not NaN'],
    ['Infinity', Number.POSITIVE_INFINITY, '', 'value must be JSON, not Infinity'],
    ['a bigint', { 'a/b': 7n }, '/a~1b', 'value must be JSON, not 7n'],
    ['a symbol', [Symbol('x')], '/0', 'value must be JSON, not a symbol'],
    ['undefined in a list', [undefined], '/0', 'value must be JSON, not undefined'],
    ['a hole in a list', Array.from({ length: 1 }), '/0', 'value must be JSON, not undefined'],
    ['a date', { at: new Date() }, '/at', 'value must be JSON, not an instance of a class'],
    ['a Map', new Map(), '', 'value must be JSON, not an instance of a class'],
  ])('refuses %s', (_, value, path, message) => {
    expect(copyJson(value)).toEqual({ problem: { path, message } });
  });

  it('accepts at most a hundred levels', () => {
    expect(copyJson(nested(MAX_VALUE_DEPTH))).toHaveProperty('json');
    expect(copyJson(nested(MAX_VALUE_DEPTH + 1))).toEqual({
      problem: {
        path: '/0'.repeat(MAX_VALUE_DEPTH),
        message: 'value is nested more than 100 levels deep',
      },
    });
    expect(copyJson(nested(100_000))).toHaveProperty('problem');
  });

  it('refuses a circular value', () => {
    const value: Record<string, unknown> = {};
    value.left = value;
    value.right = value;
    expect(copyJson(value)).toHaveProperty('problem.message', expect.stringContaining('nested'));
  });

  it('refuses a small value that unfolds to a huge one', () => {
    let value: unknown = 1;
    for (let i = 0; i < 90; i++) value = [value, value];
    expect(copyJson(value)).toHaveProperty('problem.message', expect.stringContaining('more than'));
    expect(copyJson(Array.from({ length: MAX_VALUE_SIZE }, () => 0))).toHaveProperty('problem');
    expect(copyJson(Array.from({ length: MAX_VALUE_SIZE - 1 }, () => 0))).toHaveProperty('json');
  });
});
