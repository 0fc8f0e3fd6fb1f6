import * as fc from 'fast-check';
import { member } from '../../src/json/own.ts';
import { pointerKeys, pointerTo, valueAt } from '../../src/json/pointer.ts';

describe('pointerTo', () => {
  it('escapes ~ and /', () => {
    expect(pointerTo('/a', 'b/c~d')).toBe('/a/b~1c~0d');
    expect(pointerTo('', 0)).toBe('/0');
    expect(pointerTo('', '')).toBe('/');
  });
});

describe('pointerKeys', () => {
  it('returns the keys of a pointer', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('~', '/', '~1', '~01', '//', '', '0'));
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        expect(pointerKeys(keys.reduce(pointerTo, ''))).toEqual(keys);
      }),
    );
  });
});

describe('member', () => {
  it('sees own members only', () => {
    expect(member({ a: 1 }, 'a')).toBe(1);
    expect(member(['x'], '0')).toBe('x');
    expect(member({}, 'toString')).toBeUndefined();
    expect(member(JSON.parse('{"__proto__": 7}'), '__proto__')).toBe(7);
    expect(member({}, '__proto__')).toBeUndefined();
    expect(member('text', '0')).toBeUndefined();
    expect(member(null, 'a')).toBeUndefined();
  });
});

describe('valueAt', () => {
  it('follows a pointer', () => {
    expect(valueAt({ 'a/b': [{ c: 7 }] }, '/a~1b/0/c')).toBe(7);
    expect(valueAt(7, '')).toBe(7);
    expect(valueAt({ a: 1 }, '/b/c')).toBeUndefined();
  });
});
