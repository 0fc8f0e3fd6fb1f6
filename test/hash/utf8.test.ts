import * as fc from 'fast-check';
import { encodeUtf8 } from '../../src/hash/utf8.ts';

function encoded(first: string, second: string): Uint8Array {
  const { bytes, length } = encodeUtf8(first, second);
  return bytes.slice(0, length);
}

describe('encodeUtf8', () => {
  it('gives the bytes TextEncoder gives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
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
