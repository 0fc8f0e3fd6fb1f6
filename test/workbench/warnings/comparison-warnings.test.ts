import { warned } from './warned.ts';

const declare = (what: string) => `. If your application provides ${what} in "context"`;
const ONE = declare('a value with this name, declare it');

describe('comparisonWarnings', () => {
  it.each([
    [
      'plan == pro',
      `"pro" is a name of the context here, not a text; put quotes around it: 'pro'${ONE}`,
    ],
    [
      'country != CA',
      `"CA" is a name of the context here, not a text; put quotes around it: 'CA'${ONE}`,
    ],
    [
      'pro == tenant.plan',
      `"pro" is a name of the context here, not a text; put quotes around it: 'pro'${ONE}`,
    ],
    [
      'tenant["plan"] == pro',
      `"pro" is a name of the context here, not a text; put quotes around it: 'pro'${ONE}`,
    ],
    [
      'tags[0] == beta',
      `"beta" is a name of the context here, not a text; put quotes around it: 'beta'${ONE}`,
    ],
    [
      'True if plan == pro else False',
      `"pro" is a name of the context here, not a text; put quotes around it: 'pro'${ONE}`,
    ],
    [
      'country in [CA, US]',
      `"CA", "US" are names of the context here, not texts; put quotes around them: 'CA', 'US'${declare('values with this name, declare them')}`,
    ],
    [
      'country not in ("CA", US)',
      `"US" is a name of the context here, not a text; put quotes around it: 'US'${ONE}`,
    ],
  ])('asks for quotes in %s', (rule, message) => {
    expect(warned({ rules: [rule] })).toEqual([`unquoted-word: ${message}`]);
  });

  it.each([
    ['a text', 'plan == "pro"'],
    ['a number', 'visits == 5'],
    ['None', 'referrer == None'],
    ['a value that another rule compares', 'home == country', 'country == "CA"'],
    ['a value that another rule tests', 'first == second', 'second or third'],
    ['a value with attributes', 'a == b', 'b.c == 1'],
    ['values that resemble each other', 'tenant.country == country'],
    ['values that resemble each other, the other way', 'country == order.billing_country'],
    ['an order, which words do not have', 'visits > limit'],
    ['a list of the application', 'tenant.id in beta_tenants'],
    ['a variable', '[x for x in tags if x == y for y in "ab"] != []'],
    ['a text in a list', '"beta" in tags'],
  ])('accepts a comparison with %s', (_what, ...rules) => {
    expect(warned({ rules })).toEqual([]);
  });

  it.each([
    ['country.lower == "CA"', 'lower', 'CA', 'ca'],
    ['"ca" != country.upper', 'upper', 'ca', 'CA'],
    ['tenant.mail.lower[-4:] == ".Com"', 'lower', '.Com', '.com'],
    ['country.upper not in ["CA", "us"]', 'upper', 'us', 'US'],
    ['[t for t in tags if t.lower == "Beta"] != []', 'lower', 'Beta', 'beta'],
  ])('notices the letters of %s', (rule, to, written, meant) => {
    expect(warned({ rules: [rule] })).toEqual([
      `rule-doubtful: a text in ${to} case never equals "${written}"; write "${meant}". If the value is an object with its own "${to}", declare it in "context"`,
    ]);
  });

  it.each([
    'country.lower == "ca" and country.upper in ("CA", "ß".upper)',
    'country.lower.length == 2 and country.lower == language.upper',
    'country.lower < "CA" and "A" in country.lower',
    'user.is_authenticated and user["lower"] == "CA"',
  ])('accepts the letters of %s', (rule) => {
    expect(warned({ rules: [rule] })).toEqual([]);
  });

  it('leaves the letters of declared values to the types', () => {
    const context = { properties: { bounds: true }, required: ['bounds'] };
    expect(warned({ rules: ['bounds.lower == "A"'], context })).toEqual([]);
  });

  it('accepts a name that the context declares', () => {
    const text = { type: 'string' };
    const context = { properties: { plan: text, pro: text }, required: ['plan', 'pro'] };
    expect(warned({ rules: ['plan == pro'], context })).toEqual([]);
  });

  it.each([
    [
      'country in ("CA")',
      '"C" and "" count as well as "CA"; to look for a whole value, write in ["CA"]',
    ],
    [
      "country not in 'CA'",
      `"C" and "" count as well as "CA"; to look for a whole value, write not in ['CA']`,
    ],
    ["country in 'CA,US'", `write in ['CA', 'US']`],
    ['country in "CA | US"', 'write in ["CA", "US"]'],
    [`country in ('CA' "US")`, `write in ['CA', "US"]`],
    ['tenant.plan in ("pro")', 'write in ["pro"]'],
    ['True or tenant["plan"] in ("pro")', 'write in ["pro"]'],
  ])('says that a text is searched in %s', (rule, message) => {
    const found = warned({ rules: [rule] }).filter((text) => text.startsWith('in-text'));
    expect(found).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    'country in ("CA",)',
    'country in ["CA"]',
    'tags[0][0] in "abc"',
    '[c for c in path if c in "abc"] != []',
    '"/shop/" in path',
  ])('accepts the search of %s', (rule) => {
    expect(warned({ rules: [rule] })).toEqual([]);
  });

  it.each([
    [
      'version >= "1.10.0"',
      'to compare versions, put version(…) from "evenhand" into the context, and declare it with "format": "version"',
    ],
    ['"1.10.0" <= version', 'put version(…)'],
    ['app.version < "v2.1"', 'put version(…)'],
    ['app.version < "2.10-beta"', 'put version(…)'],
    ['release > "5.10"', 'put version(…)'],
    ['client > "5.1.10"', 'put version(…)'],
    ['client > "5.1.10.2"', 'put such numbers into the context as lists, and write [5, 1, 10, 2]'],
    [
      'date < "2024-1-5"',
      "to compare dates, put a Date into the context, and write two digits for month and day: '2024-01-05'",
    ],
    ['date >= "2024/01/05"', "for month and day: '2024-01-05'"],
    ['date >= "2024-1-05T10:00:00Z"', "for month and day: '2024-01-05'"],
    [
      'date >= "31.1.2024"',
      "to compare dates, put a Date into the context, and write the year first: '2024-01-31'",
    ],
    ['date >= "1/31/24"', 'write the year first'],
    ['date >= "Jan 31, 2024"', 'write the year first'],
    ['date >= "31 January 2024"', 'write the year first'],
    ['age > "18"', 'to compare numbers, write 18 without quotes'],
    ['price < "9.50"', 'to compare numbers, write 9.50 without quotes'],
    ['"3" < visits < 9', 'to compare numbers, write 3 without quotes'],
  ])('says that texts have another order in %s', (rule, message) => {
    expect(warned({ rules: [rule] })).toEqual([
      expect.stringMatching(
        /^text-order: "[<>]=?" compares texts character by character, so "9" is greater than "10"; /,
      ),
    ]);
    expect(warned({ rules: [rule] })[0]).toContain(message);
  });

  it.each([
    'date < "2024-01-05"',
    'time >= "2024-01-05T10:00:00Z"',
    'version == "1.10.0"',
    'version >= [1, 10, 0]',
    'name < "n"',
    'path > "may be"',
    'visits > 5',
    'now >= "2024-01-05"',
  ])('accepts the order of %s', (rule) => {
    expect(warned({ rules: [rule] })).toEqual([]);
  });

  const declared = (property: object) => ({ properties: { it: property }, required: ['it'] });

  it.each([
    ['it >= "1.10.0"', { type: 'string', format: 'version' }],
    ['it is not None and it >= "2"', { type: ['string', 'null'], format: 'version' }],
    ['it < "2024-01-05"', { type: 'string', format: 'date' }],
    ['it < "2024-01-05T10:00:00Z"', { type: 'string', format: 'date-time' }],
  ])('accepts the order of %s, declared as %j', (rule, property) => {
    expect(warned({ rules: [rule], context: declared(property) })).toEqual([]);
  });

  it.each([
    ['it >= "1.10.0"', 'put version(…)'],
    ['it < "2024-01-05"', 'put a Date into the context, and declare it with "format": "date-time"'],
    ['it < "2024-01-05T10:00:00Z"', 'put a Date into the context'],
  ])('says that a declared text has another order in %s', (rule, message) => {
    expect(warned({ rules: [rule], context: declared({ type: 'string' }) })).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it.each([
    [
      'plan == "pro" or "team"',
      'the text "team" alone is not a comparison and is always true; write plan in ["pro", "team"]',
    ],
    ["plan != 'pro' and 'team'", `write plan not in ['pro', 'team']`],
    ["visits > 5 or 'x'", 'compare it with a value'],
    [
      'country in ["CA" "US"]',
      'texts directly after each other are joined to one text; put a comma between them: "CA", "US"',
    ],
    [
      'user.is_authenticated == "true"',
      '"==" is never true here: the left side is a boolean, the right side is "true"',
    ],
    ['!plan == "pro"', '"==" is never true here'],
    ['anonymous > 5', `">" can't compare a string with a number`],
  ])('doubts %s', (rule, message) => {
    const found = warned({ rules: [rule] }).filter((text) => text.startsWith('rule-doubtful'));
    expect(found).toEqual([expect.stringContaining(message)]);
  });

  it('keeps messages short and printable, whatever the rule holds', () => {
    const many = Array.from({ length: 500 }, (_value, i) => `w${i}`);
    for (const rule of [
      `country in '${'x'.repeat(5000)}'`,
      `country in '${many.join(',')}'`,
      `country in [${many.join(', ')}]`,
      `country in [${many.map((word) => `'${word}'`).join(' ')}]`,
      "country in '\u001b[2J'",
    ]) {
      const [first = ''] = warned({ rules: [rule] });
      expect(first).not.toBe('');
      expect(first.length).toBeLessThan(400);
      expect(first.includes('\u001b')).toBe(false);
    }
  });
});
