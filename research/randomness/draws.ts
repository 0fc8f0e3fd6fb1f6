/** Returns random whole numbers of 32 bits, [0, 2^32). */
export type Draw = () => number;

/** The lowest word of a counter's step: 2^64 over the golden ratio. */
const STEP = 0x9e3779b9;

/**
 * Returns random numbers that a start value determines: the ids, changes and samples are the same
 * in each run and on each machine. The generator is sfc32 of C. Doty-Humphrey's PractRand, which is
 * unrelated to the hashes measured.
 */
export function createDraw(start: number): Draw {
  let a = start | 0;
  let b = STEP;
  let c = ~start;
  let counter = 1;
  const draw: Draw = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first numbers of neighbouring start values are similar.
  for (let i = 0; i < 20; i++) draw();
  return draw;
}

/**
 * Returns a whole number, [0, count). `count` is at most 2^16, so that no remainder is more
 * frequent by more than 2^-16.
 */
export function below(draw: Draw, count: number): number {
  return draw() % count;
}

/** The hexadecimal digits of every 16-bit number. */
const DIGITS = Array.from({ length: 2 ** 16 }, (_, bits) => bits.toString(16).padStart(4, '0'));

/** Returns random hexadecimal digits. */
export function hexDigits(draw: Draw, count: number): string {
  let digits = '';
  while (digits.length < count) {
    const bits = draw();
    digits += (DIGITS[bits >>> 16] ?? '') + (DIGITS[bits & 0xffff] ?? '');
  }
  return digits.slice(0, count);
}
