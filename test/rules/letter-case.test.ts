import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { RuleError } from '../../src/errors/rule-error.ts';
import { compileRule } from '../../src/rules/compile/compile.ts';
import { convertCase } from '../../src/rules/letter-case.ts';
import { MAX_STRING } from '../../src/rules/values/limits.ts';
import { textsOfEveryCharacter } from './every-character.ts';
import { outcomeOf } from './outcome.ts';

/** The last of the characters that are compared here. The parity suite compares the others too. */
const LAST = 0x1ffff;

/** The SHA-256 of the characters' conversions by CPython 3.12.1 and 3.13.0, as UTF-8. */
const BY_PYTHON = {
  lower: '6f568e45f816df9b57cb8cad515ee27a72d608f3ebd1f84fb4d508d99a6aca3f',
  upper: '35305281946b7dfe75103d90a8a57dd65018ea6e664d60437cc791c1d92346d8',
} as const;

describe('convertCase', () => {
  it.each(['lower', 'upper'] as const)("has Python's %s case of every character", (to) => {
    const texts = textsOfEveryCharacter(LAST).map((text) => convertCase(text, to));
    expect(createHash('sha256').update(texts.join('')).digest('hex')).toBe(BY_PYTHON[to]);
  });

  it.each([
    ['ΟΔΟΣ ΣΑΣ', 'οδος σας', 'ΟΔΟΣ ΣΑΣ'],
    ['İstanbul', 'i̇stanbul', 'İSTANBUL'],
    ['Straße', 'straße', 'STRASSE'],
    ['ǅ', 'ǆ', 'Ǆ'],
    ['ﬃ ŉ', 'ﬃ ŉ', 'FFI ʼN'],
    ['\ud83d A', '\ud83d a', '\ud83d A'],
    ['\ua7cb\u0264\uffff\u0138', '\ua7cb\u0264\uffff\u0138', '\ua7cb\u0264\uffff\u0138'],
    // In Unicode 15, U+0295 is a letter with a case, and the sigma after it ends a word.
    ['\u0295Σ \u{10d50}Σ', '\u0295ς \u{10d50}σ', '\u0295Σ \u{10d50}Σ'],
  ])('converts %j', (text, lower, upper) => {
    expect([convertCase(text, 'lower'), convertCase(text, 'upper')]).toEqual([lower, upper]);
  });

  it('does not change its own result, in any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom<'lower' | 'upper'>('lower', 'upper'),
        (text, to) => {
          const once = convertCase(text, to);
          expect(convertCase(once, to)).toBe(once);
        },
      ),
    );
  });
});

describe('.lower and .upper in rules', () => {
  const context = {
    user: { email: 'Zoe@Example.COM', name: 'Zoë' },
    tags: ['Beta', 'STAFF'],
    form: { lower: 5, upper: 'as it is' },
    of: class {
      get lower(): number {
        return 7;
      }
    },
    getter: new (class {
      get lower(): number {
        return 7;
      }
    })(),
    map: new Map([['upper', 9]]),
    boxed: Object('A') as object,
    empty: '',
  };

  it.each([
    ["user.email.lower == 'zoe@example.com'", true],
    ["user.email.lower[-12:] == '@example.com'", true],
    ["user.email[:3].upper == 'ZOE'", true],
    ["user['email'].upper == 'ZOE@EXAMPLE.COM'", true],
    ["'beta' in [tag.lower for tag in tags]", true],
    ["user.name.upper.lower == 'zoë'", true],
    ["(user.name + '!').upper == 'ZOË!'", true],
    ["'A'.lower == 'a' and empty.upper == ''", true],
    ["user.email.lower in ('a', 'zoe@example.com')", true],
    ["user.email.lower != 'zoe@example.com'", false],
    ["form.lower == 5 and form.upper == 'as it is'", true],
    ['getter.lower == 7 and map.upper == 9', true],
    ["{'lower': 1}.lower == 1", true],
    ["boxed.lower == 'a'", 'attribute'],
    ['tags.lower == []', 'attribute'],
    ['(1).upper == 1', 'attribute'],
    ['None.lower == None', 'attribute'],
    ["user.name.lower() == 'zoë'", 'call'],
    ["user.name['lower'] == 'zoë'", 'type'],
  ])('evaluates %s to %j', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it.each([
    ['toLowerCase', 'lower'],
    ['lowr', 'lower'],
    ['ToUpper', 'upper'],
    ['lenght', 'length'],
  ])('suggests the attribute that was meant by %s', (written, meant) => {
    const rule = compileRule(`user.name.${written} == 'a'`);
    expect(() => rule(context)).toThrow(
      `a string has no attribute "${written}"; did you mean "${meant}"?`,
    );
  });

  it('creates no string beyond the limit, also by growing', () => {
    const limitOf = (rule: string, text: string) => {
      try {
        return compileRule(rule)({ text });
      } catch (error) {
        return error instanceof RuleError ? error.code : error;
      }
    };
    expect(limitOf("text.upper == ''", 'a'.repeat(MAX_STRING))).toBe(false);
    expect(limitOf("text.upper == ''", 'a'.repeat(MAX_STRING + 1))).toBe('limit');
    expect(limitOf("text.lower == ''", '😀'.repeat(MAX_STRING))).toBe(false);
    expect(limitOf("text.upper == ''", 'ß'.repeat(MAX_STRING / 2))).toBe(false);
    expect(limitOf("text.upper == ''", 'ß'.repeat(MAX_STRING / 2 + 1))).toBe('limit');
    expect(limitOf("text.lower == ''", 'İ'.repeat(MAX_STRING / 2 + 1))).toBe('limit');
  });

  it('counts the characters that it converts', () => {
    const text = 'ΑΣ'.repeat(MAX_STRING / 2);
    const rule = compileRule("[n for n in numbers if text.lower == ''] == []");
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    expect(() => rule({ text, numbers })).toThrow(/takes more than \d+ steps/);
  });
});
