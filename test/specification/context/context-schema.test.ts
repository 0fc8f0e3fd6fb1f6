import { readContext } from '../../../src/specification/context/context-schema.ts';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { SpecError } from '../../../src/errors/spec-error.ts';

/** Returns the problems of a schema as path and message. */
const wrong = (schema: unknown) =>
  readContext(schema, '/context').findings.map(({ path, say }) => `${path} ${say()}`);

const withCountry = (country: unknown) => ({ properties: { country } });

describe('readContext', () => {
  it('accepts keywords for types and annotations', () => {
    expect(
      wrong({
        type: 'object',
        title: 'Context',
        $comment: 'ours',
        properties: {
          country: { type: 'string', description: 'ISO 3166', examples: ['CA'], default: 'CA' },
          plan: { enum: ['free', 'pro', null] },
          one: { const: 1 },
          age: { type: ['integer', 'null'] },
          tags: { type: 'array', items: { type: 'string' } },
          list: { items: true },
          flags: { additionalProperties: { type: 'boolean' } },
          anything: {},
          app: { type: 'string', format: 'version' },
          client: { type: ['string', 'null'], format: 'version' },
          birth: { type: 'string', format: 'date' },
          signup: { format: 'date-time' },
        },
        required: ['country', 'plan'],
        additionalProperties: false,
      }),
    ).toEqual([]);
  });

  it.each([
    [[], '/context a schema must be an object or true, not an empty list'],
    [true, '/context context must declare an object: { "properties": { … } }'],
    [{ type: 'string' }, '/context context must declare an object: { "properties": { … } }'],
    [
      withCountry({ type: 'text' }),
      '/context/properties/country/type unknown type "text"; known: null, boolean, number, integer, string, array, object',
    ],
    [
      withCountry({ type: 'sting' }),
      '/context/properties/country/type unknown type "sting"; did you mean "string"?',
    ],
    [
      withCountry({ type: ['string', 'nul'] }),
      '/context/properties/country/type/1 unknown type "nul"; did you mean "null"?',
    ],
    [
      withCountry({ type: [] }),
      '/context/properties/country/type type must be the name of a type, or a list of at least one name',
    ],
    [
      withCountry({ type: 'string', format: 'datetime' }),
      '/context/properties/country/format unknown format "datetime"; did you mean "date-time"?',
    ],
    [
      withCountry({ type: 'string', format: 'email' }),
      '/context/properties/country/format unknown format "email"; known: version, date, date-time',
    ],
    [
      withCountry({ type: 'string', format: 5 }),
      '/context/properties/country/format unknown format 5; known: version, date, date-time',
    ],
    [
      withCountry({ type: ['integer', 'null'], format: 'date' }),
      '/context/properties/country/format format "date" needs "type": "string"',
    ],
    [
      withCountry({ type: 'string', format: 'version', enum: ['1.0'] }),
      '/context/properties/country/enum/0 "1.0" does not match the declared type',
    ],
    [
      withCountry('string'),
      '/context/properties/country a schema must be an object or true, not "string"',
    ],
    [
      withCountry({ enum: [] }),
      '/context/properties/country/enum enum must be a list of at least one value',
    ],
    [
      withCountry({ enum: 'CA' }),
      '/context/properties/country/enum enum must be a list of at least one value',
    ],
    [
      withCountry({ type: 'string', enum: ['CA', 5] }),
      '/context/properties/country/enum/1 5 does not match the declared type',
    ],
    [
      withCountry({ type: 'integer', const: 1.5 }),
      '/context/properties/country/const 1.5 does not match the declared type',
    ],
    [
      { propertis: {}, properties: {} },
      '/context/propertis unknown keyword "propertis" in the declared context; did you mean "properties"?',
    ],
    [{ properties: [] }, '/context/properties properties must be an object, not an empty list'],
    [
      { ...withCountry(true), required: 'country' },
      '/context/required required must be a list of names, not "country"',
    ],
    [
      { ...withCountry(true), required: ['contry'] },
      '/context/required/0 required lists "contry", which is not a declared property; did you mean "country"?',
    ],
    [
      { ...withCountry(true), required: ['plan'] },
      '/context/required/0 required lists "plan", which is not a declared property; declared: country',
    ],
    [
      withCountry(new Date(0)),
      '/context/properties/country context must be JSON, not an instance of a class',
    ],
  ])('reports the problem of %j', (schema, problem) => {
    expect(wrong(schema)).toEqual([problem]);
  });

  it('refuses keywords that it does not support', () => {
    const [problem = ''] = wrong(withCountry({ anyOf: [{ type: 'string' }] }));
    expect(problem).toMatch(
      /^\/context\/properties\/country\/anyOf unknown keyword "anyOf".*known here: type, properties/,
    );
    expect(wrong(withCountry({ minLength: 2 }))).toHaveLength(1);
    expect(wrong(withCountry({ $ref: '#' }))).toHaveLength(1);
  });

  it('refuses circular and too deep schemas', () => {
    const self: Record<string, unknown> = {};
    self['items'] = self;
    expect(wrong(withCountry(self))).toEqual([
      expect.stringContaining('is nested more than 100 levels deep'),
    ]);
  });

  it('accepts names of JavaScript object properties', () => {
    const schema = JSON.parse(
      '{"properties": {"__proto__": {"type": "string"}, "constructor": {"type": "string"}}}',
    ) as object;
    expect(wrong(schema)).toEqual([]);
    expect([...readContext(schema, '').type.properties.keys()]).toEqual([
      '__proto__',
      'constructor',
      'user',
      'anonymous',
      'now',
    ]);
  });
});

/** Returns the problems of a specification with one experiment. */
function problemsOf(context: unknown, rule: string, identity = 'user.id'): string[] {
  try {
    parseExperiments({
      context,
      experiments: [
        {
          name: 'one',
          identity,
          variants: [{ name: 'a' }],
          audiences: [
            { rule, allocations: [{ variant: 'a', percent: 100 }] },
            { allocations: [{ variant: 'a', percent: 100 }] },
          ],
        },
      ],
    });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

describe('a specification with a declared context', () => {
  const context = {
    properties: {
      country: { type: 'string' },
      tenant: { properties: { id: { type: 'string' }, tags: { type: 'array' } }, required: ['id'] },
      user: { properties: { plan: { enum: ['free', 'pro'] } }, required: ['plan'] },
    },
    required: ['country'],
  };

  it('is valid if its rules fit, even if they may fail for some values', () => {
    expect(problemsOf(context, 'country == "CA" and user.plan == "pro"')).toEqual([]);
    expect(problemsOf(context, 'tenant.id == "x" or anonymous == "y" or user.id == 5')).toEqual([]);
  });

  it('is refused with the place in the rule', () => {
    expect(problemsOf(context, 'contry == "CA"')).toEqual([
      '/experiments/0/audiences/0/rule the context has no "contry"; did you mean "country"?\n' +
        '  contry == "CA"\n' +
        '  ^^^^^^',
    ]);
  });

  it('is refused with all problems of a rule', () => {
    const [problem = ''] = problemsOf(context, 'contry == "CA" and user.plan == "por"');
    expect(problem).toContain('did you mean "country"?');
    expect(problem).toContain('did you mean "pro"?');
  });

  it('is refused for an identity that it does not declare', () => {
    const at = '/experiments/0/identity the identity';
    expect(problemsOf(context, 'True', 'usr.id')).toEqual([
      `${at} "usr.id" is not in the declared context: the context has no usr; did you mean user?`,
    ]);
    expect(problemsOf(context, 'True', 'tenant.name')).toEqual([
      `${at} "tenant.name" is not in the declared context: tenant has no name; declared: id, tags`,
    ]);
    expect(problemsOf(context, 'True', 'country.code')).toEqual([
      `${at} "country.code" is not in the declared context: country has no code`,
    ]);
    expect(problemsOf(context, 'True', 'tenant.tags')).toEqual([
      `${at} "tenant.tags" is declared as a list, which can't tell participants apart`,
    ]);
    for (const identity of ['tenant.id', 'user.id', 'random', 'anonymous', 'country']) {
      expect(problemsOf(context, 'True', identity)).toEqual([]);
    }
  });

  const formats = {
    properties: {
      app: { type: ['string', 'null'], format: 'version' },
      signup: { type: 'string', format: 'date-time' },
    },
    required: ['app', 'signup'],
  };

  it('is refused for texts that are not versions or dates', () => {
    const rule = 'app is not None and app >= "1.1O" or signup < "2026-13-01" or app == "latest"';
    const [problem = ''] = problemsOf(formats, rule);
    expect(problem.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
      '/experiments/0/audiences/0/rule ">=" can\'t compare a version with "1.1O", which is not a version; did you mean "1.1"?',
      '"<" can\'t compare a date with "2026-13-01", which is not a date; write it like "2026-12-01" or "2026-12-01T09:00:00Z"',
      '"==" is never true here: the left side is a version or None, the right side is "latest"; write up to three numbers, such as "1.10.0"',
    ]);
  });

  it('knows now, a date, without declaring it', () => {
    expect(problemsOf(formats, 'now >= "2026-12-01T09:00:00Z" and signup < now')).toEqual([]);
    expect(problemsOf(formats, 'now >= 5')).toEqual([
      expect.stringContaining('">=" can\'t compare a date with a number'),
    ]);
  });

  it('can take a version, but not a date, as an identity', () => {
    expect(problemsOf(formats, 'True', 'app')).toEqual([]);
    for (const identity of ['signup', 'now']) {
      expect(problemsOf(formats, 'True', identity)).toEqual([
        `/experiments/0/identity the identity "${identity}" is declared as a date, which can't tell participants apart`,
      ]);
    }
  });

  it('does not check a user that is not declared', () => {
    expect(problemsOf({ properties: {} }, 'user.whatever.it == "is"', 'user.uuid')).toEqual([]);
    expect(problemsOf({ properties: {} }, 'usr.plan == "is"')).toHaveLength(1);
  });

  it('does not check names that additionalProperties allows', () => {
    expect(problemsOf({ additionalProperties: true }, 'what.ever == 5 or x > "y"')).toEqual([]);
    expect(problemsOf({}, 'True')).toEqual([
      '/context context must declare an object: { "properties": { … } }',
    ]);
  });

  it('has no checks without a declared context', () => {
    expect(problemsOf(undefined, 'contry == 5')).toEqual([]);
  });

  it('must declare an object', () => {
    expect(problemsOf('country', 'True')).toEqual([
      '/context context must be a JSON Schema of the context: { "properties": { … } }, not "country"',
    ]);
  });
});
