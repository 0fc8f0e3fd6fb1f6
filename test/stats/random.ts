/**
 * Random numbers in [0, 1) that a seed determines: xorshift128 of G. Marsaglia, "Xorshift RNGs",
 * Journal of Statistical Software 8 (2003).
 */
export function createRandom(seed: number): () => number {
  let x = 123456789;
  let y = 362436069;
  let z = 521288629;
  let w = 88675123 ^ Math.imul(seed + 1, 0x9e3779b1);
  const next = (): number => {
    const mixed = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ mixed ^ (mixed >>> 8);
    return (w >>> 0) / 2 ** 32;
  };
  // The first numbers of neighbouring seeds are similar.
  for (let i = 0; i < 20; i++) next();
  return next;
}
