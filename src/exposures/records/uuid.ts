import { nodeCrypto } from '../../runtime/node-crypto.ts';

/** The bytes drawn at once: drawing a few takes as long as drawing many. */
const POOL_BYTES = 4096;

/**
 * The random bytes of an id: 42 random bits, and a counter of 32 bits whose highest begins as 0.
 */
const RANDOM_BYTES = 10;

const ID_LENGTH = 36;

/** The hexadecimal digits in ASCII. */
const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** The positions of the dashes in a UUID. */
const DASHES: ReadonlySet<number> = new Set([8, 13, 18, 23]);

/** The positions of the digits in a UUID. */
const PLACES = Uint8Array.from(
  Array.from({ length: ID_LENGTH }, (_, place) => place).filter((place) => !DASHES.has(place)),
);

const COUNTER_LIMIT = 2 ** 32;

/** Fills a buffer with random bytes. */
export type FillRandom = (bytes: Uint8Array) => void;

/**
 * Generates UUIDs of version 7 (RFC 9562, section 5.7), each greater than the last, as text and as
 * bytes. Within a millisecond, and after the clock has jumped back, a counter distinguishes them
 * (section 6.2, method 1): 32 bits that begin at random below 2^31. When the counter overflows, the time
 * advances by a millisecond. The other 42 bits are random.
 */
export class UuidSequence {
  private readonly fillRandom: FillRandom;
  private readonly pool = new Uint8Array(POOL_BYTES);
  private used = POOL_BYTES;
  private readonly id = Buffer.alloc(ID_LENGTH, '-');
  private ms = -1;
  private counter = 0;

  /** @param fillRandom the random source; default: Node's cryptographic generator */
  constructor(fillRandom: FillRandom = fillRandomBytes) {
    this.fillRandom = fillRandom;
  }

  /**
   * Returns the next id.
   *
   * @param now the time in milliseconds since 1970
   */
  next(now: number): string {
    if (this.used + RANDOM_BYTES > POOL_BYTES) {
      this.fillRandom(this.pool);
      this.used = 0;
    }
    const { pool, used } = this;
    this.used += RANDOM_BYTES;
    if (now > this.ms) {
      this.ms = now;
      this.counter = wordOf(pool, used) >>> 1;
    } else if (++this.counter === COUNTER_LIMIT) {
      this.ms++;
      this.counter = 0;
    }
    const { ms, counter } = this;
    this.put(0, Math.floor(ms / 2 ** 24), 6);
    this.put(6, ms % 2 ** 24, 6);
    this.put(12, 0x7000 | (counter >>> 20), 4);
    // Two bits of the variant and 14 of the counter; the counter's last 6 come before the random bits.
    this.put(16, 0x8000 | ((counter >>> 6) & 0x3fff), 4);
    this.put(20, ((counter & 0x3f) << 18) | (wordOf(pool, used + 4) >>> 14), 6);
    this.put(26, wordOf(pool, used + 6) & 0xffffff, 6);
    return this.id.toString('latin1');
  }

  /** Writes a number's last digits, starting at the digit `first` of the 32. */
  private put(first: number, value: number, count: number): void {
    for (let i = count - 1, rest = value; i >= 0; i--, rest >>>= 4) {
      this.id[PLACES[first + i] ?? 0] = DIGITS[rest & 0xf] ?? 0;
    }
  }
}

function wordOf(bytes: Uint8Array, at: number): number {
  const word =
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0);
  return word >>> 0;
}

function fillRandomBytes(bytes: Uint8Array): void {
  nodeCrypto().randomFillSync(bytes);
}
