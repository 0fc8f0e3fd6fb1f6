import { failureOf, outcomeOf, placeOf, refusalOf } from '../outcome.ts';

describe('words', () => {
  it.each([
    'inactive',
    'island',
    'android',
    'organic',
    'nothing',
    'iffy',
    'elsewhere',
    'format',
    'isnot',
    'notin',
    'Trueish',
    'none',
    'rate',
    'user_1',
    'fr',
    'rb',
    'u',
    'match',
    'case',
    'type',
    'print',
    'nonlocals',
  ])('end at a word boundary: %s is a name', (name) => {
    expect(outcomeOf(`${name} == 1 and not ${name} in [2]`, { [name]: 1 })).toBe(true);
  });

  it.each([
    'and',
    'as',
    'assert',
    'async',
    'await',
    'break',
    'class',
    'continue',
    'def',
    'del',
    'elif',
    'else',
    'except',
    'finally',
    'for',
    'from',
    'global',
    'if',
    'import',
    'in',
    'is',
    'lambda',
    'nonlocal',
    'not',
    'or',
    'pass',
    'raise',
    'return',
    'try',
    'while',
    'with',
    'yield',
  ])('that are keywords can not be names: %s', (keyword) => {
    expect(outcomeOf(keyword, { [keyword]: true })).toBe('syntax');
    expect(outcomeOf(`x.${keyword}`, { x: { [keyword]: true } })).toBe('syntax');
    expect(outcomeOf(`[1 for ${keyword} in x] == []`, { x: [] })).toBe('syntax');
    expect(outcomeOf(`x["${keyword}"]`, { x: { [keyword]: true } })).toBe(true);
  });

  it('have a hint if an attribute is named like a keyword', () => {
    expect(failureOf('user.class == 1').reason).toBe(
      '"class" is a keyword and can\'t be a name; write ["class"] to read that attribute',
    );
    expect(placeOf(failureOf('user.class == 1'))).toBe('class');
  });

  it.each(['True', 'False', 'None'])('that are values can not be attributes: %s', (word) => {
    expect(outcomeOf(`x.${word}`, { x: { [word]: true } })).toBe('syntax');
  });

  it.each(['true', 'false', 'null'])('of JavaScript can be attributes: %s', (word) => {
    expect(outcomeOf(`x.${word}`, { x: { [word]: true } })).toBe(true);
  });

  it('may be in any script', () => {
    const context = { größe: 1, 名前: 2, été: 3, имя: 4, ß: 5, 'a·b': 6, '℘': 7 };
    for (const [name, value] of Object.entries(context)) {
      expect(outcomeOf(`${name} == ${value}`, context)).toBe(true);
    }
  });

  it('mean the same when they look the same, as in Python', () => {
    expect(outcomeOf('e\u0301te\u0301', { été: true })).toBe(true);
    expect(outcomeOf('ﬁrst', { first: true })).toBe(true);
    expect(outcomeOf('user.ﬁrst', { user: { first: true } })).toBe(true);
    expect(outcomeOf('[ﬁrst for first in [True]] == [True]')).toBe(true);
  });

  it('can not disguise a refused name', () => {
    expect(outcomeOf('user.ｐrototype == 1', { user: {} })).toBe('forbidden');
    expect(outcomeOf('ｃonstructor == 1')).toBe('forbidden');
  });
});

describe('spaces', () => {
  it('are allowed around every token', () => {
    const context = { user: { plan: 'pro', tags: ['a', 'b'] } };
    const rule = '\t user \f . plan\t==  "pro"and(  user [ "tags" ] [ 0 : 1 ] ) not \t in [ [ ] ] ';
    expect(outcomeOf(rule, context)).toBe(true);
  });

  it('are only needed between words', () => {
    expect(outcomeOf('not(x)or[1]==[1]and"a"in"ab"', { x: 1 })).toBe(true);
    expect(outcomeOf('(1)if(x)else(2)==1', { x: 1 })).toBe('not-boolean');
  });

  it.each(['\n', '\r\n', '\r', '\n\n', '\n\t\n '])('may be line breaks in brackets: %j', (br) => {
    expect(outcomeOf(`(${br}1${br}==${br}1${br})`)).toBe(true);
    expect(outcomeOf(`[${br}1${br},${br}2${br}] == [1,2]`)).toBe(true);
    expect(outcomeOf(`x[${br}0${br}] == 1`, { x: [1] })).toBe(true);
    expect(outcomeOf(`{${br}1${br}:${br}2${br}} == {1: 2}`)).toBe(true);
  });

  it.each(['\n', '\r\n', '\r'])('may be line breaks around the whole rule: %j', (br) => {
    expect(outcomeOf(`${br}${br} 1 == 1 ${br} ${br}`)).toBe(true);
  });

  // Python's eval and Cravensworth strip the rule first, as str.strip does.
  it.each(['\u00a0', '\v', '\u001c', '\u0085', '\u2003', '\u2028', '\u3000', ' \u00a0\n\v\t'])(
    'may be any Unicode space around the whole rule: %j',
    (space) => {
      expect(outcomeOf(`${space}1 == 1${space}`)).toBe(true);
      expect(outcomeOf(`${space}1,${space}`)).toBe('not-boolean');
      expect(refusalOf(`${space}1 ==${space}`).reason).toBe(
        'expected a value, but the rule ends here',
      );
      expect(placeOf(refusalOf(`${space}1 = 1${space}`))).toBe('=');
      expect(refusalOf(space).reason).toBe('the rule is empty');
    },
  );

  it.each(['\u200b', '\ufeff'])('do not include characters without width: %j', (character) => {
    expect(refusalOf(`${character}1 == 1`).code).toBe('syntax');
    expect(refusalOf(`1 == 1${character}`).code).toBe('syntax');
  });

  it.each(['1,\n', '1, # one\n', '1,\n# one\n\n'])('may follow a last comma: %j', (rule) => {
    expect(outcomeOf(rule)).toBe('not-boolean');
  });

  it.each(['1 ==\n1', '1\n== 1', '1,\n2', 'x\n.y', '(1) \n == 1', '"a"\n"b" == "ab"'])(
    'must not be line breaks outside brackets: %j',
    (rule) => {
      const error = refusalOf(rule);
      expect(error.code).toBe('syntax');
      expect(error.reason).toBe(
        'a line break must be inside brackets: put the rule in parentheses',
      );
      expect(placeOf(error)).toBe('\n');
    },
  );

  it.each([
    ['\u00a0', 'U+00A0'],
    ['\u200b', 'U+200B'],
    ['\ufeff', 'U+FEFF'],
    ['\u2028', 'U+2028'],
    ['\u0000', 'U+0000'],
    ['\v', 'U+000B'],
    ['\ud800', 'U+D800'],
  ])('are not look-alike characters: %j is reported as %s', (char, shown) => {
    const error = refusalOf(`x ==${char} 1`);
    expect(error.code).toBe('syntax');
    expect(error.reason).toBe(`expected a value, not the character ${shown}`);
  });
});

describe('comments', () => {
  it.each([
    '1 == 1 # and False',
    '(1 == # ) " \'\n1)',
    '# first\n1 == 1',
    '1 == 1 # a\n# b\n',
    '(1 # a\r== 1)',
    '[1, # one\n2, # two\n] == [1, 2]',
  ])('end with their line: %j', (rule) => {
    expect(outcomeOf(rule)).toBe(true);
  });

  it('are text if inside a string', () => {
    expect(outcomeOf('"#" == "\\x23" # "')).toBe(true);
  });

  it('alone are not a rule', () => {
    expect(refusalOf('# True').reason).toBe('the rule is empty');
  });
});

describe('a syntax error', () => {
  it.each([
    ['', 'the rule is empty', ''],
    ['  \n ', 'the rule is empty', ''],
    ['user.plan = 1', 'rules have no "="; to compare, write ==', '='],
    ['a ? b : c', 'rules have no "?"; write: a if condition else b', '?'],
    ['a; b', 'rules have no ";"; a rule is one expression', ';'],
    ['a == “b”', 'expected a value, not "“" (write straight quotes)', '“'],
    ['a b', 'expected an operator or the end of the rule, not "b"', 'b'],
    ['a == == b', 'expected a value, not "=="', '=='],
    ['a and', 'expected a value, but the rule ends here', ''],
    ['(a or ', 'expected a value, but the rule ends here', ''],
    ['a == (b', 'this bracket is never closed: a ")" is missing', '('],
    ['[a, {b: (c]', 'expected ")" or an operator, not "]"', ']'],
    ['a)', 'expected an operator or the end of the rule, not ")"', ')'],
    ['a if b', 'expected "else", but the rule ends here', ''],
    ['a if b or c and d', 'expected "else", but the rule ends here', ''],
    ['a not b', 'write != or "not in"; expected "in" after "not", not "b"', 'b'],
    ['[x for x of y]', 'expected "in", not "of"', 'of'],
    ['[x for 1 in y]', 'expected a name after "for", not "1"', '1'],
    ['[x for None in y]', '"None" is a value and can\'t be a name', 'None'],
    ['[x for null in y]', '"null" is a value and can\'t be a name', 'null'],
    ['x[]', 'expected an index, not "]"', ']'],
    ['{1: 2, 3}', 'expected ":" and a value, not "}"', '}'],
    ['(x, y for x in z)', 'expected ")" or an operator, not "for"', 'for'],
    ['1 $ 2', 'rules have no "$"; write the name without it', '$'],
    ['😀', 'expected a value, not "😀"', '😀'],
    ['x.😀', 'expected an attribute, not "😀"', '😀'],
    ['12abc', '"abc" directly follows a number; put a space or an operator between them', 'abc'],
    ['a.1', 'expected an attribute, not "1"', '1'],
  ])('in %j says: %s', (rule, reason, place) => {
    const error = refusalOf(rule);
    expect([error.code, error.reason]).toEqual(['syntax', reason]);
    expect(placeOf(error)).toBe(place);
  });
});
