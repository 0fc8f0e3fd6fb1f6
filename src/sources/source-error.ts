import { EvenhandError } from '../errors/evenhand-error.ts';
import { SourceError } from '../errors/store-errors.ts';
import { quote } from '../errors/show-value.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { Delivery, RawSpecification, Source } from './source.ts';

/** What a source threw, as an error of ours. */
export function asSourceError(source: Source, error: unknown): EvenhandError {
  if (error instanceof EvenhandError) return error;
  return new SourceError(
    `the source ${quote(source.name)} can't deliver: ${thrownMessage(error)}`,
    { cause: error },
  );
}

/**
 * Sources may be written without types.
 *
 * @throws SourceError (`source`) for what is no specification
 */
export function assertRaw(source: Source, raw: unknown): asserts raw is RawSpecification {
  if (isRaw(raw)) return;
  throw new SourceError(
    `the source ${quote(source.name)} must deliver { origin, text } or { origin, data }, with the origin and the text as strings`,
  );
}

/** Whether a source answers that nothing has changed. */
export function isUnchanged(delivery: Delivery): delivery is Exclude<Delivery, RawSpecification> {
  return (
    typeof delivery === 'object' &&
    delivery !== null &&
    'unchanged' in delivery &&
    delivery.unchanged
  );
}

/** Whether a value has the form of a specification as sources deliver it. */
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
