import { keyedHash } from '../../../src/exposures/deduplication/seen-units.ts';

const texts = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);

describe('keyedHash', () => {
  it('is equal for equal arguments, and differs for another key, number or text', () => {
    const hash = keyedHash(1, 2, 3, 'ada');
    expect(keyedHash(1, 2, 3, 'ada')).toBe(hash);
    const others = [
      keyedHash(9, 2, 3, 'ada'),
      keyedHash(1, 9, 3, 'ada'),
      keyedHash(1, 2, 9, 'ada'),
      keyedHash(1, 2, 3, 'adb'),
      keyedHash(1, 2, 3, 'ad'),
      keyedHash(1, 2, 3, 'ada\u0000'),
      keyedHash(1, 2, 3, ''),
    ];
    expect(new Set([hash, ...others]).size).toBe(8);
  });

  it('is a 32-bit integer', () => {
    expect(texts.every((text) => (keyedHash(7, 8, 0, text) | 0) === keyedHash(7, 8, 0, text))).toBe(
      true,
    );
  });

  it.each([0, 8, 16, 24])('spreads similar texts evenly over its bits from %d', (shift) => {
    const counts = Array.from({ length: 256 }, () => 0);
    for (const text of texts) {
      const at = (keyedHash(123, -456, 1, text) >>> shift) & 0xff;
      counts[at] = (counts[at] ?? 0) + 1;
    }
    const expected = texts.length / 256;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 255 degrees of freedom: 340 has a probability of 0.0003.
    expect(chiSquare).toBeLessThan(340);
  });
});
