import { outcomeOf, refusalOf } from './outcome.ts';

describe('a rule that tries to escape', () => {
  const context = { user: { name: 'x' }, list: [1], text: 'x', map: new Map(), day: new Date(0) };

  it.each([
    '[].constructor',
    '"".constructor.constructor("return process")()',
    '(1).constructor',
    'user.__proto__',
    'user.__proto__.polluted == 1',
    'user.constructor.prototype',
    'list.__proto__.push',
    'text.__class__',
    '{}.__proto__',
    '{"__proto__": 1}.__proto__',
    '[x.__proto__ for x in list]',
    'user.__defineGetter__',
    'user.__lookupGetter__ == 1',
    'prototype',
    'constructor',
    'lambda: user',
  ])('is refused when it is compiled: %s', (rule) => {
    expect(['forbidden', 'name', 'call']).toContain(refusalOf(rule).code);
  });

  it.each([
    ['user["__proto__"]', 'key'],
    ['user["constructor"]', 'key'],
    ['user["proto" + "type"]', 'key'],
    ['user["__pro" + "to__"]', 'key'],
    ['list["constructor"]', 'type'],
    ['text["constructor"]', 'type'],
    ['map["constructor"]', 'key'],
    ['map["get"]', 'key'],
    ['day["getTime"]', 'key'],
    ['day.getTime', 'attribute'],
    ['list.push', 'attribute'],
    ['list.map', 'attribute'],
    ['text.repeat', 'attribute'],
    ['map.get', 'attribute'],
    ['user.toString', 'attribute'],
    ['user.hasOwnProperty', 'attribute'],
    ['{"__proto__": {"a": 1}}["a"]', 'key'],
    ['{"__proto__": 5}["__proto__"] == 5', true],
    ['({"__proto__": {"a": 1}} | {})["a"]', 'key'],
    ['"__proto__" in user or "constructor" in user', false],
    ['toString', 'name'],
    ['valueOf', 'name'],
    ['this', 'name'],
    ['globalThis', 'name'],
    ['process', 'name'],
    ['require', 'name'],
    ['undefined', 'syntax'],
    ['arguments', 'name'],
    ['[process for x in list]', 'name'],
    ['[x for x in list if hasOwnProperty]', 'name'],
  ])('reaches nothing: %s evaluates to %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it('does not change the prototypes', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    outcomeOf('{"__proto__": {"polluted": 1}} == {} or {"constructor": {"prototype": 1}} == {}');
    outcomeOf('[__x for __proto__ in [1]] == []');
    outcomeOf('[y for x in [{"__proto__": 1}] for y in x] == ["__proto__"]');
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect('polluted' in {}).toBe(false);
  });
});
