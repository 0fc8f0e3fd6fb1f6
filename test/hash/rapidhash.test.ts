import * as fc from 'fast-check';
import { rapidhash } from '../../src/hash/bucket.ts';
import { hashBytes, hashWords } from '../../src/hash/rapidhash.ts';
import { encodeUtf8 } from '../../src/hash/utf8.ts';
import vectors from '../vectors/cravensworth.json' with { type: 'json' };
import { oracle } from './rapidhash-oracle.ts';
import { runs } from '../runs.ts';

/** Any UTF-16 code units, including lone surrogates. */
const utf16 = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0x7f }),
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
      fc.constantFrom(0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000),
    ),
    { maxLength: 220 },
  )
  .map((units) => String.fromCharCode(...units));

/** Hashes without WebAssembly. */
function inTypeScript(first: string, second = ''): bigint {
  hashBytes(encodeUtf8(first, second));
  return (BigInt(hashWords[0] ?? 0) << 32n) | BigInt(hashWords[1] ?? 0);
}

describe('rapidhash', () => {
  it.each(vectors.hashes)('agrees with Cravensworth on $text', ({ text, hash }) => {
    expect(rapidhash(text)).toBe(BigInt(hash));
  });

  it('agrees with the reference on every length from 0 to 400 bytes', () => {
    for (let length = 0; length <= 400; length++) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 37 + length) % 128));
      expect([length, rapidhash(text.join(''))]).toEqual([length, oracle(text.join(''))]);
    }
  });

  it('agrees with the reference on any UTF-16, lone surrogates included', () => {
    fc.assert(
      fc.property(utf16, (text) => {
        expect(rapidhash(text)).toBe(oracle(text));
      }),
      { numRuns: runs(2000) },
    );
  });

  it.each([1023, 1024, 1025, 3071, 3072, 3073, 100_000])(
    'agrees with the reference on %i characters of one, two and three bytes',
    (length) => {
      for (const character of ['a', 'é', '漢']) {
        const text = character.repeat(length);
        expect(rapidhash(text)).toBe(oracle(text));
      }
    },
  );

  it('counts a lone surrogate as U+FFFD', () => {
    expect(rapidhash('a\ud800')).toBe(rapidhash('a\ufffd'));
    expect(rapidhash('\udc00\ud800')).toBe(rapidhash('\ufffd\ufffd'));
    expect(rapidhash('\ud83d\ude00')).not.toBe(rapidhash('\ufffd\ufffd'));
  });

  it('does not depend on texts hashed before', () => {
    const short = rapidhash('ab');
    rapidhash('漢'.repeat(1024));
    expect(rapidhash('ab')).toBe(short);
    rapidhash('x'.repeat(5000));
    expect(rapidhash('ab')).toBe(short);
  });

  it.each([[undefined], [null], [7], [['a']]])('refuses %p, which is no string', (value) => {
    expect(() => Reflect.apply(rapidhash, undefined, [value])).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringContaining('a string') }),
    );
  });
});

describe('hashBytes', () => {
  it.each(vectors.hashes)('agrees with Cravensworth on $text', ({ text, hash }) => {
    expect(inTypeScript(text)).toBe(BigInt(hash));
  });

  it('hashes two texts like their concatenation', () => {
    fc.assert(
      fc.property(utf16, fc.nat(), (text, at) => {
        const cut = at % (text.length + 1);
        expect(inTypeScript(text.slice(0, cut), text.slice(cut))).toBe(oracle(text));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('joins a surrogate pair that is split between the texts', () => {
    expect(inTypeScript('id\ud83d', '\ude00seed')).toBe(oracle('id\ud83d\ude00seed'));
  });

  it('hashes two texts that are only long together', () => {
    const half = 'é'.repeat(600);
    expect(inTypeScript(half, half)).toBe(oracle(half + half));
  });
});
