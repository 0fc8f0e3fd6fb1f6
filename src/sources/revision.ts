import { rapidhash } from '../hash/rapidhash.ts';
import type { RawSpecification } from './source.ts';
import type { Revision } from '../specification/types.ts';

/** 64 bits as hexadecimal digits. */
const DIGITS = 16;

/** The revision of a text that has none of its own: 16 hexadecimal digits of its rapidhash. */
export function contentRevision(text: string): string {
  return rapidhash(text).toString(16).padStart(DIGITS, '0');
}

/** The revision of several texts: another one also where they are divided otherwise. */
export function textsRevision(texts: readonly { origin: string; text: string }[]): string {
  return contentRevision(texts.map(({ origin, text }) => `${origin}\0${text}\0`).join(''));
}

/** The revision of a delivery: its own, or a hash of the content; undefined where neither can be had. */
export function revisionOf(raw: RawSpecification): Revision | undefined {
  if (raw.revision !== undefined) return raw.revision;
  if ('text' in raw) return contentRevision(raw.text);
  if ('texts' in raw) return textsRevision(raw.texts);
  try {
    return contentRevision(JSON.stringify(raw.data));
  } catch {
    // It is no JSON, which the validation will say.
    return undefined;
  }
}

/** Whether one revision is known to be before another; texts have no order. */
export function isOlder(revision: Revision | undefined, than: Revision | undefined): boolean {
  return typeof revision === 'number' && typeof than === 'number' && revision < than;
}
