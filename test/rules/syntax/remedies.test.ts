import { placeOf, refusalOf, outcomeOf } from '../outcome.ts';

const NO_REGEX =
  "rules have no regular expressions; look for a part with in, or compare a slice: name[:2] == 'ab'";
const CONTEXT = 'compute the value in your contextProvider and compare that';
const RIGHT_TYPE =
  'give the value the right type in your contextProvider; nothing is converted in rules';
const ONE = 'write one expression that is True or False';

describe('a rule with a habit of another language', () => {
  it.each([
    ['a AND b', 'AND', 'rules have no "AND"; write "and"'],
    ['a and b Or c', 'Or', 'rules have no "Or"; write "or"'],
    ['NOT a', 'NOT', 'rules have no "NOT"; write "not"'],
    ['a and NOT b', 'NOT', 'rules have no "NOT"; write "not"'],
    ["plan IN ('a')", 'IN', 'rules have no "IN"; write "in"'],
    ["plan NOT IN ('a')", 'NOT', 'rules have no "NOT"; write "not in"'],
    ['x IS NULL', 'IS', 'rules have no "IS"; write is None'],
    ['x IS NOT NULL', 'IS', 'rules have no "IS"; write is not None'],
    ['x is NOT null', 'NOT', 'rules have no "NOT"; write is not None'],
    ['x IS y', 'IS', 'rules have no "IS"; write "is"'],
    ["x is not in ['a']", 'in', 'write "not in"'],
    ['x BETWEEN 1 AND 5', 'BETWEEN', 'rules have no "BETWEEN"; write 1 <= x <= 5'],
    ['a.b between 18 and 65', 'between', 'rules have no "between"; write 18 <= a.b <= 65'],
    ['x NOT BETWEEN 1 AND 5', 'NOT', 'rules have no "NOT"; write not 1 <= x <= 5'],
    ["user.tags contains 'a'", 'contains', `rules have no "contains"; write 'a' in user.tags`],
    ['tags CONTAINS "a"', 'CONTAINS', 'rules have no "CONTAINS"; write "a" in tags'],
    ['user["tags"] includes x', 'includes', 'rules have no "includes"; write x in user["tags"]'],
    ["name like '%@x.com'", 'like', `rules have no "like"; write name[-6:] == '@x.com'`],
    ["name LIKE 'ab%'", 'LIKE', `rules have no "LIKE"; write name[:2] == 'ab'`],
    ["name like '%ab%'", 'like', `rules have no "like"; write 'ab' in name`],
    ["name like 'ab'", 'like', `rules have no "like"; write name == 'ab'`],
    ["name like 'a_b'", 'like', `rules have no "like"; write name[:2] == 'ab'`],
    ["name NOT LIKE '%ab%'", 'NOT', `rules have no "NOT"; write 'ab' not in name`],
    ["name not like 'ab%'", 'like', `rules have no "like"; write name[:2] != 'ab'`],
    ["path starts with '/x'", 'starts', `rules have no "starts"; write path[:2] == '/x'`],
    ["path endswith '/x'", 'endswith', `rules have no "endswith"; write path[-2:] == '/x'`],
    ['a equals b', 'equals', 'rules have no "equals"; write =='],
    ['a is equal to b', 'equal', 'rules have no "equal"; write == instead of the words'],
    ['a gte 5', 'gte', 'rules have no "gte"; write >='],
    ['a xor b', 'xor', 'rules have no "xor"; write !='],
    ['a exists', 'exists', 'rules have no "exists"; write a is not None'],
    [
      "name matches '^x'",
      'matches',
      'rules have no "matches"; match the text in your contextProvider, and compare the result',
    ],
    ['a then b', 'then', 'rules have no "then"; write: a if test else b'],
    ['if a then b', 'if', 'rules have no "if"; write: a if test else b'],
    [
      "typeof x == 'string'",
      'typeof',
      'rules have no "typeof"; compare the value itself; nothing is converted in rules',
    ],
    [
      'x instanceof y',
      'instanceof',
      'rules have no "instanceof"; values have no classes in rules; compare an attribute',
    ],
    [
      'new Date() > x',
      'new',
      'rules have no "new"; let your contextProvider add the value; rules create only numbers, texts and lists',
    ],
    ['select x', 'select', `rules have no "select"; ${ONE}`],
    ['x == 1 WHERE y', 'WHERE', `rules have no "WHERE"; ${ONE}`],
    ['return a', 'return', 'expected a value, not "return"'],
  ])('in %s points at %s: %s', (rule, place, reason) => {
    const error = refusalOf(rule);
    expect([error.code, placeOf(error), error.reason]).toEqual(['syntax', place, reason]);
  });

  it.each([
    ['a <> 5', '<>', 'rules have no "<>"; write !='],
    ['a => 5', '=>', 'rules have no "=>"; write >='],
    ['a =< 5', '=<', 'rules have no "=<"; write <='],
    ['a >== 5', '>==', 'rules have no ">=="; write >='],
    ['a =! 5', '=!', 'rules have no "=!"; write !='],
    ['a ! b', '!', 'rules have no "!"; write != or not'],
    ['a = 5', '=', 'rules have no "="; to compare, write =='],
    ['a =-5', '=', 'rules have no "="; to compare, write =='],
    ['a := 5', ':=', 'rules have no ":="; to compare, write =='],
    ['a += 1', '+=', 'rules have no "+="; a rule changes nothing'],
    ["a =~ '^x'", '=~', NO_REGEX],
    ["a ~= 'x'", '~=', NO_REGEX],
    ['a == /x/', '/', NO_REGEX],
    ['/^a/.test(x)', '/^', NO_REGEX],
    ['a ? 1 : 2', '?', 'rules have no "?"; write: a if condition else b'],
    [
      'a?.b == 1',
      '?.',
      `rules have no "?."; check first: user.is_authenticated and user.plan == 'pro'`,
    ],
    ['a ?? b', '??', 'rules have no "??"; write or'],
    ['a->b', '->', 'rules have no "->"; write a dot'],
    ['a::b', '::', 'rules have no "::"; write a dot'],
    ['`a` == b', '`', 'rules have no "`"; write \'single quotes\''],
    ['a == `a${b}`', '`', 'rules have no "`"; write \'single quotes\''],
    ['$a == 1', '$', 'rules have no "$"; write the name without it'],
    ['@a == 1', '@', 'rules have no "@"; write the name without it'],
    ['a; b', ';', 'rules have no ";"; a rule is one expression'],
    ['a < 10%', '%', 'rules have no percent sign; write 10'],
    [
      'a >= 1.10.0',
      '1.10.0',
      'put versions into the context as lists of numbers, and write [1, 10, 0]',
    ],
    ['a in 1..5', '1..5', 'rules have no ranges; write 1 <= value <= 5'],
    [
      'a > 2024-01-05',
      '01',
      "a whole number can't have leading zeros; write dates in quotes: '2024-01-05'",
    ],
    ['a == 007', '007', "a whole number can't have leading zeros; write 7"],
    [
      "a == 'it's'",
      "'",
      'the text ends before "s"; write an apostrophe inside single quotes as \\u2019, or put the text in double quotes',
    ],
    [
      '[t for t in x].some(t => t == 1)',
      '=>',
      'rules have no functions; write [item for item in list if …] != []',
    ],
  ])('in %s points at %s: %s', (rule, place, reason) => {
    const error = refusalOf(rule);
    expect([error.code, placeOf(error), error.reason]).toEqual(['syntax', place, reason]);
  });

  it.each([
    ['undefined', 'write None'],
    ['NULL', 'write None'],
    ['nil', 'write None'],
    ['TRUE', 'write True'],
    ['FALSE', 'write False'],
    ['NaN', 'a number that is not NaN equals itself: write x == x'],
  ])('has no value %s: %s', (value, remedy) => {
    const error = refusalOf(`a and b == ${value}`);
    expect([error.code, placeOf(error)]).toEqual(['syntax', value]);
    expect(error.reason).toBe(`rules have no "${value}"; ${remedy}`);
    expect(outcomeOf(`a.${value}`, { a: { [value]: true } })).toBe(true);
  });

  it.each([
    ["user.email.endswith('@x.com')", "write user.email[-6:] == '@x.com'"],
    ["not user.email.endsWith('@x.com')", "write user.email[-6:] == '@x.com'"],
    ['user.email.ends_with(domain)', 'write user.email[-n:] == domain'],
    ['user.email.startswith("ab")', 'write user.email[:2] == "ab"'],
    ["user.name.startsWith('Zoë')", "write user.name[:3] == 'Zoë'"],
    ["user.tags.includes('x')", "write 'x' in user.tags"],
    ["user.name.contains('x')", "write 'x' in user.name"],
    ["user.tags.indexOf('x') > -1", "write 'x' in user.tags"],
    ["user.hasOwnProperty('plan')", "write 'plan' in user"],
    ['len(user.tags) > 1', 'write user.tags.length'],
    ['user.tags.length() > 1', 'write user.tags.length'],
    ['user.tags.size() > 1', 'write user.tags.length'],
    ["user.get('plan') == 'pro'", "write user['plan']"],
    ['user.is_authenticated()', 'write user.is_authenticated'],
    ['isAuthenticated()', 'write user.is_authenticated'],
    ['user.name.lower() == "a"', 'write user.name.lower'],
    ['user.name.toLowerCase() == "a"', 'write user.name.lower'],
    ['user.name.casefold() == "a"', 'write user.name.lower'],
    ['LOWER(user.name) == "a"', 'write user.name.lower'],
    ['user.name.upper() == "A"', 'write user.name.upper'],
    ['user.name.toUpperCase() == "A"', 'write user.name.upper'],
    ['upper(user.name) == "A"', 'write user.name.upper'],
    ['lower() == "a"', CONTEXT],
    ['user.name.strip() == "A"', CONTEXT],
    ['round(x) == 1', CONTEXT],
    ['user.email.endswith()', CONTEXT],
    ['any(x for x in y)', 'write [item for item in list if …] != []'],
    ['all(x for x in y)', 'write [item for item in list if not …] == []'],
    ['str(x) == "a"', RIGHT_TYPE],
    ['Number(x) > 1', RIGHT_TYPE],
    ['parseInt(x) > 1', RIGHT_TYPE],
    [
      'Math.random() < 0.5',
      'split the audience with the percents of its allocations, which choose at random',
    ],
    ['Date.now() > x', 'let your contextProvider add the time, and compare that'],
    ["re.match('a', b)", 'match the text in your contextProvider, and compare the result'],
    ['exists(user.plan)', 'write user.plan is not None'],
  ])("can't call a function in %s: %s", (rule, remedy) => {
    const error = refusalOf(rule);
    expect(error.code).toBe('call');
    expect(error.reason).toMatch(/^rules can't call \S+\(…\); /);
    expect(error.reason.endsWith(`; ${remedy}`)).toBe(true);
  });

  it('is explained at once, however long the rule is', () => {
    const [spaces, digits, commas] = [' '.repeat(9000), '1'.repeat(800), ', '.repeat(4000)];
    for (const rule of [
      `f(${commas}! => 1)`,
      `f(x${spaces}! => 1)`,
      `${'1 + '.repeat(400)}${digits}.1.1`,
      `a == ${digits}%`,
      `a is${spaces}not in b`,
      `a${spaces}.b${spaces}(1)`,
      `a${spaces}like '${'%'.repeat(500)}'`,
    ]) {
      expect(['syntax', 'call', 'limit']).toContain(refusalOf(rule).code);
    }
  });

  it('escapes control characters that it repeats', () => {
    for (const rule of [
      "a.endswith('\u001b[2J')",
      "a['\u001b'].lower()",
      "a contains '\u001b'",
      "a like '%\u202e'",
      '\u001b a b',
    ]) {
      const { message } = refusalOf(rule);
      expect(message.includes('\u001b') || message.includes('\u202e')).toBe(false);
    }
  });

  it('keeps messages short, whatever the rule repeats', () => {
    const long = 'x'.repeat(3000);
    for (const rule of [
      `a.endswith('${long}')`,
      `${long}.startswith(b)`,
      `${long} like '${long}'`,
      `${long} contains ${long}`,
      `${'a.'.repeat(400)}b BETWEEN ${long} AND ${long}`,
    ]) {
      expect(refusalOf(rule).reason.length).toBeLessThan(250);
    }
  });
});
