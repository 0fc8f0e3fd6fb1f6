import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { MAX_AGE_MS, MAX_OVERRIDES, MAX_TOKEN } from '../../../src/toolbar/share/limits.ts';
import {
  readToken,
  type SharedOverrides,
  signToken,
  verifyToken,
} from '../../../src/toolbar/share/token.ts';
import { runs } from '../../runs.ts';

const SECRET = 'a secret that is at least 32 bytes';
const OTHER = 'another secret with at least 32 bytes';
const NOW = Date.parse('2026-11-02T12:00:00Z');
const HOST = 'shop.example:8443';
const EXPIRES = NOW / 1000 + 3600;

const shared: SharedOverrides = {
  host: HOST,
  overrides: new Map([
    ['checkout', 'treatment'],
    ['shop.text', 'Buy%20now'],
  ]),
  expires: EXPIRES,
  by: 'Ann',
};

const TOKEN = signToken(shared, SECRET);

/** Signs any text like a token, but for the text itself. */
function signed(payload: string, secret = SECRET, context = 'evenhand-override-v1\n'): string {
  const signature = createHmac('sha256', secret)
    .update(context + payload)
    .digest('base64url');
  return `${payload}.${signature}`;
}

function signedJson(json: unknown): string {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return signed(Buffer.from(text).toString('base64url'));
}

function verify(token: string, secrets: readonly string[] = [SECRET], host = HOST, now = NOW) {
  return verifyToken(token, secrets, host, now);
}

const valid = { v: 1, p: 'override', h: HOST, o: { checkout: 'treatment' }, e: EXPIRES };

describe('signToken', () => {
  it('makes the documented text', () => {
    const [payload = '', signature] = TOKEN.split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      v: 1,
      p: 'override',
      h: HOST,
      o: { checkout: 'treatment', 'shop.text': 'Buy%20now' },
      e: EXPIRES,
      b: 'Ann',
    });
    expect(`${payload}.${signature}`).toBe(signed(payload));
    expect(TOKEN).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
  });

  it('makes a text that is verified', () => {
    expect(verify(TOKEN)).toEqual(shared);
    expect(verify(signedJson(valid))).toEqual({
      ...shared,
      overrides: new Map([['checkout', 'treatment']]),
      by: '',
    });
  });

  it('makes a text that is verified, whatever the names and values are', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    const names = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', '1'));
    const any = fc.array(fc.tuple(names, text), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(any, fc.string({ maxLength: 20 }), (entries, by) => {
        const one = { ...shared, overrides: new Map(entries), by };
        const found = verify(signToken(one, SECRET));
        expect(found && { ...found, overrides: Object.fromEntries(found.overrides) }).toEqual({
          ...one,
          overrides: Object.fromEntries(one.overrides),
        });
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('verifyToken', () => {
  it('accepts all secrets of a list, and no other', () => {
    expect(verify(TOKEN, [OTHER, SECRET])).toEqual(shared);
    expect(verify(TOKEN, [SECRET, OTHER])).toEqual(shared);
    for (const secrets of [[], [OTHER], [OTHER, `${SECRET} `], [SECRET.slice(1)], ['']]) {
      expect(verify(TOKEN, secrets)).toBeUndefined();
    }
  });

  it('rejects a token in which any bit is flipped', () => {
    let found = 0;
    for (let i = 0; i < TOKEN.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(TOKEN.charCodeAt(i) ^ (1 << bit));
        const forged = TOKEN.slice(0, i) + flipped + TOKEN.slice(i + 1);
        if (verify(forged) !== undefined) found++;
      }
    }
    expect(found).toBe(0);
  });

  it('rejects a token that is cut, grown or put together from others', () => {
    const another = signToken({ ...shared, overrides: new Map([['banner', 'red']]) }, SECRET);
    const piece = fc.constantFrom(TOKEN, another, '.', '=', 'A', '', ' ', '%', '\n', '+', '/');
    const cut = fc
      .tuple(piece, piece, fc.nat(400), fc.nat(400), fc.nat(400), fc.nat(400))
      .map(([one, two, a, b, c, d]) => one.slice(a, b) + two.slice(c, d));
    fc.assert(
      fc.property(cut, (forged) => {
        fc.pre(forged !== TOKEN && forged !== another);
        expect(verify(forged)).toBeUndefined();
      }),
      { numRuns: runs(3000) },
    );
  });

  it('rejects other spellings of a token', () => {
    const [payload = '', signature = ''] = TOKEN.split('.');
    const last = signature.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The last two bits of 43 characters are unused: three more characters decode to the same bytes.
    const same = [1, 2, 3].map((more) => alphabet[alphabet.indexOf(last) + more]);
    for (const other of same) {
      const text = signature.slice(0, -1) + other;
      expect(Buffer.from(text, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
      expect(verify(`${payload}.${text}`)).toBeUndefined();
    }
    for (const other of [
      `${payload}.${signature}=`,
      `${payload}=.${signature}`,
      `${payload}..${signature}`,
      `${payload}.${signature}.`,
      `.${payload}.${signature}`,
      ` ${TOKEN}`,
      `${TOKEN} `,
      `${TOKEN}\n`,
      TOKEN.replace('.', '%2E'),
      TOKEN.toUpperCase(),
      `${payload}.${Buffer.from(signature, 'base64url').toString('hex')}`,
      `${payload}.`,
      `.${signature}`,
      payload,
      '.',
      '',
    ]) {
      expect([other, verify(other)]).toEqual([other, undefined]);
    }
    const padded = Buffer.from(JSON.stringify(valid)).toString('base64');
    expect(verify(signed(padded.includes('=') ? padded : `${padded}=`))).toBeUndefined();
  });

  it('rejects texts that the secret has signed for another purpose', () => {
    const [payload = ''] = TOKEN.split('.');
    for (const context of [
      '',
      'evenhand-override-v1',
      'evenhand-override-v2\n',
      'evenhand-sticky\n',
    ]) {
      expect(verify(signed(payload, SECRET, context))).toBeUndefined();
    }
    // No other algorithm than HMAC-SHA-256.
    for (const algorithm of ['sha1', 'sha384', 'sha512', 'md5']) {
      const mac = createHmac(algorithm, SECRET).update(`evenhand-override-v1\n${payload}`);
      expect(verify(`${payload}.${mac.digest('base64url')}`)).toBeUndefined();
    }
  });

  it('ends at the second of the expiry, and at most 7 days after it was made', () => {
    expect(verify(TOKEN, [SECRET], HOST, EXPIRES * 1000 - 1)).toBeDefined();
    expect(verify(TOKEN, [SECRET], HOST, EXPIRES * 1000)).toBeUndefined();
    expect(readToken(TOKEN, [SECRET], HOST, EXPIRES * 1000).problem).toBe('expired');
    const week = (NOW + MAX_AGE_MS) / 1000;
    expect(verify(signedJson({ ...valid, e: week }))).toBeDefined();
    expect(verify(signedJson({ ...valid, e: week + 1 }))).toBeUndefined();
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(verify(TOKEN, [SECRET], HOST, now)).toBeUndefined();
    }
  });

  it.each([
    'shop.example',
    'shop.example:443',
    'shop.example:8443.evil.example',
    'www.shop.example:8443',
    'SHOP.example:8443',
    '',
    undefined,
  ])('rejects the host %j', (host) => {
    expect(verifyToken(TOKEN, [SECRET], host, NOW)).toBeUndefined();
    expect(readToken(TOKEN, [SECRET], host, NOW).problem).toBe('host');
    expect(readToken(TOKEN, [OTHER], host, NOW).problem).toBe('invalid');
  });

  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_one, i) => [`e${i}`, 'on']));

  it.each<[string, unknown]>([
    ['another version', { ...valid, v: 2 }],
    ['a version as text', { ...valid, v: '1' }],
    ['no version', { ...valid, v: undefined }],
    ['another purpose', { ...valid, p: 'login' }],
    ['no purpose', { ...valid, p: undefined }],
    ['another property', { ...valid, admin: true }],
    [
      '__proto__',
      `{"__proto__":{"v":1},"p":"override","h":"${HOST}","o":{"a":"b"},"e":${EXPIRES}}`,
    ],
    ['no host', { ...valid, h: undefined }],
    ['a host in capitals', { ...valid, h: 'Shop.Example' }],
    ['a list of hosts', { ...valid, h: [HOST] }],
    ['no overrides', { ...valid, o: {} }],
    ['null', { ...valid, o: null }],
    ['a list of overrides', { ...valid, o: ['checkout:treatment'] }],
    ['a text', { ...valid, o: 'checkout:treatment' }],
    ['a value that is not a text', { ...valid, o: { checkout: 1 } }],
    ['a nested value', { ...valid, o: { checkout: { toString: 'treatment' } } }],
    ['an empty name', { ...valid, o: { '': 'x' } }],
    ['an empty value', { ...valid, o: { checkout: '' } }],
    ['too many overrides', { ...valid, o: many(MAX_OVERRIDES + 1) }],
    ['an expiry as text', { ...valid, e: String(EXPIRES) }],
    ['a fraction', { ...valid, e: EXPIRES + 0.5 }],
    ['no expiry', { ...valid, e: undefined }],
    ['a huge expiry', { ...valid, e: 1e300 }],
    ['a negative expiry', { ...valid, e: -EXPIRES }],
    ['a name that is not a text', { ...valid, b: { name: 'Ann' } }],
    ['a long name', { ...valid, b: 'x'.repeat(101) }],
    ['a list', [valid]],
    ['a number', 1],
    ['nothing', 'null'],
    ['a text', '"override"'],
    ['no JSON', '{'],
    ['two values', `${JSON.stringify(valid)}1`],
    ['deep nesting', `${'['.repeat(700)}${']'.repeat(700)}`],
  ])('rejects a signed payload with %s', (_what, json) => {
    expect(verify(signedJson(json))).toBeUndefined();
  });

  it('rejects a signed payload that is not UTF-8', () => {
    const bytes = Buffer.from(JSON.stringify({ ...valid, b: 'X' }));
    bytes[bytes.indexOf('X')] = 0xff;
    expect(verify(signed(bytes.toString('base64url')))).toBeUndefined();
  });

  it('accepts the most overrides, and treats __proto__ as a name', () => {
    const o = many(MAX_OVERRIDES);
    expect(verify(signedJson({ ...valid, o }))?.overrides).toEqual(new Map(Object.entries(o)));
    const json = JSON.stringify({ ...valid, o: 0 }).replace('0', '{"__proto__":"polluted"}');
    expect(verify(signedJson(json))?.overrides).toEqual(new Map([['__proto__', 'polluted']]));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('rejects a token of more than 2,048 characters before it is decoded', () => {
    const fits = (length: number) => signedJson({ ...valid, o: { checkout: 'x'.repeat(length) } });
    const length =
      [...Array(2000).keys()].findLast((one) => fits(one + 1).length <= MAX_TOKEN) ?? 0;
    expect(verify(fits(length))).toBeDefined();
    expect(verify(fits(length + 3))).toBeUndefined();
    expect(verify('A'.repeat(10_000_000))).toBeUndefined();
  });

  it('does not read what other code has put on Object.prototype', () => {
    Reflect.defineProperty(Object.prototype, 'b', { value: 'forged', configurable: true });
    try {
      expect(verify(signedJson(valid))?.by).toBe('');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'b');
    }
  });
});
