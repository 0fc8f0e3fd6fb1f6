import { inferFindings } from '../../../src/rules/types/infer.ts';
import { readContext } from '../../../src/specification/context/context-schema.ts';
import { didYouMean } from '../../../src/errors/did-you-mean.ts';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { SharedParts } from '../../../src/rules/compile/compilation.ts';
import { CompiledRule } from '../../../src/rules/compile/compile.ts';
import { optionalReadsIn } from '../../../src/rules/types/optional-reads.ts';
import { version } from '../../../src/rules/typed-text/version.ts';

const { type: context, findings } = readContext(
  {
    properties: {
      country: { type: 'string' },
      age: { type: 'integer' },
      score: { type: 'number' },
      email: { type: ['string', 'null'] },
      level: { type: ['integer', 'string'] },
      plan: { enum: ['free', 'pro', 'team'] },
      admin: { type: 'boolean' },
      tags: { type: 'array', items: { type: 'string' } },
      cart: {
        type: 'array',
        items: {
          properties: { sku: { type: 'string' }, count: { type: 'integer' } },
          required: ['sku'],
        },
      },
      flags: { type: 'object', additionalProperties: { type: 'boolean' } },
      extra: true,
      device: {
        properties: {
          os: { enum: ['ios', 'android'] },
          screen: { type: 'number' },
          beta: { type: 'boolean' },
        },
        required: ['os'],
      },
      trip: {
        properties: {
          city: { type: 'string' },
          hotel: { properties: { stars: { type: 'integer' } }, required: ['stars'] },
        },
        required: ['city'],
      },
      site: { type: ['object', 'null'], properties: { owner: { type: 'string' } } },
      locale: { type: 'string' },
      app: { type: 'string', format: 'version' },
      client: { type: ['string', 'null'], format: 'version' },
      birth: { type: 'string', format: 'date' },
      signup: { type: 'string', format: 'date-time' },
      user: {
        properties: {
          plan: { type: 'string' },
          roles: { type: 'array', items: { type: 'string' } },
        },
        required: ['plan', 'roles'],
      },
    },
    required:
      'country age score email level plan admin tags cart flags extra device app client birth signup'.split(
        ' ',
      ),
  },
  '/context',
);

/** Returns the findings in a rule: `!` if certain, the code, the place and the reason. */
function found(rule: string, declared = context): string[] {
  return inferFindings(rule, declared, didYouMean).map(({ certain, error }) => {
    const place = rule.slice(error.range.start, error.range.end);
    return `${certain ? '!' : '?'}${error.code} [${place}] ${error.reason}`;
  });
}

/** Returns the outcome in {@link sample}, where absent optional values read as None. */
function outcomeInContext(rule: string): boolean | string {
  const declarations = { findOptional: optionalReadsIn(context) };
  try {
    return new CompiledRule(rule, new SharedParts(), declarations).holds(sample);
  } catch (error) {
    return error instanceof RuleError ? error.code : String(error);
  }
}

/** A context of the declared form, for evaluating rules. */
const sample = {
  country: 'CA',
  age: 34,
  score: 0.5,
  email: null,
  level: 1,
  plan: 'pro',
  admin: false,
  tags: [],
  cart: [],
  flags: {},
  extra: 1,
  device: { os: 'ios' },
  app: version('1.10'),
  client: version('2.0'),
  birth: new Date('2000-01-01'),
  signup: new Date('2024-01-31T10:00:00Z'),
  now: new Date('2026-12-01T09:00:00Z'),
  user: { id: null, is_authenticated: false, is_anonymous: true },
  anonymous: 'a1',
};

it('reads the schema of these tests', () => {
  expect(findings).toEqual([]);
});

describe('inferFindings', () => {
  it.each([
    [
      'names',
      'contry == "CA"',
      '!name [contry] the context has no "contry"; did you mean "country"?',
    ],
    [
      'attributes',
      'device.oss == "ios"',
      '!attribute [device.oss] device has no attribute "oss"; did you mean "os"?',
    ],
    [
      'keys',
      'device["oss"] == "ios"',
      '!key [device["oss"]] device has no attribute "oss"; did you mean "os"?',
    ],
    [
      'keys that are checked',
      '"scren" in device',
      '![type ["scren" in device] "in" is never true here: the left side is "scren", the right side contains "os", "screen", "beta"; did you mean "screen"?',
    ],
    [
      'attributes of numbers',
      'age.length > 1',
      '!attribute [age.length] a number has no attribute "length"',
    ],
    ['items of numbers', 'age[0] == 1', '!type [age[0]] a number has no items'],
    [
      'text indexes',
      'tags["a"] == "x"',
      '!type [tags["a"]] an index must be a whole number, not a string',
    ],
    ['slices of numbers', 'age[1:] == 1', "!type [age[1:]] a number can't be sliced"],
    [
      'bounds of slices',
      'tags["a":] == []',
      '!type ["a"] an index must be a whole number, not a string',
    ],
    [
      'other types',
      'country == 5',
      '!type [country == 5] "==" is never true here: the left side is a string, the right side is 5',
    ],
    [
      'other values',
      'plan == "prp"',
      '!type [plan == "prp"] "==" is never true here: the left side is "free", "pro", "team", the right side is "prp"; did you mean "pro"?',
    ],
    [
      'values that are never equal',
      'plan != "prp"',
      '!type [plan != "prp"] "!=" is always true here: the left side is "free", "pro", "team", the right side is "prp"; did you mean "pro"?',
    ],
    [
      'values that are never identical',
      'age is True',
      '!type [age is True] "is" is never true here: the left side is a number, the right side is True',
    ],
    [
      'items that are never found',
      'age in tags',
      '!type [age in tags] "in" is never true here: the left side is a number, the right side contains a string',
    ],
    [
      'values that are never found',
      'plan in ["a", "b"]',
      '!type [plan in ["a", "b"]] "in" is never true here: the left side is "free", "pro", "team", the right side contains "a", "b"',
    ],
    [
      'values that are not containers',
      '"x" in age',
      '!type ["x" in age] "in" needs a list, string, set or plain object on its right, not a number',
    ],
    [
      'parts of strings',
      'age in country',
      '!type [age in country] "in" can only find a string in a string, not a number',
    ],
    ['sums', 'age + "x" == 5', '!type [age + "x"] "+" can\'t combine a number and a string'],
    ['orders', 'age < "x"', '!type [age < "x"] "<" can\'t compare a number with a string'],
    ['signs', '-country == 5', '!type [-country] "-" needs a number, not a string'],
    [
      'formatting',
      '"%s" % country == "x"',
      '!type ["%s" % country] "%" can\'t format strings in a rule',
    ],
    ['elements', '{tags} == {1}', "!type [tags] a list can't be a set element or a key"],
    [
      'the iterable of a for',
      '[x for x in age] == []',
      '!type [age] "for … in" needs a list, string, set or plain object, not a number',
    ],
    [
      'unpacking in a for',
      '[a for a, b in [(1, 2, 3)]] == []',
      '!type [a, b] "for" assigns 2 names here, but a tuple has 3 items',
    ],
    [
      'variables',
      '[x for x in tags if x == 5] == []',
      '!type [x == 5] "==" is never true here: the left side is a string, the right side is 5',
    ],
    [
      'results',
      'age',
      '!not-boolean [age] the rule evaluates to a number, not to True or False; add a comparison',
    ],
    [
      'the standard values',
      'anonymous == 5',
      '!type [anonymous == 5] "==" is never true here: the left side is a string, the right side is 5',
    ],
    [
      'users',
      'user.plann == "x"',
      '!attribute [user.plann] user has no attribute "plann"; did you mean "plan"?',
    ],
    [
      'texts that are not versions',
      'app >= "1.10.O"',
      '!type [app >= "1.10.O"] ">=" can\'t compare a version with "1.10.O", which is not a version; did you mean "1.10"?',
    ],
    [
      'texts that are not versions, on the left',
      '"latest" < app',
      '!type ["latest" < app] "<" can\'t compare a version with "latest", which is not a version; write up to three numbers, such as "1.10.0"',
    ],
    [
      'texts that no version equals',
      'app == "1.10.0.4"',
      '!type [app == "1.10.0.4"] "==" is never true here: the left side is a version, the right side is "1.10.0.4"; did you mean "1.10.0"?',
    ],
    [
      'texts that no version in a list equals',
      'app in ["latest", "x"]',
      '!type [app in ["latest", "x"]] "in" is never true here: the left side is a version, the right side contains "latest", "x"',
    ],
    [
      'versions and numbers',
      'app >= 1.1',
      '!type [app >= 1.1] ">=" can\'t compare a version with a number',
    ],
    [
      'versions and dates',
      'app == now',
      '!type [app == now] "==" is never true here: the left side is a version, the right side is a date',
    ],
    [
      'texts that are not dates',
      'signup < "2024-1-31"',
      '!type [signup < "2024-1-31"] "<" can\'t compare a date with "2024-1-31", which is not a date; did you mean "2024-01-31"?',
    ],
    [
      'times without a time zone',
      'now >= "2026-12-01T09:00:00"',
      '!type [now >= "2026-12-01T09:00:00"] ">=" can\'t compare a date with "2026-12-01T09:00:00", which is not a date; did you mean "2026-12-01T09:00:00Z"?',
    ],
    [
      'parts of versions',
      'app.major == 1',
      '!attribute [app.major] a version has no attribute "major"',
    ],
    [
      'differences of dates',
      'now - signup > 5',
      '!type [now - signup] "-" can\'t combine a date and a date',
    ],
    [
      'the identity of a version',
      'app is "1.10"',
      '!type [app is "1.10"] "is" is never true here: the left side is a version, the right side is "1.10"',
    ],
  ])('is certain about %s', (_what, rule, finding) => {
    expect(found(rule)).toEqual([finding.replace('![type', '!type')]);
  });

  it.each([
    [
      'None',
      'email < "x"',
      '?type [email < "x"] this may fail: "<" can\'t compare None with a string; write email is not None and …',
    ],
    [
      'one of several types',
      'level > 5',
      '?type [level > 5] this may fail: ">" can\'t compare a string with a number',
    ],
    ['fractions', 'score & 1 == 1', '?type [score & 1] this may fail: "&" needs whole numbers'],
    [
      'broken indexes',
      'tags[score] == "x"',
      '?type [tags[score]] this may fail: an index must be a whole number',
    ],
    [
      'attributes that may be absent',
      'device.screen > 5',
      '?type [device.screen > 5] this may fail: ">" can\'t compare None with a number; write device.screen is not None and …',
    ],
    [
      'names that may be absent',
      'locale > "x"',
      '?type [locale > "x"] this may fail: ">" can\'t compare None with a string; write locale is not None and …',
    ],
    [
      'attributes of values that may be absent',
      'locale.lower == "x"',
      '?attribute [locale.lower] this may fail: None has no attribute "lower"; write locale is not None and …',
    ],
    [
      'two operands that may be absent',
      'locale < email',
      '?type [locale < email] this may fail: "<" can\'t compare a string with None; write locale is not None and email is not None and …',
    ],
    [
      'a container that may be absent',
      '"x" in locale',
      '?type ["x" in locale] this may fail: "in" needs a list, string, set or plain object on its right, not None; write locale is not None and …',
    ],
    [
      'an item that may be absent',
      'locale in country',
      '?type [locale in country] this may fail: "in" can only find a string in a string, not None; write locale is not None and …',
    ],
    [
      'a list that may be absent',
      '[x for x in user.roles] == []',
      '?attribute [user.roles] this may fail: a user who is not logged in may have no "roles"; check user.is_authenticated first',
    ],
    [
      'items of lists that may have none',
      '[x.sku for x in cart if x.count > 1] == []',
      '?type [x.count > 1] this may fail: ">" can\'t compare None with a number; write x.count is not None and …',
    ],
    [
      'a result that may be absent',
      'device.beta',
      '?not-boolean [device.beta] the rule may evaluate to None, not to True or False; add a comparison',
    ],
    [
      'an object that may be None',
      'site.owner == "x"',
      '?attribute [site.owner] this may fail: None has no attribute "owner"; write site is not None and …',
    ],
    [
      'attributes of a value that may be absent and is passed on',
      '(trip if admin else trip).city == "x"',
      '?attribute [(trip if admin else trip).city] this may fail: None has no attribute "city"',
    ],
    [
      'other keys',
      'flags["beta"] == True',
      '?key [flags["beta"]] this may fail: flags may have no "beta"; check "beta" in flags first',
    ],
    [
      'users who are not logged in',
      'user.plan == "pro"',
      '?attribute [user.plan] this may fail: a user who is not logged in may have no "plan"; check user.is_authenticated first',
    ],
    [
      'one item of a list',
      'plan in ["pro", "tem"]',
      '?type ["tem"] the left side never has this value: it is "free", "pro", "team"; did you mean "team"?',
    ],
    [
      'a check for None that is never needed',
      'age is None',
      '?type [age is None] "is" is never true here: the left side is a number, the right side is None',
    ],
    [
      'values that are ruled out',
      'plan == "pro" and plan == "team"',
      '?type [plan == "team"] "==" is never true here: the left side is "pro", the right side is "team"',
    ],
    [
      'results that are no booleans at times',
      'tags and "beta" in tags',
      '?not-boolean [tags and "beta" in tags] the rule may evaluate to a list, not to True or False; add a comparison',
    ],
    [
      'the operand of or',
      '(email or age) == 5 and (email or age) + 1 > 5',
      '?type [(email or age) + 1] this may fail: "+" can\'t combine a string and a number',
    ],
    [
      'versions that may be None',
      'client >= "1.10"',
      '?type [client >= "1.10"] this may fail: ">=" can\'t compare None with a string; write client is not None and …',
    ],
    [
      'one text of a list that is not a version',
      'app in ["1.9", "1.1O"]',
      '?type ["1.1O"] the left side never has this value: it is a version; did you mean "1.1"?',
    ],
    [
      'a version and any text',
      'app > country',
      '?type [app > country] this may fail: ">" can\'t compare a version with a string that is not a version; declare the string with "format" if it is a version too',
    ],
    [
      'a version and one of several texts',
      'app > ("1.9" if admin else "x")',
      '?type [app > ("1.9" if admin else "x")] this may fail: ">" can\'t compare a version with "x", which is not a version; write up to three numbers, such as "1.10.0"',
    ],
  ])('reports possible failures of %s', (_what, rule, finding) => {
    expect(found(rule)).toEqual([finding]);
  });

  it.each([
    'country == "CA" and 18 <= age < 65 and plan in ("pro", "team")',
    'email is None or email < "x"',
    'email is not None and email.length > 5',
    'email != None and "@" in email',
    'not email or email == "x"',
    '(email or "none") < "x"',
    '(email if email else country) < "x"',
    '(country if email is None else email) < "x"',
    '"screen" in device and device.screen > 5',
    'device.screen == 5 and locale != "x"',
    'device.screen is not None and device.screen > 5',
    'device.screen is None or device.screen > 5',
    'not device.screen or device["screen"] > 5',
    'locale != None and locale.lower == "x"',
    'locale in ["x", None] and trip is None',
    'trip.city == "x" and trip.city.lower == "x"',
    'trip.hotel.stars == 4 and trip.city < "x"',
    'trip.hotel.stars is None or trip.hotel.stars > 3',
    'trip is not None and trip.city > "x"',
    'trip is None and trip.city is None',
    'trip["hotel"]["stars"] == 3',
    '[x.count for x in cart] == [1] and [x for x in cart if x.count == 1] == []',
    '(locale or "none") < "x"',
    '"screen" not in device or device["screen"] > 5',
    '"beta" in flags and flags.beta',
    'user.is_authenticated and user.plan == "pro" and "admin" in user.roles',
    'not user.is_anonymous and user.plan == "pro"',
    'user.is_anonymous or user.plan == "pro"',
    'user.is_authenticated == True and user.plan == "pro"',
    'user.id == 5 or user.id == "u5"',
    'user.id is not None and user.id > 5',
    'anonymous != "a1"',
    'admin',
    'not plan',
    'admin == 1 and (age == True or age == 5.0)',
    'extra != 1 and extra.what["ever"] > 5',
    '1 == 0 or "a" == "b"',
    '[x.sku for x in cart if "count" in x and x.count > 1] != []',
    '{x.sku for x in cart} & {"B7"} == {"B7"}',
    '[a + b for a, b in [("x", "y")]] == tags',
    '[country for country in [1, 2] if country > 1] == [2]',
    'tags.length > 0 and tags[0] == "new" and tags[-1:] != ["x"]',
    'country[:2] in ["CA"] and country * 2 != "x" and country + "x" != country',
    'age % 2 == 0 and age // 2 > 3 and (age | 1) > 5 and ~age < 0 and age ** 2 > 5',
    'tags + ["x"] == ["x"] and tags < ["x"] and (1, "a") < (2, "b")',
    '{"a": age}.a > 5 and {"a": age}["a"] > 5',
    'plan != "pro" and plan != "free" and plan == "team"',
    'plan == "pro" if admin else plan == "free"',
    '"1.9" <= app < "2" and app != "2.0.0" and app in ["1.10", "1.11"] and not (app in {"1.2"})',
    'client is not None and client > "1.10" and client <= app',
    'client == "1.10" or client in ["2", "3"]',
    'app == country or app in tags or [app] < ["2"]',
    'birth < "2010-01-01" and birth <= signup < now and signup != "2024-01-31T10:00:00+02:00"',
    'now >= "2026-12-01T09:00:00Z" and now not in ["2026-12-02"]',
  ])('accepts %s', (rule) => {
    expect(found(rule)).toEqual([]);
    expect(['name', 'attribute', 'type', 'not-boolean', 'key']).not.toContain(
      outcomeInContext(rule),
    );
  });

  it('infers the type of two joined dicts', () => {
    expect(found('device | flags')).toEqual([
      '!not-boolean [device | flags] the rule evaluates to an object, not to True or False; add a comparison',
    ]);
    expect(found('"os" in (device | flags) and {"a": 1} | {"b": 2} == {"c": "x"}')).toEqual([]);
  });

  it('reports a path that may be absent once', () => {
    expect(found('device.screen > 5 and device.screen < 9')).toHaveLength(1);
    expect(found('device.screen > 5 or 3 > device.screen')).toHaveLength(1);
  });

  it('suggests no check that would not help', () => {
    const [finding] = found('email + level == "x"');
    expect(finding).toContain('this may fail: "+" can\'t combine');
    expect(finding).not.toContain('write');
  });

  it('finds attributes that an optional object does not declare', () => {
    expect(found('trip.cty == "x"')).toEqual([
      '!attribute [trip.cty] trip has no attribute "cty"; did you mean "city"?',
    ]);
  });

  it.each([
    [
      'letter.lower == "CA"',
      '!type [letter.lower == "CA"] "==" is never true here: the left side is a string in lower case, the right side is "CA"; did you mean "ca"?',
    ],
    [
      'letter.lower[-4:] == ".Com"',
      '!type [letter.lower[-4:] == ".Com"] "==" is never true here: the left side is a string in lower case, the right side is ".Com"; did you mean ".com"?',
    ],
    [
      'letter.upper in ("ca", "US")',
      '?type ["ca"] the left side never has this value: it is a string in upper case; did you mean "CA"?',
    ],
    [
      'size.lower == "Large"',
      '!type [size.lower == "Large"] "==" is never true here: the left side is "large", "small", the right side is "Large"; did you mean "large"?',
    ],
    [
      'letter.lowr == "a"',
      '!attribute [letter.lowr] a string has no attribute "lowr"; did you mean "lower"?',
    ],
    [
      'letter.toUpperCase == "A"',
      '!attribute [letter.toUpperCase] a string has no attribute "toUpperCase"; did you mean "upper"?',
    ],
    ['3 .lower == "a"', '!attribute [3 .lower] a number has no attribute "lower"'],
  ])('knows the letters of %s', (rule, finding) => {
    const schema = {
      properties: { letter: { type: 'string' }, size: { enum: ['Large', 'SMALL'] } },
      required: ['letter', 'size'],
    };
    expect(found(rule, readContext(schema, '').type)).toEqual([finding]);
  });

  it.each([
    'letter.lower == "ca" and letter.upper != "ß".upper',
    'letter.lower[:2] == "ca" and letter.upper[0] == "C"',
    'letter.upper.lower == "ca" and letter.lower == letter.upper',
    'size.lower == "large" or size.upper.length > 3',
    '(letter.lower if letter == "x" else letter) == "CA"',
    'other.lower == "CA"',
  ])('accepts the letters of %s', (rule) => {
    const schema = {
      properties: { letter: { type: 'string' }, size: { enum: ['Large', 'SMALL'] }, other: true },
      required: ['letter', 'size', 'other'],
    };
    expect(found(rule, readContext(schema, '').type)).toEqual([]);
  });

  it('does not report a failed part again', () => {
    expect(found('(contry + 5).x > "a" and contry')).toEqual([
      expect.stringContaining('!name [contry]'),
      expect.stringContaining('!name [contry]'),
    ]);
  });

  it('distinguishes a comprehension variable from the context value of the same name', () => {
    expect(found('[age for age in tags if age + 1 > 2] == []')).toEqual([
      expect.stringContaining('"+" can\'t combine a string and a number'),
    ]);
    expect(
      found('email is not None and [email for email in [None, "x"] if email < "a"] == []'),
    ).toEqual([expect.stringContaining('"<" can\'t compare None with a string')]);
  });

  it('is fast for the largest rules', () => {
    const chain = Array.from({ length: 200 }, (_, i) => `plan == "p${i}" and email is not None`);
    expect(found(chain.join(' or ')).length).toBeGreaterThan(0);
    const nested = `${'(email and '.repeat(90)}email${')'.repeat(90)} == "x"`;
    expect(found(nested)).toEqual([]);
  });
});
