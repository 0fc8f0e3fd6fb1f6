import * as fc from 'fast-check';
import { cookieHeaders } from '../../../generators/cookies.ts';

/** Pieces of cookies with a meaning somewhere. */
const PIECES: readonly string[] = [
  ['__cw', '__cwtk', '__cwtk_r', '__CWTK', '__cwtk ', ' __cw', '', 'z', '__proto__'],
  ['=', '=', '=', '=', '==', ' = ', '; ', '; ', ';', ';;', ',', '; ;', '\t'],
  ['user_ab:a', 'user_ab:b', 'sw_on:off', 'by_key:a', 'x:y', ':', 'user_ab:', ':a', 'user_ab'],
  ['user_ab%3Aa', 'a%20b', '%', '%E0%A4%A', '%zz', '%22', '%3B', '%00', '%C3%A9'],
  ['"', '\\"', '"a"', '\\054', '\\342\\202\\254', '\\1', '\\', '\\\\', "'", '$Version=1', '$Path'],
  ['abc', '0', 'a.b', 'GA1.2.3', 'j:{}', 's:a.b', '-', '+', '@', '<b>', '&', '(', '{', '|', '~'],
  [
    '\u00c3\u00a9',
    '\u00e9',
    '\u00ff',
    '\u00c2\u00a0',
    '\u00a0',
    '\u0085',
    '\u00f0\u009f\u0098\u0080',
  ],
  [
    '\u00e2\u0080\u0083',
    '\u00ef\u00bb\u00bf',
    '\u00ed\u00a0\u0080',
    '\u00c2\u0085',
    'a'.repeat(256),
  ],
].flat();

const pieces = fc
  .tuple(
    fc.constantFrom('__cwtk=', '__cwtk=', '__cw=', ''),
    fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 14 }),
  )
  .map(([start, parts]) => start + parts.join(''));

/** Single bytes that a header can contain. */
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('__cwtk=', '__cw=', '; '),
      fc
        .integer({ min: 0x20, max: 0xff })
        .map((byte) => String.fromCharCode(byte === 0x7f ? 0x20 : byte)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => `__cwtk=${parts.join('')}`);

/** Texts that become the bytes of their UTF-8. */
const utf8 = cookieHeaders
  .filter((header) => !/\r|\n/.test(header))
  .map((header) => Buffer.from(header).toString('latin1'));

const plain = fc
  .tuple(
    fc.stringMatching(/^[\w.!#$%()*+/:?@[\]^{|}~-]{1,40}$/),
    fc.constantFrom('', '; __cw=user_ab:b', '; __cwtk_r=1'),
  )
  .map(([key, rest]) => `__cwtk=${key}${rest}`);

/**
 * `Cookie` headers, with a character for each byte. The last cookie keeps WSGI's server from removing
 * bytes of UTF-8 at the end, which it takes for white space.
 */
export const cookies: fc.Arbitrary<string> = fc
  .oneof(
    { arbitrary: pieces, weight: 4 },
    { arbitrary: utf8, weight: 2 },
    { arbitrary: bytes, weight: 1 },
    { arbitrary: plain, weight: 1 },
  )
  .map((header) => `${header}; end=1`);

const LONG = 'a'.repeat(256);

/** Forms of the header that browsers, scripts, proxies and attackers send. */
export const COOKIES: readonly string[] = [
  ['', ';', '=', '==', ' ', 'a', 'a=1', ';;;', '; ', '=; =', ','],
  ['__cwtk=abc', '__cwtk= abc ', ' __cwtk=abc', '__cwtk =abc', '__cwtk\t=\tabc', '__cwtk'],
  ['__cwtk=', '__cwtk=;', '__cwtk=""', '__cwtk="', '__cwtk="a', '__cwtk=a"', '__cwtk="a"'],
  ['__cwtk=a; __cwtk=b', '__cwtk=a; __cwtk=', '__cwtk=; __cwtk=b', '__cwtk=a;__cwtk=b'],
  ['__cwtk=a, __cwtk=b', '__cwtk=a,b', '__CWTK=abc', 'x__cwtk=abc', '__cwtk_r=1', '__cwtkx=1'],
  ['__cwtk=abc; __cwtk_r=1', '__cwtk_r=; __cwtk=abc', '__cwtk=a=b', '__cwtk==', '__cwtk==a'],
  ['__cwtk=a%20b', '__cwtk=%C3%A9', '__cwtk=%', '__cwtk=%zz', '__cwtk=%E0%A4%A', '__cwtk=%00'],
  [
    '__cwtk="a\\054b"',
    '__cwtk="\\342\\202\\254"',
    '__cwtk="\\"',
    '__cwtk="\\\\"',
    '__cwtk="a\\"b"',
  ],
  ['__cwtk="a;b"', '__cwtk="\\400"', '__cwtk="\\08"', "__cwtk='a'", '__cwtk=a b', '__cwtk=a\tb'],
  [
    '__cwtk=\u00c3\u00a9',
    '__cwtk=\u00e9',
    '__cwtk=\u00f0\u009f\u0098\u0080',
    '__cwtk=\u00ff\u00fe',
  ],
  ['__cwtk=\u00c2\u00a0a; z=1', '__cwtk=a\u00c2\u00a0; z=1', '\u00c2\u00a0__cwtk=a; z=1'],
  [
    '__cwtk=\u00c2\u0085a\u00e2\u0080\u0083; z=1',
    '__cwtk=\u00ef\u00bb\u00bfa',
    '__cwtk=a\u00a0; z=1',
  ],
  [
    `__cwtk=${LONG}`,
    `__cwtk=${LONG}a`,
    `__cwtk=${LONG.repeat(100)}`,
    `${'a=1; '.repeat(2000)}__cwtk=a`,
  ],
  [
    '__cwtk=<script>',
    '__cwtk=a&b',
    '__cwtk==1+1',
    '__cwtk=+1',
    '__cwtk=@a',
    '__cwtk=-1',
    '__cwtk=a\\b',
  ],
  [
    '__cwtk=GA1.2.3.4',
    '__cwtk=j:{"a":1}',
    '__cwtk=j:1',
    '__cwtk=s:a.b',
    '__cwtk=a:b',
    '__cwtk=../..',
  ],
  ['__cwtk=550e8400-e29b-41d4-a716-446655440000', '__cwtk=null', '__cwtk=undefined', '__cwtk=0'],
  ['$Version=1; __cwtk=abc; $Path=/', '$Version="1"; __cwtk="abc"', '__proto__=a; constructor=b'],
  ['__cw=user_ab:a', '__cw="user_ab:a"', '__cw=user_ab:a sw_on:off', '__cw=user_ab:a  sw_on:off'],
  ['__cw=user_ab:a\tsw_on:off', '__cw="user_ab:a\\040sw_on:off"', '__cw=user_ab:a,sw_on:off'],
  ['__cw="user_ab:a\\034sw_on:off"', '__cw="user_ab:a\\037"', '__cw="\\240user_ab:a\\205"'],
  ['__cw=user_ab:a user_ab:b', '__cw=user_ab:a; __cw=user_ab:b', '__cw=user_ab:x', '__cw=x:a'],
  [
    '__cw=',
    '__cw=""',
    '__cw=:',
    '__cw=user_ab:',
    '__cw=:a',
    '__cw=::a',
    '__cw=user_ab::a',
    '__cw=a:user_ab:a',
  ],
  ['__cw=user_ab', '__cw=user_ab a:b', '__cw=user_ab:a user_ab', '__cw=user_ab%3Aa', '__cw=%'],
  [
    '__cw=user_ab:a%20sw_on:off',
    '__cw=user_ab:a%',
    '__cw=user_ab:%61',
    '__cw=%75ser_ab:a',
    '__cw=user_ab%253Aa',
  ],
  ['__cw=user_ab:a\u00c2\u00a0sw_on:off', '__cw=\u00c2\u00a0user_ab:a\u00e2\u0080\u0083; z=1'],
  ['__cw=USER_AB:a', '__cw=user_ab:A', '__cw=__proto__:a', '__cw=constructor:a', '__cw=sw_off:on'],
  [`__cw=user_ab:a ${'x:y '.repeat(1000)}; z=1`, `__cw=user_ab:a ${'x:y '.repeat(1100)}; z=1`],
  [
    '__cw=user_ab:a; __cwtk=abc',
    '__cwtk=abc; __cw=user_ab',
    '__cw=by_key:a',
    '__cw=by_key:b; __cwtk=a',
  ],
].flat();
