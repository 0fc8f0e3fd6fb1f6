import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { experimentAt } from '../../specification/schedule/schedule.ts';
import type { Specification } from '../../specification/types.ts';
import { member } from '../../json/own.ts';
import type { JsonPath } from '../../changes/edit-json.ts';
import type { SpecificationText } from '../../changes/find-experiment.ts';
import type { DocumentPart } from '../store/workspace.ts';

/** The lists of a document by the kind of their parts. */
export const LISTS = {
  experiment: 'experiments',
  segment: 'segments',
  holdout: 'holdouts',
  metric: 'metrics',
} as const;

/** The property of a document that declares the context. */
export const CONTEXT = 'context';

/** The hexadecimal digits of a version: 64 bits. */
const DIGITS = 16;

/** The version of a part that does not exist. */
export const NO_VERSION = '-';

/** Returns the keys that lead to a part of a document; undefined if the document has no such part. */
export function placeOf(
  { data, specification }: Pick<SpecificationText, 'data' | 'specification'>,
  { kind, name }: DocumentPart,
): JsonPath | undefined {
  if (kind === 'context') return member(data, CONTEXT) === undefined ? undefined : [CONTEXT];
  const index = (specification[LISTS[kind]] ?? []).findIndex((one) => one.name === name);
  if (index < 0) return undefined;
  return Array.isArray(data) ? [index] : [LISTS[kind], index];
}

/** Returns a part as indented JSON; undefined if the document has no such part. */
export function partText(base: SpecificationText, part: DocumentPart): string | undefined {
  const place = placeOf(base, part);
  if (place === undefined) return undefined;
  let value: unknown = base.data;
  for (const key of place) {
    value = Array.isArray(value) ? value[Number(key)] : member(value, String(key));
  }
  return JSON.stringify(value, undefined, 2);
}

/**
 * Returns a text that differs whenever the part differs, for the field `version` of forms: 16 hexadecimal
 * digits, or `-` if there is no such part. It is the same for the specification in force and for that of the
 * store. Of an experiment with a schedule, it covers the steps and the audiences in force; those before the
 * first step only until then. A specification does not keep its declared context, so the version of that part
 * is `-`; use {@link versionOfText}.
 *
 * @param now milliseconds since 1970
 */
export function versionOf(specification: Specification, part: DocumentPart, now: number): string {
  const { kind, name } = part;
  if (kind === 'context') return NO_VERSION;
  if (kind !== 'experiment') {
    return digestOf((specification[LISTS[kind]] ?? []).find((one) => one.name === name));
  }
  const spec = specification.experiments.find((one) => one.name === name);
  if (spec === undefined) return NO_VERSION;
  // Segments and prerequisites are parts of their own, and the step in force follows from the time.
  const others = { since: undefined, segments: undefined, prerequisites: undefined };
  const own = { ...experimentAt(spec, now), ...others };
  return digestOf(own);
}

/** Returns the version of a part's JSON, however it is formatted: for forms that replace the whole part. */
export function versionOfText(text: string | undefined): string {
  return text === undefined ? NO_VERSION : `j${digestOf(JSON.parse(text))}`;
}

function digestOf(value: unknown): string {
  if (value === undefined) return NO_VERSION;
  const text = JSON.stringify(value);
  return nodeCrypto().createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
