import * as fc from 'fast-check';
import { parseJson, parseSteps } from '../../src/json/parse.ts';
import { parseExactly } from '../../src/json/parse-exactly.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { runs } from '../runs.ts';

const hasDuplicates = (text: string) => atOnce(parseSteps(text, 'x')).hasDuplicates;

/** Long enough for several parts. */
const PADDING = 'long '.repeat(2000);

/** Any JSON; with keys that objects inherit and keys with escapes. */
const json = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue(),
    fc.array(tie('any')),
    fc.constant(PADDING),
    fc
      .array(
        fc.tuple(
          fc.oneof(fc.constantFrom('__proto__', 'o', '\\', '"', ''), fc.string()),
          tie('any'),
        ),
      )
      .map((entries): unknown => Object.fromEntries(entries)),
  ),
})).any;

/** JSON text with spaces between its tokens and with escapes for a letter, and its value as plain text. */
const text = fc
  .tuple(json, fc.constantFrom(undefined, 1, '\t'), fc.constantFrom('', ' \r\n'), fc.boolean())
  .map(([value, indent, space, escape]) => {
    const written = JSON.stringify(value, undefined, indent);
    // Neither a literal nor an escape has an "o".
    const escaped = escape ? written.replaceAll('o', '\\u006f') : written;
    return { written: space + escaped + space, expected: JSON.stringify(value) };
  });

function isRefused(parse: () => unknown): boolean {
  try {
    parse();
    return false;
  } catch {
    return true;
  }
}

describe('parseSteps', () => {
  it('returns the value of any JSON', () => {
    fc.assert(
      // Not compared with JSON.parse, because that of Node 24.21 reads some keys wrongly.
      fc.property(text, ({ written, expected }) => {
        expect(JSON.stringify(parseJson(written, 'x'))).toBe(expected);
        expect(JSON.stringify(parseExactly(written))).toBe(expected);
        expect(hasDuplicates(written)).toBe(false);
      }),
      { numRuns: runs(300) },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const damage = fc.constantFrom('', ',', '[', ']', '{', '}', '"', ':', '\\', ' ', '1', 'x');
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(2), damage, ({ written }, where, length, instead) => {
        const at = where % (written.length + 1);
        const damaged = written.slice(0, at) + instead + written.slice(at + length);
        expect(isRefused(() => parseJson(damaged, 'x'))).toBe(isRefused(() => JSON.parse(damaged)));
      }),
      { numRuns: runs(500) },
    );
  });

  it.each([
    '',
    ' ',
    '[',
    ']',
    '[,]',
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[1}',
    '{]',
    '{,}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":[1,]}',
    '{"a":[1}]',
    '{a:1}',
    '[1] 2',
    '1 2',
    '[[1}, 2]',
    '"',
    '"\\"',
  ])('refuses %s', (broken) => {
    for (const one of [broken, broken.replace('1', `1${' '.repeat(50_000)}`)]) {
      expect(() => parseJson(one, 'x')).toThrow(expect.objectContaining({ code: 'json' }));
    }
  });

  it('refuses a missing item between two parts', () => {
    const item = JSON.stringify(PADDING.repeat(3));
    for (const items of [`${item},`, `,${item}`, `${item},,${item}`, `${item} ${item}`]) {
      expect(() => parseJson(`[${items}]`, 'x')).toThrow(expect.objectContaining({ code: 'json' }));
    }
  });

  it('takes many steps for the lists of a long text, and few for a short one', () => {
    const items = Array.from({ length: 1000 }, (_, i) => ({ i, text: PADDING.slice(0, 100) }));
    const count = (value: unknown) => [...parseSteps(JSON.stringify(value), 'x')].length;
    expect(count(items)).toBeGreaterThan(5);
    expect(count({ context: {}, experiments: items })).toBe(count(items));
    expect(count(items.slice(0, 10))).toBe(0);
  });

  it('takes objects and lists that are nested 100,000 deep', () => {
    const deep = `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    expect(hasDuplicates(deep)).toBe(false);
    expect(hasDuplicates(deep.replace('1', '{"b":1,"b":2}'))).toBe(true);
  });

  it.each([
    ['at the root', '{"a":1,"a":2}'],
    ['with a list at the root', '{"a":[1],"b":1,"a":[2]}'],
    ['in a list', '[{"a":1,"a":2}]'],
    ['in an object', '{"a":{"b":{"c":1,"c":1}}}'],
    ['with different spelling', '[{"a":1,"\\u0061":2}]'],
    ['that objects inherit', '[{"__proto__":1,"__proto__":2}]'],
    ['in a later part', `["${PADDING.repeat(4)}",{"a":1,"a":2}]`],
  ])('notices duplicate keys %s', (_where, duplicate) => {
    expect(hasDuplicates(duplicate)).toBe(true);
    expect(parseJson(duplicate, 'x')).toEqual(JSON.parse(duplicate));
  });

  it.each([
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":1}}}',
    '{"a:":":","b":"\\":"}',
    '{"":1}',
    '["a","a"]',
    '[]',
    '7',
  ])('notices none in %s', (single) => {
    expect(hasDuplicates(single)).toBe(false);
  });
});

describe('keys that a polluted Object.prototype adds', () => {
  it.each([
    ['{"a":1}', false],
    ['[{"a":{"b":[{"a":1}]}}]', false],
    ['[{"a":1,"a":2}]', true],
  ])('are not counted in %s', (given, expected) => {
    const name = 'addedForAll';
    // Every object inherits this one, as it does itself.
    const added = { value: { id: 1 }, enumerable: true, configurable: true };
    Reflect.defineProperty(Object.prototype, name, added);
    let found: boolean;
    try {
      found = hasDuplicates(given);
    } finally {
      Reflect.deleteProperty(Object.prototype, name);
    }
    expect(found).toBe(expected);
  });
});

describe('keys with escapes', () => {
  const after = ['{"a":1,"\\\\":2}', '[{"a":1,"\\\\":2}]'];

  it.each(['{"a":1,"\\u0041":2}', '[{"a":1,"\\u0041":2}]', '{"x":[{"a":1,"\\u0041":2}]}'])(
    'are read as written, whatever was parsed before: %s',
    (escaped) => {
      // `JSON.parse` of Node 24.21 returns the key "\" in place of "A" here.
      for (const one of after) {
        parseJson(one, 'x');
        JSON.parse(one);
        expect(JSON.stringify(parseJson(escaped, 'x'))).toContain('{"a":1,"A":2}');
      }
    },
  );

  it('do not come from JSON.parse', () => {
    const parse = JSON.parse;
    // A JSON.parse that reads escapes in keys of objects wrongly.
    jest
      .spyOn(JSON, 'parse')
      .mockImplementation((given: string) => parse(given.replaceAll(/\\u0041"(?=:)/g, '\\\\"')));
    try {
      expect(parseJson('[{"a":"\\u0041","\\u0041":{"\\u0041":[]}},"\\u0041"]', 'x')).toEqual([
        { a: 'A', A: { A: [] } },
        'A',
      ]);
      expect(parseJson('{"\\u0041":7}', 'x')).toEqual({ A: 7 });
    } finally {
      jest.restoreAllMocks();
    }
  });
});
