import * as fc from 'fast-check';
import { encodeTails, encodeWithTail } from '../../src/hash/bucket.ts';
import { encodeUtf8 } from '../../src/hash/utf8.ts';
import { runs } from '../runs.ts';
import { anyText } from '../generators/any-text.ts';

function encoded(first: string, second: string): Uint8Array {
  const { bytes, length } = encodeUtf8(first, second);
  return bytes.slice(0, length);
}

describe('encodeUtf8', () => {
  it('returns the same bytes as TextEncoder', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (a, b) => {
        expect(encoded(a, b)).toEqual(new TextEncoder().encode(a + b));
      }),
    );
  });

  it('encodes every code unit alone as TextEncoder does', () => {
    const wrong = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
      (text) => Buffer.compare(encoded(text, ''), new TextEncoder().encode(text)) !== 0,
    );
    expect(wrong).toEqual([]);
  });

  it('reads the same memory through bytes and view', () => {
    const { bytes, view } = encodeUtf8('漢'.repeat(2000), '');
    expect(view.getUint8(5999)).toBe(bytes[5999]);
    expect(view.byteLength).toBe(6000);
  });
});

describe('encodeWithTail', () => {
  function encodedWith(first: string, tail: string): Uint8Array {
    const { words, starts } = encodeTails(['before', tail, 'behind']);
    // Texts that were encoded in between leave no trace.
    encodeUtf8('~'.repeat(1000), '');
    const { bytes, length } = encodeWithTail(first, tail, words, starts[1] ?? 0);
    return bytes.slice(0, length);
  }

  const units = ['ascii', 'z', 'é', '漢', '😀', '\ud83d', '\ude00', '\0', '\x7f', '\x80'];
  const mixedText = fc.oneof(
    anyText(),
    fc.array(fc.constantFrom(...units), { maxLength: 12 }).map((some) => some.join('')),
    fc.string({ unit: 'binary-ascii', maxLength: 200 }),
  );

  it('returns the same bytes as TextEncoder', () => {
    fc.assert(
      fc.property(mixedText, mixedText, (first, tail) => {
        expect(encodedWith(first, tail)).toEqual(new TextEncoder().encode(first + tail));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('returns the same bytes at each length, also where the fast paths end', () => {
    const lengths = [
      0, 1, 2, 3, 4, 5, 7, 8, 9, 127, 128, 129, 895, 896, 897, 1023, 1024, 1025, 4000,
    ];
    const wrong = lengths.flatMap((length) =>
      lengths
        .map((ofTail) => ['a'.repeat(length), 'bcd'.repeat(ofTail).slice(0, ofTail)] as const)
        .filter(
          ([first, tail]) =>
            Buffer.compare(encodedWith(first, tail), Buffer.from(first + tail)) !== 0,
        )
        .map(([first, tail]) => [first.length, tail.length]),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps a surrogate pair that is split between the texts', () => {
    expect(encodedWith('\ud83d', '\ude00')).toEqual(new TextEncoder().encode('😀'));
    expect(encodedWith('\ud83d', 'seed')).toEqual(new TextEncoder().encode('\ufffdseed'));
  });

  it('can be used repeatedly with one tail', () => {
    const { words } = encodeTails(['seed-1']);
    const before = structuredClone(words);
    for (const first of ['7', '4711', '漢', 'x'.repeat(2000), '']) {
      const { bytes, length } = encodeWithTail(first, 'seed-1', words, 0);
      expect(Buffer.from(bytes.slice(0, length)).toString()).toBe(`${first}seed-1`);
    }
    expect(words).toEqual(before);
  });
});
