/** The property by which copies of the package recognise each other's versions. It holds the text. */
const VERSION: unique symbol = Symbol.for('evenhand/version') as never;

/** The most characters of a version. npm's `semver` has the same limit. */
const MAX_LENGTH = 256;

/**
 * One to three numbers, then a pre-release and build metadata. A single number has neither, so that
 * `2024-01-31` is not a version.
 */
const PATTERN =
  /^v?(\d+)(?:\.(\d+)(?:\.(\d+))?(?:-([\da-z-]+(?:\.[\da-z-]+)*))?(?:\+[\da-z-]+(?:\.[\da-z-]+)*)?)?$/i;

/** A version in the parts that it is compared by. Numbers are digits without leading zeros. */
export interface VersionParts {
  readonly kind: 'version';
  /** Major, minor and patch. */
  readonly numbers: readonly string[];
  /** Empty for a release. */
  readonly preRelease: readonly Identifier[];
}

/** An identifier of a pre-release. */
interface Identifier {
  readonly text: string;
  readonly isNumber: boolean;
}

/**
 * Reads a version: `1.10.0`, `v1.2`, `2.0.0-beta.1+build`. Missing numbers are 0. Build metadata does
 * not count.
 *
 * @returns undefined for any other text
 */
export function parseVersion(text: string): VersionParts | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', preRelease] = match;
  return {
    kind: 'version',
    numbers: [major, minor, patch].map(withoutZeros),
    preRelease: preRelease === undefined ? [] : preRelease.split('.').map(identifierOf),
  };
}

function identifierOf(text: string): Identifier {
  const isNumber = /^\d+$/.test(text);
  return { text: isNumber ? withoutZeros(text) : text, isNumber };
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/**
 * Compares versions by the precedence of semver 2.0.0 (https://semver.org, item 11). Returns a negative
 * number if the left one comes first, 0 if both have the same precedence.
 */
export function compareVersions(left: VersionParts, right: VersionParts): number {
  for (let i = 0; i < left.numbers.length; i++) {
    const difference = compareNumbers(left.numbers[i] ?? '', right.numbers[i] ?? '');
    if (difference !== 0) return difference;
  }
  const { preRelease } = left;
  const { preRelease: other } = right;
  // A release comes after its pre-releases.
  if (preRelease.length === 0 || other.length === 0) return other.length - preRelease.length;
  for (let i = 0; i < preRelease.length && i < other.length; i++) {
    const difference = compareIdentifiers(preRelease[i] ?? NOTHING, other[i] ?? NOTHING);
    if (difference !== 0) return difference;
  }
  return preRelease.length - other.length;
}

const NOTHING: Identifier = { text: '', isNumber: false };

/** Compares whole numbers of any length. */
function compareNumbers(left: string, right: string): number {
  return left.length - right.length || compareText(left, right);
}

/** Compares identifiers of pre-releases: numbers come before words. */
function compareIdentifiers(left: Identifier, right: Identifier): number {
  if (left.isNumber !== right.isNumber) return left.isNumber ? -1 : 1;
  return left.isNumber ? compareNumbers(left.text, right.text) : compareText(left.text, right.text);
}

/** Compares texts of ASCII characters. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * A version in the context of a decision. Rules compare it with text: `app >= "1.10.0"`. As an identity,
 * in records and in explanations it is its text.
 */
export class Version {
  // Private, so that no rule can read it as an attribute.
  readonly #parts: VersionParts;
  declare private readonly [VERSION]: string;

  /** Made by {@link version}. */
  constructor(text: string, parts: VersionParts) {
    this.#parts = parts;
    // Not enumerable, so that a log shows no symbol.
    Object.defineProperty(this, VERSION, { value: text });
    Object.freeze(this);
  }

  /** Returns the text that the version was made from. */
  toString(): string {
    return this[VERSION];
  }

  /** Returns the text that the version was made from. */
  toJSON(): string {
    return this[VERSION];
  }

  /**
   * Returns the parts of a version, also of one from another copy of the package; undefined for other
   * values. Reads one property of an object, which may throw.
   */
  static partsOf(value: object): VersionParts | undefined {
    if (#parts in value) return value.#parts;
    const text: unknown = Reflect.get(value, VERSION);
    return typeof text === 'string' ? parseVersion(text) : undefined;
  }

  /** Returns the text of a version that {@link Version.partsOf} has recognised. */
  static textOf(value: object): string {
    return String(Reflect.get(value, VERSION));
  }
}

/**
 * Makes a context value that rules compare as a semantic version (semver 2.0.0), not character by
 * character: with `app: version(req.get('x-app-version'))` in the context, the rule `app >= "1.10.0"` is
 * true for `1.10.0`, `1.11` and `v2.0.0-beta.1`. Missing numbers are 0, spaces around the text and a `v`
 * before it are ignored, and so is build metadata.
 *
 * Never throws, whatever a client sends.
 *
 * @param text usually a header; a version is returned as it is
 * @returns null, which rules read as `None`, if the text is absent or is not a version: empty, more than
 *   three numbers, more than 256 characters, a list, or any other value. Guard the comparison with
 *   `app is not None and …`: like any other order, `None >= "1.10.0"` is a RuleError.
 */
export function version(text: unknown): Version | null {
  try {
    if (typeof text === 'string') {
      const parts = parseVersion(text);
      return parts === undefined ? null : new Version(text.trim(), parts);
    }
    const isVersion =
      typeof text === 'object' && text !== null && Version.partsOf(text) !== undefined;
    return isVersion ? (text as Version) : null;
  } catch {
    // A Proxy that refuses to be read.
    return null;
  }
}
