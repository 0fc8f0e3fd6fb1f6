import { below, createDraw, type Draw, hexDigits } from './draws.ts';

/** A kind of ids. */
export interface Family {
  readonly name: string;
  /** The number of ids that are measured. */
  readonly count: number;
  /** True if the ids were made to resemble each other. */
  readonly adversarial: boolean;
  /**
   * Starts over, and returns a function that gives the id at each place. It is called in order from
   * 0.
   */
  readonly ids: () => (place: number) => string;
}

/** The number of ids of each common kind, and of all adversarial kinds together. */
const MANY = 10_000_000;

/**
 * The number of ids of an adversarial kind that is fast to hash. There are nine such kinds; the
 * others have one million ids together.
 */
const SOME = 1_000_000;

const FIRST = 'anna ben chloe david elif felix grace hugo ida jonas kim lena max nora omar'.split(
  ' ',
);
const LAST = 'smith mueller garcia rossi nguyen kowalski dubois silva ivanov tanaka'.split(' ');
const DOMAINS = 'example.com example.org mail.example.net example.co.uk'.split(' ');

/** Words and digits beyond ASCII, with one, two, three and four bytes a character. */
const SCRIPTS = ['Zoë', 'Ольга', 'Δήμητρα', '田中', 'علي', 'अनु', '👩🏽‍💻', '🎲'];
const ARABIC_ZERO = 0x660;

/** The start time of ids that contain a time: 2026-01-01, in milliseconds. */
const EPOCH_MS = 1_767_225_600_000;

/** The characters of ids that repeat one character. */
const CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

const plain = (of: (place: number) => string) => () => of;

const drawn = (start: number, of: (draw: Draw, place: number) => string) => () => {
  const draw = createDraw(start);
  return (place: number) => of(draw, place);
};

/** The kinds of ids that are common in applications. */
const COMMON: readonly Omit<Family, 'count' | 'adversarial'>[] = [
  { name: 'sequential', ids: plain((i) => String(i + 1)) },
  {
    name: 'random',
    // 53 bits, like JavaScript's whole numbers.
    ids: drawn(1, (draw) => String((draw() >>> 11) * 2 ** 32 + draw())),
  },
  { name: 'UUID v4', ids: drawn(2, uuid4) },
  { name: 'UUID v7', ids: drawn(3, uuid7) },
  { name: 'e-mail', ids: plain(email) },
];

const ADVERSARIAL: readonly (Omit<Family, 'count' | 'adversarial'> & { count?: number })[] = [
  // 20 binary digits. Each id differs from 20 others in one bit, and from its predecessor in one bit.
  { name: 'one bit apart', ids: plain((i) => (i ^ (i >>> 1)).toString(2).padStart(20, '0')) },
  { name: 'zero-padded', ids: plain((i) => String(i).padStart(16, '0')) },
  { name: 'multiples of 1,000', ids: plain((i) => String(i * 1000)) },
  { name: 'multiples of 2^20', ids: plain((i) => String(i * 2 ** 20)) },
  { name: 'decimals', ids: plain((i) => String(i / 1000)) },
  { name: 'long prefix', ids: plain((i) => 'customer-'.repeat(11) + i) },
  { name: 'long suffix', ids: plain((i) => i + '@customers.example.com'.repeat(4)) },
  { name: 'ObjectId', ids: plain(objectId) },
  { name: 'tracking key', ids: drawn(4, (draw) => hexDigits(draw, 32)) },
  {
    name: 'beyond ASCII',
    count: 700_000,
    ids: plain((i) => `${SCRIPTS[i % SCRIPTS.length] ?? ''}-${arabic(i)}`),
  },
  { name: '500 characters', count: 200_000, ids: plain((i) => inTheMiddle(i, 500)) },
  { name: '2,000 characters', count: 100_000, ids: plain((i) => inTheMiddle(i, 2000)) },
  {
    name: 'one character repeated',
    // Lengths from 1 to 500.
    count: CHARACTERS.length * 500,
    ids: plain((i) =>
      (CHARACTERS[i % CHARACTERS.length] ?? '').repeat(Math.floor(i / CHARACTERS.length) + 1),
    ),
  },
];

/** All kinds, in the order of the tables. */
export const FAMILIES: readonly Family[] = [
  ...COMMON.map((family) => ({ ...family, count: MANY, adversarial: false })),
  ...ADVERSARIAL.map((family) => ({ count: SOME, ...family, adversarial: true })),
];

function uuid4(draw: Draw): string {
  const digits = hexDigits(draw, 30);
  const variant = '89ab'[below(draw, 4)] ?? '8';
  return withHyphens(`${digits.slice(0, 12)}4${digits.slice(12, 15)}${variant}${digits.slice(15)}`);
}

/** Returns one id for each millisecond: 48 bits of time, and 74 random bits. */
function uuid7(draw: Draw, place: number): string {
  const time = (EPOCH_MS + place).toString(16).padStart(12, '0');
  const digits = hexDigits(draw, 18);
  const variant = '89ab'[below(draw, 4)] ?? '8';
  return withHyphens(`${time}7${digits.slice(0, 3)}${variant}${digits.slice(3)}`);
}

function withHyphens(digits: string): string {
  const [time, middle, version] = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16)];
  return `${time}-${middle}-${version}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

function email(place: number): string {
  const first = FIRST[place % FIRST.length] ?? '';
  const rest = Math.floor(place / FIRST.length);
  const last = LAST[rest % LAST.length] ?? '';
  const number = Math.floor(rest / LAST.length);
  return `${first}.${last}${number}@${DOMAINS[number % DOMAINS.length] ?? ''}`;
}

/** Returns MongoDB's ids: seconds, five bytes of the process, and a counter. */
function objectId(place: number): string {
  const seconds = (EPOCH_MS / 1000 + Math.floor(place / 100)).toString(16);
  return `${seconds}5f2b9c04d7${place.toString(16).padStart(6, '0')}`;
}

function arabic(place: number): string {
  return String(place).replace(/\d/g, (digit) => String.fromCharCode(ARABIC_ZERO + Number(digit)));
}

function inTheMiddle(place: number, length: number): string {
  const half = 'x'.repeat(length / 2);
  return half + String(place).padStart(8, '0') + half.slice(8);
}
