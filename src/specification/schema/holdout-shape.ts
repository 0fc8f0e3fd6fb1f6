import type { BucketCount } from '../../hash/bucket.ts';
import type { RawAnalysis } from '../metrics/raw-metric.ts';
import { experimentsSchema } from './schema.ts';

/** A holdout that fits the JSON Schema, before defaults are filled in. */
export interface RawHoldout {
  name: string;
  identity: string | readonly string[];
  seed?: string | null;
  percent: number;
  buckets?: BucketCount;
  experiments: string[];
  description?: string;
  owner?: string;
  expires?: string;
  analysis?: RawAnalysis;
}

const HOLDOUT = 'holdouts/*';

/** The subject and the requirement of the message "… must be …", by kind of place in a holdout. */
export const HOLDOUT_MUST_BE: readonly (readonly [string, readonly [string, string]])[] = [
  ['holdouts', ['holdouts', 'a list']],
  [HOLDOUT, ['a holdout', 'an object with "name", "identity", "percent" and "experiments"']],
  [`${HOLDOUT}/experiments`, ['experiments', 'a list of at least one name of an experiment']],
  [
    `${HOLDOUT}/experiments/*`,
    ['an experiment of a holdout', 'its name (letters, digits and underscores)'],
  ],
];

/** The properties that the schema allows, by kind of place in a holdout. */
export const HOLDOUT_KNOWN: readonly (readonly [string, readonly string[]])[] = [
  [HOLDOUT, Object.keys(experimentsSchema.$defs.holdout.properties)],
];

/** Returns the kind of place that keys lead to; a property with the meaning it has elsewhere, such as `name`, is its own. */
export function holdoutPlaceOf([list = '', index, property, item]: readonly string[]): string {
  if (index === undefined) return list;
  if (property === undefined) return HOLDOUT;
  if (property === 'identity' && item !== undefined) return 'identity/*';
  if (property !== 'experiments') return property;
  return item === undefined ? `${HOLDOUT}/experiments` : `${HOLDOUT}/experiments/*`;
}
