import { FINE_BUCKETS } from '../../hash/bucket.ts';
import { own } from '../../json/own.ts';
import type { IdentitySpec } from '../identity-paths.ts';
import { toAnalysis } from '../metrics/to-analysis.ts';
import type { RawHoldout } from '../schema/holdout-shape.ts';
import type { HoldoutSpec } from '../types.ts';

/**
 * Returns a valid holdout in its final form.
 *
 * @param identity in its final form
 */
export function toHoldout(raw: RawHoldout, identity: IdentitySpec): HoldoutSpec {
  const { name, percent, experiments } = raw;
  const buckets = own(raw, 'buckets');
  const description = own(raw, 'description');
  const owner = own(raw, 'owner');
  const expires = own(raw, 'expires');
  const analysis = own(raw, 'analysis');
  return Object.freeze({
    name,
    identity,
    seed: own(raw, 'seed') ?? name,
    percent,
    ...(buckets === FINE_BUCKETS && { buckets }),
    experiments: Object.freeze([...experiments]),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(expires !== undefined && { expires }),
    ...(analysis !== undefined && { analysis: toAnalysis(analysis) }),
  });
}
