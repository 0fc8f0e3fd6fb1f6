import { parseRule } from '../../../src/rules/syntax/parse.ts';
import { outcomeOf, placeOf, refusalOf } from '../outcome.ts';
import { shapeOf } from '../shape.ts';

const shape = (rule: string) => shapeOf(parseRule(rule));

describe('parseRule', () => {
  it.each([
    // Each level above the next tighter one.
    ['a if b else c or d', '(if b a (or c d))'],
    ['a or b and c', '(or a (and b c))'],
    ['a and b or c', '(or (and a b) c)'],
    ['not a and b', '(and (not a) b)'],
    ['not a == b', '(not (== a b))'],
    ['a == b | c', '(== a (| b c))'],
    ['a | b ^ c', '(| a (^ b c))'],
    ['a ^ b & c', '(^ a (& b c))'],
    ['a & b << c', '(& a (<< b c))'],
    ['a << b + c', '(<< a (+ b c))'],
    ['a + b * c', '(+ a (* b c))'],
    ['a * -b', '(* a (- b))'],
    ['-a * b', '(* (- a) b)'],
    ['-a ** b', '(- (** a b))'],
    ['a ** -b', '(** a (- b))'],
    ['a ** b.c', '(** a (. b c))'],
    ['-a.b[c]', '(- (index (. a b) c))'],
    ['!a == b', '(== (not a) b)'],
    ['!a.b ** c', '(not (** (. a b) c))'],
    ['-!~a', '(- (not (~ a)))'],
    // Associativity to the left, and to the right.
    ['a - b - c', '(- (- a b) c)'],
    ['a + b - c + d', '(+ (- (+ a b) c) d)'],
    ['a / b // c % d * e', '(* (% (// (/ a b) c) d) e)'],
    ['a << b >> c', '(>> (<< a b) c)'],
    ['a | b | c', '(| (| a b) c)'],
    ['a ** b ** c', '(** a (** b c))'],
    ['a if b else c if d else e', '(if b a (if d c e))'],
    ['a if (b if c else d) else e', '(if (if c b d) a e)'],
    ['not not a', '(not (not a))'],
    ['- - a', '(- (- a))'],
    // Flat nodes.
    ['a or b or c', '(or a b c)'],
    ['a and b && c', '(and a b c)'],
    ['a || b or c', '(or a b c)'],
    ['a < b <= c == d', '(<,<=,== a b c d)'],
    ['a not in b in c', '(not in,in a b c)'],
    ['a is not b', '(is not a b)'],
    ['a is b', '(is a b)'],
    ['a is (not b)', '(is a (not b))'],
    ['a === b !== c', '(==,!= a b c)'],
    // Brackets.
    ['(a or b) and c', '(and (or a b) c)'],
    ['(a)', 'a'],
    ['((a))', 'a'],
    ['(a,)', '(tuple a)'],
    ['()', '(tuple)'],
    ['a, b', '(tuple a b)'],
    ['a, b,', '(tuple a b)'],
    ['(a, b), c', '(tuple (tuple a b) c)'],
    ['[]', '(list)'],
    ['[a, b,]', '(list a b)'],
    ['[a if b else c, d]', '(list (if b a c) d)'],
    ['{a}', '(set a)'],
    ['{a, b,}', '(set a b)'],
    ['{}', '(dict)'],
    ['{a: b}', '(dict a b)'],
    ['{a: b, c: d,}', '(dict a b c d)'],
    ['{a if b else c: d or e}', '(dict (if b a c) (or d e))'],
    ['a[b]', '(index a b)'],
    ['a[b, c]', '(index a (tuple b c))'],
    ['a[b,]', '(index a (tuple b))'],
    ['a[:]', '(: a _ _ _)'],
    ['a[b:]', '(: a b _ _)'],
    ['a[:b]', '(: a _ b _)'],
    ['a[::]', '(: a _ _ _)'],
    ['a[b:c:d]', '(: a b c d)'],
    ['a[::b]', '(: a _ _ b)'],
    ['a[b if c else d:]', '(: a (if c b d) _ _)'],
    ['a [b] . c [d]', '(index (. (index a b) c) d)'],
    // Comprehensions.
    ['[a for a in b]', '(list a for a b)'],
    ['(a for a in b)', '(generator a for a b)'],
    ['{a for a in b}', '(set a for a b)'],
    ['{a: c for a in b}', '(dict a c for a b)'],
    ['[a for a in b if c if d]', '(list a for a b if c if d)'],
    ['[a for a in b for c in d if e]', '(list a for a b for c d if e)'],
    ['[a for a, b in c]', '(list a for (a b) c)'],
    ['[a for a, in c]', '(list a for (a) c)'],
    ['[a for (a) in c]', '(list a for a c)'],
    ['[a for (a, b), c in d]', '(list a for ((a b) c) d)'],
    ['[a for a, (b, (c,)) in d]', '(list a for (a (b (c))) d)'],
    ['[a for [a, b] in d]', '(list a for (a b) d)'],
    ['[a for [a] in d]', '(list a for (a) d)'],
    ['[a if b else c for a in b or c]', '(list (if b a c) for a (or b c))'],
    ['[a for a in b if (c if d else e)]', '(list a for a b if (if d c e))'],
    ['[(a, b) for a in b]', '(list (tuple a b) for a b)'],
    ['[[a for a in b] for b in c]', '(list (list a for a b) for b c)'],
    // Refused later, but parsed completely.
    ['a(b, c=d, *e, **f)', '(refused call)'],
    ['a(b for b in c)', '(refused call)'],
    ['a.b().c', '(. (refused call) c)'],
    ['lambda: a', '(refused forbidden)'],
    ['lambda a, b=c, *d, **e: a or b', '(refused forbidden)'],
    ['lambda a, /, b, *, c: a', '(refused forbidden)'],
  ])('reads %s', (rule, expected) => {
    expect(shape(rule)).toBe(expected);
  });

  it.each([
    ['a and lambda: b', 'lambda'],
    ['a == not b', 'not'],
    ['a + not b', 'not'],
    ['- not a', 'not'],
    ['a in', ''],
    ['a if b if c else d else e', 'if'],
    ['x[1:2:3:4]', ':'],
    ['{a: b for}', '}'],
    ['[a for a in b if]', ']'],
    ['[a for a in b, c]', ','],
    ['[a, b for a in b]', 'for'],
    ['[*a]', '*'],
    ['{**a}', '**'],
    ['(a := 1)', ':='],
    ['a -> b', '->'],
    ['a @ b', '@'],
    ['a.', ''],
    ['a.b.', ''],
    ['(,)', ','],
    ['[,]', ','],
    ['a,, b', ','],
    ['lambda a b: c', 'b'],
    ['a(b', '('],
    ['for a in b', 'for'],
    ['[a async for a in b]', 'async'],
    ['await a', 'await'],
    ['...', '.'],
    ['a\\\n', '\\'],
  ])('points at the problem in %j', (rule, place) => {
    const error = refusalOf(rule);
    expect([error.code, placeOf(error)]).toEqual(['syntax', place]);
  });

  it('reports a syntax error after a part that would be refused', () => {
    expect(refusalOf('len(x) = 1').code).toBe('syntax');
    expect(refusalOf('f(lambda: 1 or)').code).toBe('syntax');
  });

  it('accepts constants in the spellings of Python and JavaScript', () => {
    expect(outcomeOf('True == true and False == false and None == null')).toBe(true);
  });

  it('knows the place of every node', () => {
    const source = ' ( a + b ) * c [ 0 ] ';
    const node = parseRule(source);
    expect(source.slice(node.start, node.end)).toBe('( a + b ) * c [ 0 ]');
    if (node.kind !== 'binary') throw new Error('not a product');
    expect(source.slice(node.left.start, node.left.end)).toBe('a + b');
    expect(source.slice(node.right.start, node.right.end)).toBe('c [ 0 ]');
  });
});

describe('the limits of a rule', () => {
  const nested = (depth: number, open: string, close: string, inner = 'x') =>
    open.repeat(depth) + inner + close.repeat(depth);

  it.each([
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
    ['-', ''],
    ['not ', ''],
    ['!', ''],
    ['~', ''],
    ['x[', ']'],
    ['x if x else ', ''],
    ['x ** ', ''],
    ['x(', ')'],
    ['lambda: ', ''],
    ['{x: ', '}'],
  ])('allow 100 levels of %j, not 101', (open, close) => {
    expect(() => parseRule(nested(100, open, close))).not.toThrow();
    const error = refusalOf(nested(101, open, close));
    expect([error.code, error.reason]).toEqual([
      'limit',
      'the rule is nested more than 100 levels deep; simplify it',
    ]);
    for (const depth of [1000, 3000]) {
      expect(refusalOf(nested(depth, open, close)).code).toBe('limit');
    }
  });

  it.each([
    ['[x for x in ', ']'],
    ['[x for x in y if ', ']'],
    ['{x for x in ', '}'],
    ['{x: x for x in ', '}'],
    ['(x for x in ', ')'],
    ['f(x for x in ', ')'],
  ])('count nested comprehensions: %j', (open, close) => {
    expect(() => parseRule(nested(90, open, close))).not.toThrow();
    for (const depth of [110, 500])
      expect(refusalOf(nested(depth, open, close)).code).toBe('limit');
    expect(refusalOf(open.repeat(580)).code).toBe('limit');
  });

  it('count brackets that are never closed', () => {
    for (const open of ['(', '[', '{', '{1:', 'x[', '[x for (']) {
      expect(refusalOf(open.repeat(1500)).code).toBe('limit');
    }
  });

  it.each([
    ['+', 'x', ' + x'],
    ['.', 'x', '.x'],
    ['[]', 'x', '[0]'],
    ['*', 'x', '*x'],
  ])('allow 500 of %s in a chain, not 501', (_name, first, more) => {
    expect(() => parseRule(first + more.repeat(500))).not.toThrow();
    const error = refusalOf(first + more.repeat(501));
    expect([error.code, error.reason]).toEqual([
      'limit',
      'the rule chains more than 500 operators; shorten it',
    ]);
    expect(refusalOf(first + more.repeat(2400)).code).toBe('limit');
  });

  it('do not apply to flat rules', () => {
    const names = Array.from({ length: 1200 }, (_, i) => `x == ${i}`);
    expect(outcomeOf(names.slice(0, 700).join(' or '), { x: 699 })).toBe(true);
    expect(outcomeOf(`0${' <= x'.repeat(1500)}`, { x: 1 })).toBe(true);
    expect(outcomeOf(`x in [${names.map((_, i) => i).join(', ')}]`, { x: 1199 })).toBe(true);
    expect(outcomeOf(`[1${' for x in [1]'.repeat(700)}] == [1]`)).toBe(true);
  });

  it('allow 10,000 characters, not 10,001', () => {
    expect(outcomeOf('x'.padEnd(10_000), { x: true })).toBe(true);
    const error = refusalOf('x'.padEnd(10_001));
    expect([error.code, error.reason]).toEqual([
      'limit',
      'the rule has 10001 characters, more than the 10000 allowed; shorten it',
    ]);
    expect(refusalOf('\n'.repeat(20_000)).code).toBe('limit');
  });
});
