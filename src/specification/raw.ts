import { rapidhash } from '../hash/bucket.ts';
import type { Revision } from './types.ts';

/** The part that all deliveries have. */
interface Delivered {
  /** The origin of the specification, for messages: a file's path, a table, an address. Without secrets. */
  readonly origin: string;
  /** Default: a hash of the content. */
  readonly revision?: Revision | undefined;
}

/** A specification as parsed JSON, not yet validated. */
export interface RawData extends Delivered {
  /** The content of `experiments.config.json`: a list of experiments or an object with `experiments`. */
  readonly data: unknown;
  /**
   * True if people know the experiments by name, not by their place in a list, as with the rows of a
   * table. Problems then contain the name. Default: false.
   */
  readonly named?: boolean | undefined;
  /**
   * True if nothing changes `data` any more. Evenhand then prepares thousands of experiments in small
   * slices and answers requests in between. Default: false.
   */
  readonly final?: boolean | undefined;
}

/** A specification as text; problems in it are reported with line and column. */
export interface RawText extends Delivered {
  /** JSON. */
  readonly text: string;
}

/** A specification in several texts. Problems in a text are reported with that text's origin. */
export interface RawTexts extends Delivered {
  readonly texts: readonly RawText[];
}

/** A specification as a source delivers it; the client parses and validates it. */
export type RawSpecification = RawData | RawText | RawTexts;

/** Returns true if a value has the form of a raw specification; sources may be written without types. */
export function isRaw(raw: unknown): raw is RawSpecification {
  if (typeof raw !== 'object' || raw === null) return false;
  if (!('origin' in raw) || typeof raw.origin !== 'string') return false;
  if ('revision' in raw && !['string', 'number', 'undefined'].includes(typeof raw.revision)) {
    return false;
  }
  if ('texts' in raw) return Array.isArray(raw.texts) && raw.texts.every(isText);
  return 'text' in raw ? isText(raw) : 'data' in raw;
}

function isText(raw: unknown): boolean {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    'origin' in raw &&
    typeof raw.origin === 'string' &&
    'text' in raw &&
    typeof raw.text === 'string'
  );
}

/** 64 bits as hexadecimal digits. */
const DIGITS = 16;

/** Returns the revision of a text without one of its own: 16 hexadecimal digits of its rapidhash. */
export function contentRevision(text: string): string {
  return rapidhash(text).toString(16).padStart(DIGITS, '0');
}

/** Returns the revision of several texts; it changes when the texts are divided differently. */
export function textsRevision(texts: readonly { origin: string; text: string }[]): string {
  return contentRevision(texts.map(({ origin, text }) => `${origin}\0${text}\0`).join(''));
}

/**
 * Returns the revision of a raw specification: its own, or a hash of its content.
 *
 * @returns undefined if the data is not JSON; validation reports that
 */
export function revisionOf(raw: RawSpecification): Revision | undefined {
  if (raw.revision !== undefined) return raw.revision;
  if ('text' in raw) return contentRevision(raw.text);
  if ('texts' in raw) return textsRevision(raw.texts);
  try {
    return contentRevision(JSON.stringify(raw.data));
  } catch {
    return undefined;
  }
}

/** Returns true if a revision is known to be older than another; only numbers have an order. */
export function isOlder(revision: Revision | undefined, than: Revision | undefined): boolean {
  return typeof revision === 'number' && typeof than === 'number' && revision < than;
}
