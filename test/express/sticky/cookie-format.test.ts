import * as fc from 'fast-check';
import {
  type CookieContent,
  formatContent,
  parseContent,
} from '../../../src/express/sticky/cookie-format.ts';
import { CookieKeys, SIGNING_LENGTH } from '../../../src/express/sticky/cookie-keys.ts';
import { runs } from '../../runs.ts';

const code = (length: number) =>
  fc.string({
    unit: fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split(''),
    ),
    minLength: length,
    maxLength: length,
  });

const units = fc.dictionary(fc.constantFrom('user.id', 'anonymous', 'tenant.id'), code(14), {
  minKeys: 1,
});

const contents: fc.Arbitrary<CookieContent> = fc.record({
  day: fc.nat(40_000),
  entries: fc.array(
    fc.record({
      experiment: code(8),
      variant: code(6),
      units: units.map((some) => new Map(Object.entries(some))),
    }),
    { maxLength: 20 },
  ),
});

const entry = (i: number, path = 'user.id') => ({
  experiment: String(i).padStart(8, '0'),
  variant: 'aaaaaa',
  units: new Map([[path, String(i).padStart(14, 'x')]]),
});

describe('formatContent', () => {
  it('writes what parseContent reads, without characters that need an escape', () => {
    fc.assert(
      fc.property(contents, (content) => {
        const { text, dropped } = formatContent(content, 10_000);
        expect(dropped).toBe(0);
        expect(encodeURIComponent(text)).toBe(text);
        expect(parseContent(text)).toEqual(content);
      }),
      { numRuns: runs(500) },
    );
  });

  it('never takes more room than there is, and drops no more than it must, the oldest first', () => {
    fc.assert(
      fc.property(contents, fc.integer({ min: 20, max: 600 }), (content, room) => {
        const { text, dropped } = formatContent(content, room);
        expect(text.length).toBeLessThanOrEqual(room);
        const kept = content.entries.slice(dropped);
        expect(parseContent(text)).toEqual({ ...content, entries: kept });
        const more = { ...content, entries: content.entries.slice(Math.max(0, dropped - 1)) };
        expect(formatContent(more, 10_000).text.length > room - 2 || dropped === 0).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  it('writes each identity once, and at most 64 of them', () => {
    const same = {
      day: 1,
      entries: [1, 2, 3].map((i) => ({ ...entry(i), units: entry(1).units })),
    };
    expect(formatContent(same, 4000).text.match(/user\.id/g)).toHaveLength(1);
    const many = { day: 1, entries: Array.from({ length: 70 }, (_, i) => entry(i)) };
    const { text, dropped } = formatContent(many, 10_000);
    expect(dropped).toBe(6);
    expect(parseContent(text)?.entries[0]?.experiment).toBe('00000006');
  });
});

describe('parseContent', () => {
  const unit = `user.id~${'A'.repeat(14)}`;
  const item = `${'B'.repeat(8)}${'C'.repeat(6)}`;

  it.each([
    '',
    '1',
    '1*a',
    `2*a*${unit}*${item}A`,
    `1*A*${unit}*${item}A`,
    `1*${'a'.repeat(6)}*${unit}*${item}A`,
    `1*a*${unit}*${item}`,
    `1*a*${unit}*${item}B`,
    `1*a*${unit}*${item}AA`,
    `1*a*${unit}!${unit}*${item}AB`,
    `1*a*${unit}*${item}A*`,
    `1*a*${unit}*${item}A!`,
    `1*a*${unit}!*${item}A`,
    `1*a*random~${'A'.repeat(14)}*${item}A`,
    `1*a*.~${'A'.repeat(14)}*${item}A`,
    `1*a*user..id~${'A'.repeat(14)}*${item}A`,
    `1*a*user.id~${'A'.repeat(13)}*${item}A`,
    `1*a*${'x'.repeat(201)}~${'A'.repeat(14)}*${item}A`,
    `1*a*${unit}*${item}AAAAAAAAA`,
  ])('reads nothing from %j', (text) => {
    expect(parseContent(text)).toBeUndefined();
  });

  it('reads an empty list', () => {
    expect(parseContent('1*a**')).toEqual({ day: 10, entries: [] });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => parseContent(text)).not.toThrow();
        expect(() => parseContent(`1*a*${text}`)).not.toThrow();
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('CookieKeys', () => {
  const keys = new CookieKeys(['first secret', 'second secret'], 'name');
  const second = new CookieKeys(['second secret'], 'name');

  it('signs so that only its secrets verify, and says if the first one did', () => {
    const signed = keys.sign('content');
    expect(signed).toHaveLength('content'.length + SIGNING_LENGTH);
    expect(keys.verify(signed)).toEqual({ content: 'content', isCurrent: true });
    expect(keys.verify(second.sign('content'))).toEqual({ content: 'content', isCurrent: false });
    expect(second.verify(signed)).toBeUndefined();
    expect(new CookieKeys(['first secret'], 'other').verify(signed)).toBeUndefined();
  });

  it('makes codes that do not show the identity, and that depend on the path', () => {
    const codes = keys.unitCodes();
    const made = codes.encode('user.id', '7');
    expect(made).toMatch(/^[\w-]{14}$/);
    expect(codes.encode('anonymous', '7')).not.toBe(made);
    expect(second.unitCodes().encode('user.id', '7')).not.toBe(made);
    expect([codes.matches('user.id', '7', made), codes.matches('user.id', '8', made)]).toEqual([
      true,
      false,
    ]);
    expect(codes.matches('user.id', '7', second.unitCodes().encode('user.id', '7'))).toBe(true);
    expect([keys.knows(made), second.knows(made)]).toEqual([true, false]);
  });

  it('reveals only texts that it was asked about', () => {
    const made = keys.unitCodes().encode('user.id', '7');
    const codes = keys.unitCodes();
    expect(codes.reveal('user.id', made)).toBeUndefined();
    codes.matches('user.id', '7', made);
    expect(codes.reveal('user.id', made)).toBe('7');
  });
});
