/*
 * Measures rules in a process of their own: under Jest, `instanceof` and other globals cost a multiple.
 * Prints the ratio of each rule's processor time to the time of other work, as JSON.
 */
import { compileRule } from '../../src/rules/compile/compile.ts';
import { version } from '../../src/rules/typed-text/version.ts';

/** Returns a rule that repeats a clause as often as it fits, for each of 9,990 items. */
function exhausting(clause: string): string {
  const [head, tail] = ['[0 for z in xs if ', '0] == []'];
  const part = `${clause} or `;
  const room = 10_000 - head.length - tail.length;
  return head + part.repeat(Math.floor(room / part.length)) + tail;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const many = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));

const xs = numbers(9990);
const megabyte = 'a'.repeat(1_000_000);
/** The same characters in another string, which can't be compared by its address. */
const copied = Buffer.from(megabyte).toString();
const wide = '😀'.repeat(100_000);
const dict = Object.fromEntries(xs.map((x) => [`key-${x}`, x]));
const long = 3n ** 6300n;
const huge = 1n << 8_000_000n;

/** The text of a version with as many identifiers as possible. */
const preRelease = (last: string) => `1.0.0-${'1.'.repeat(120)}${last}`;

/** Each clause, what its operands are, and the operands. */
const CASES: readonly (readonly [string, string, object])[] = [
  ['x[::-1] == y', 'a long text', { x: megabyte, y: copied }],
  ['x[::-1] == y', 'a text of the greatest length', { x: wide, y: '' }],
  ['x[1:] == y', 'a text of pairs', { x: wide, y: '' }],
  ['x[:5] == y', 'a text of pairs', { x: wide, y: '' }],
  ['x[-5:] == y', 'a text of pairs', { x: wide, y: '' }],
  ['x[90000] == y', 'a text of pairs', { x: wide, y: '' }],
  ['x[1:3] == y', 'a short text', { x: 'abcdef', y: '' }],
  ['x[1:] == y', 'a long list', { x: numbers(1_000_000), y: [] }],
  ['x[::-1] == y', 'a short list', { x: [1, 2, 3], y: [] }],
  ['x == y', 'long texts', { x: `${megabyte}b`, y: `${copied}c` }],
  ['x < y', 'long texts', { x: megabyte, y: copied }],
  ['x in y', 'a long text', { x: `${'a'.repeat(63)}b`, y: megabyte }],
  ['x in y', 'a list of dates', { x: new Date(-1), y: many(100_000, (i) => new Date(i)) }],
  [
    'x in y',
    'a text of a date, and dates',
    { x: '2026-12-01', y: many(100_000, (i) => new Date(i)) },
  ],
  ['x in y', 'a list of texts of dates', { x: new Date(0), y: many(100_000, (i) => `${i}-12-01`) }],
  [
    'x in y',
    'a text of a version, and versions',
    { x: '1.2', y: many(100_000, () => version('1.3')) },
  ],
  [
    'x in y',
    'a list of versions',
    { x: version(preRelease('a')), y: many(10_000, () => version(preRelease('b'))) },
  ],
  [
    'x in y',
    'a list of texts of versions',
    { x: version('1.2'), y: many(100_000, (i) => `1.3.${i}`) },
  ],
  [
    'x in y',
    'long texts of versions',
    { x: version('1.2'), y: many(10_000, (i) => preRelease(`${i}`)) },
  ],
  ['x < y', 'a version and a long text', { x: version('1.2'), y: preRelease('a') }],
  ['x > y', 'two long versions', { x: version(preRelease('a')), y: version(preRelease('b')) }],
  ['x in {y}', 'long versions', { x: version(preRelease('a')), y: version(preRelease('b')) }],
  ['x in y', 'a list of lists', { x: [1], y: many(100_000, () => []) }],
  ['x in y', 'a list of long numbers', { x: long, y: many(10_000, (i) => long + BigInt(i + 1)) }],
  ['x == y', 'lists of lists', { x: many(99_999, () => []), y: many(99_999, () => []) }],
  ['x == y', 'dicts', { x: { ...dict, z: 1 }, y: { ...dict, z: 2 } }],
  ['x in y', 'a Map with a long key', { x: copied, y: new Map([[megabyte, 1]]) }],
  ['x in y', 'a Set with a long element', { x: copied, y: new Set([megabyte]) }],
  ['x in {y}', 'long texts with a mark', { x: `\0${megabyte}b`, y: `\0${copied}c` }],
  ['x in {y: 1}', 'long keys', { x: copied, y: megabyte }],
  ['x + x == y', 'long texts', { x: 'a'.repeat(50_000), y: `${'a'.repeat(99_999)}b` }],
  ['x.lower == y', 'a long text', { x: 'aΣ'.repeat(50_000), y: '' }],
  ['x.upper == y', 'a text that grows', { x: 'ß'.repeat(50_000), y: '' }],
  ['x.lower == y', 'a text of later letters', { x: '\u{10d50}'.repeat(100_000), y: '' }],
  ['x.upper == y', 'a short text of later letters', { x: 'ab\ua7cb', y: '' }],
  ['x.lower == y', 'a short text', { x: 'Abc', y: '' }],
  ['not x', 'a large dict', { x: dict }],
  ['x % 7 < 0', 'a huge number', { x: huge }],
  ['x in y', 'a huge number', { x: huge, y: new Map() }],
  ['x // y < 0', 'long numbers', { x: long, y: 3n ** 3150n }],
  ['1&0', 'numbers', {}],
  ['3**2<0', 'numbers', {}],
];

/** Returns the milliseconds of processor time that a function takes. */
function cpuTimeOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Sorts and joins numbers: about 0.15 s on a machine on which a rule may take half a second. */
function reference(): string {
  return many(500_000, (i) => (i * 7919) % 1_000_003)
    .toSorted((a, b) => a - b)
    .join();
}

function outcomeOf(evaluate: () => boolean): unknown {
  try {
    return evaluate();
  } catch (error) {
    return Reflect.get(error as object, 'code');
  }
}

const measured = CASES.map(([clause, operands, values]) => {
  const rule = compileRule(exhausting(clause));
  const context = { xs, ...values };
  const outcome = outcomeOf(() => rule(context));
  // The best of three: the machine may be busy.
  const ratios = many(
    3,
    () => cpuTimeOf(() => outcomeOf(() => rule(context))) / cpuTimeOf(reference),
  );
  return { clause, operands, outcome, ratio: Math.min(...ratios) };
});
process.stdout.write(JSON.stringify(measured));
