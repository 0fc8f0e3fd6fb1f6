import { outcomeOf, placeOf, refusalOf } from '../outcome.ts';

describe('checkRule', () => {
  it.each([
    ['user.__proto__', 'forbidden', 'user.__proto__'],
    ['user.constructor', 'forbidden', 'user.constructor'],
    ['user.prototype.x', 'forbidden', 'user.prototype'],
    ['user._id', 'forbidden', 'user._id'],
    ['user._', 'forbidden', 'user._'],
    ['[].constructor', 'forbidden', '[].constructor'],
    ['"".constructor.constructor', 'forbidden', '"".constructor'],
    ['[x.__class__ for x in y] == []', 'forbidden', 'x.__class__'],
    ['[x for x in y.__dict__] == []', 'forbidden', 'y.__dict__'],
    ['{"a": y._z} == {}', 'forbidden', 'y._z'],
    ['x[y._z:1]', 'forbidden', 'y._z'],
    ['x[0:1:y._z]', 'forbidden', 'y._z'],
    ['constructor == 1', 'forbidden', 'constructor'],
    ['prototype', 'forbidden', 'prototype'],
    ['[1 for constructor in x] == []', 'forbidden', 'constructor'],
    ['_private == 1', 'name', '_private'],
    ['__proto__', 'name', '__proto__'],
    ['__class__ == 1', 'name', '__class__'],
    ['[1 for (a, _b) in x] == []', 'name', '_b'],
    ['lambda: 1', 'forbidden', 'lambda: 1'],
    ['x == (lambda y: y)', 'forbidden', 'lambda y: y'],
    ['len(x) == 1', 'call', 'len(x)'],
    ['x.y().z == 1', 'call', 'x.y()'],
    ['x[0](1)', 'call', 'x[0](1)'],
    ['(x)(1)', 'call', '(x)(1)'],
    ['f(x for x in y)', 'call', 'f(x for x in y)'],
    ['not f()', 'call', 'f()'],
    ['1 if f() else 2', 'call', 'f()'],
    ['True or f()', 'call', 'f()'],
    ['False and x._y', 'forbidden', 'x._y'],
  ])('refuses %s as %s at %s', (rule, code, place) => {
    const error = refusalOf(rule);
    expect([error.code, placeOf(error)]).toEqual([code, place]);
  });

  it.each([
    ['len(user.tags)', "rules can't call len(…); write user.tags.length"],
    ['user.tags.includes("a")', 'rules can\'t call user.tags.includes(…); write "a" in user.tags'],
    [
      'user . f ()',
      "rules can't call user . f(…); compute the value in your contextProvider and compare that",
    ],
    [
      '(x)(1)',
      "rules can't call (x)(…); compute the value in your contextProvider and compare that",
    ],
    [
      `[x for x in y if x == ${'1'.repeat(40)}]()`,
      "rules can't call …(…); compute the value in your contextProvider and compare that",
    ],
    ['lambda: 1', "lambdas can't be used in rules"],
    ['user.constructor', 'the attribute "constructor" can\'t be used in rules'],
    ['_secret', 'the name "_secret" can\'t be used in rules'],
  ])('reports for %s: %s', (rule, reason) => {
    expect(refusalOf(rule).reason).toBe(reason);
  });

  it('reports the first of several, in the order of evaluation', () => {
    expect(placeOf(refusalOf('a.__b__.__c__ and f()'))).toBe('a.__b__');
    expect(placeOf(refusalOf('f().__b__'))).toBe('f()');
  });

  it('allows a lone underscore as a variable, and underscores inside names', () => {
    expect(outcomeOf('[x_ for x_, _ in [(1, 2)]] == [1]')).toBe(true);
    expect(outcomeOf('user.is_authenticated', { user: { is_authenticated: true } })).toBe(true);
    expect(outcomeOf('_ == 1', { _: 1 })).toBe(true);
  });

  it('allows private keys of the data by index', () => {
    expect(outcomeOf('user["_id"] == 5', { user: { _id: 5 } })).toBe(true);
    expect(outcomeOf('user["__proto__"] == 5', { user: {} })).toBe('key');
    expect(outcomeOf('user["constructor"] == 5', { user: {} })).toBe('key');
  });
});
