import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { identityText } from '../../../src/hash/text.ts';
import { compareVersions, Version, version } from '../../../src/rules/typed-text/version.ts';
import { runs } from '../../runs.ts';
import { outcomeOf } from '../outcome.ts';

const semver = jest.requireActual<{ compare(left: string, right: string): number }>('semver');

/** Returns the sign of a comparison of two readable versions. */
function order(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => Version.partsOf(version(text) ?? {}));
  if (a === undefined || b === undefined) throw new Error(`${left} or ${right} is not a version`);
  return Math.sign(compareVersions(a, b));
}

const number = fc.oneof(fc.nat({ max: 3 }).map(String), fc.nat().map(String));
const identifier = fc.oneof(
  number,
  fc
    .string({
      unit: fc.constantFrom('a', 'b', 'A', 'B', '0', '1', '9', '-'),
      minLength: 1,
      maxLength: 4,
    })
    // semver refuses numbers with leading zeros.
    .filter((text) => !/^\d+$/.test(text)),
);
const identifiers = fc
  .array(identifier, { minLength: 1, maxLength: 3 })
  .map((all) => all.join('.'));

/** Versions as semver.org defines them. */
const versions = fc
  .tuple(number, number, number, fc.option(identifiers), fc.option(identifiers))
  .map(
    ([major, minor, patch, pre, build]) =>
      `${major}.${minor}.${patch}${pre === null ? '' : `-${pre}`}${build === null ? '' : `+${build}`}`,
  );

describe('the order of versions', () => {
  const ASCENDING = [
    // The examples of semver.org, item 11.
    ['1.0.0', '2.0.0', '2.1.0', '2.1.1'],
    ['1.0.0-alpha', '1.0.0'],
    [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ],
    ['1.9.0', '1.10.0', '1.11.0'],
    ['1.0.0-9', '1.0.0-10', '1.0.0--', '1.0.0-A', '1.0.0-a', '1.0.0-a-b'],
    ['0.0.0', '0.0.9007199254740993', '0.0.9007199254740994', '0.0.123456789012345678901234567890'],
  ];

  it.each(ASCENDING)('puts %s first, and so on', (...texts) => {
    for (const [i, left] of texts.entries()) {
      for (const [j, right] of texts.entries()) {
        expect([left, right, order(left, right)]).toEqual([left, right, Math.sign(i - j)]);
      }
    }
  });

  it.each([
    ['1.0.0+a', '1.0.0+b'],
    ['1.0.0-rc.1+5', '1.0.0-rc.1'],
    ['v1.2', '1.2.0'],
    ['1', '1.0.0'],
    ['V2.0.0', ' 2.0 '],
    ['01.002.0', '1.2'],
    ['1.2-beta', '1.2.0-beta'],
  ])('treats %s and %s as equal', (left, right) => {
    expect(order(left, right)).toBe(0);
  });

  it("is that of npm's semver", () => {
    fc.assert(
      fc.property(versions, versions, (left, right) => {
        expect(order(left, right)).toBe(semver.compare(left, right));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('is total: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        expect(order(a, b) + order(b, a)).toBe(0);
        const [first, second, third] = [a, b, c].sort(order);
        expect(order(first ?? '', second ?? '')).toBeLessThanOrEqual(0);
        expect(order(first ?? '', third ?? '')).toBeLessThanOrEqual(0);
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('version', () => {
  it.each([
    undefined,
    null,
    '',
    '   ',
    'garbage',
    'v',
    '1.',
    '.1',
    '1..2',
    '1.10.0.4',
    '1.2.x',
    '^1.2.3',
    '=1.2.3',
    '1.2.3-',
    '1.2.3+',
    '1.2.3-a..b',
    '1.2.3-é',
    '1.2.3\u0000',
    '1.2.3, 1.2.4',
    '2024-01-31',
    '1-alpha',
    '-1.0.0',
    '1e3',
    '١.٢.٣',
    '9'.repeat(10_000),
    `1.0.0-${'a'.repeat(10_000)}`,
    ' '.repeat(10_000),
    1.1,
    2n,
    true,
    Symbol('1.2.3'),
    ['1.2.3'],
    { toString: () => '1.2.3' },
    () => '1.2.3',
    new Date(),
  ])('is null, which rules read as None, for %p', (text) => {
    expect(version(text)).toBeNull();
    expect(outcomeOf('app is None and app == None and not app', { app: version(text) })).toBe(true);
    expect(outcomeOf('app >= "1.0.0"', { app: version(text) })).toBe('type');
    expect(outcomeOf('app is not None and app >= "1.0.0"', { app: version(text) })).toBe(false);
  });

  it('never throws, and gives null or the text without the spaces around it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything({ withBigInt: true, withDate: true }), fc.string()),
        (value) => {
          const made = version(value);
          const text = typeof value === 'string' ? value.trim() : undefined;
          expect([null, text]).toContain(made === null ? null : String(made));
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  it('is null for objects that refuse to be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const refuses = new Proxy(
      {},
      {
        get() {
          throw new Error('no');
        },
      },
    );
    const answersAll = new Proxy({}, { get: () => () => '1.0.0', has: () => true });
    for (const value of [proxy, refuses, answersAll]) expect(version(value)).toBeNull();
  });

  it('returns a version as it is', () => {
    const app = version('1.10');
    expect(version(app)).toBe(app);
  });

  it('is its text as an identity, in JSON and in text', () => {
    const app = version(' v1.10.0-rc.1+linux ');
    expect(String(app)).toBe('v1.10.0-rc.1+linux');
    expect(identityText(app)).toBe('v1.10.0-rc.1+linux');
    expect(JSON.stringify({ app })).toBe('{"app":"v1.10.0-rc.1+linux"}');
  });

  it('cannot be changed, and shows rules no attribute', () => {
    const app = version('1.10.0');
    expect(Object.isFrozen(app)).toBe(true);
    for (const name of ['text', 'length', 'toString', 'toJSON', 'numbers', 'partsOf', 'evenhand']) {
      expect(outcomeOf(`app.${name} == 1`, { app })).toBe('attribute');
    }
  });

  it('is recognised when another copy of the package has made it', () => {
    const app: unknown = runInNewContext(
      `Object.freeze(Object.defineProperty({}, Symbol.for('evenhand/version'), { value: '1.10.0' }))`,
    );
    expect(
      outcomeOf('app >= "1.9" and app == "1.10" and app == other', { app, other: version('1.10') }),
    ).toBe(true);
    expect(version(app)).toBe(app);
  });
});
