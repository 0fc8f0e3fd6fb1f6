import { OptionError } from '../../errors/usage-errors.ts';
import { BUCKETS, FINE_BUCKETS } from '../../hash/bucket.ts';
import type { AllocationSpec, ExperimentSpec } from '../../specification/types.ts';
import { DEFAULT_PARKED } from '../parked.ts';
import {
  bucketsIn,
  bucketsOf,
  countOf,
  homeOf,
  listingOf,
  percentIn,
  percentOf,
} from './listing.ts';
import { type Buckets, reassign } from './reassign.ts';

const WHOLE = 100;

/** Buckets that go from one variant to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** Of 100, or of the rollout's `buckets`. */
  readonly buckets: number;
}

/** The change to one audience's allocations. */
export interface Rollout {
  /** Position of the audience, from 0. */
  readonly audience: number;
  readonly before: readonly AllocationSpec[];
  readonly after: readonly AllocationSpec[];
  readonly moves: readonly Move[];
  /**
   * The number of buckets that the experiment needs, if it is not 100. The experiment may have 100 before,
   * if the wanted percent has decimals.
   */
  readonly buckets?: typeof FINE_BUCKETS;
}

/** The wanted percent of a variant. */
export interface RolloutRequest {
  readonly variant: string;
  /** 0–100, with at most two decimals. */
  readonly to: number;
  /** Position of the audience, from 0; default: the audience that lists the variant. */
  readonly audience?: number | undefined;
  /** Variants that give up buckets, or receive them if the variant shrinks; used in this order. */
  readonly from: readonly string[];
}

/**
 * Plans the change of allocations that gives a variant its percent and moves the fewest participants. A
 * percent with decimals needs 10,000 buckets, which alone move no one.
 *
 * @throws OptionError (`option`) if the audience or the other variant is not certain
 */
export function planRollout(spec: ExperimentSpec, request: RolloutRequest): Rollout {
  const { variant, to } = request;
  const audience = request.audience ?? audienceOf(spec, variant);
  const before = spec.audiences[audience]?.allocations ?? [];
  const count = spec.buckets ?? (Number.isInteger(to) ? BUCKETS : FINE_BUCKETS);
  const buckets = bucketsOf(before, count);
  const growth = bucketsIn(to, count) - countOf(buckets, variant);
  const others = growth === 0 ? [] : othersOf(spec, buckets, request, growth);
  let after = buckets;
  const moves: Move[] = [];
  let left = Math.abs(growth);
  for (const other of others) {
    const [from, receiver] = growth > 0 ? [other, variant] : [variant, other];
    const given = Math.min(left, countOf(after, from));
    if (given === 0) continue;
    after = reassign(after, from, receiver, given, homeOf(before, receiver, count));
    moves.push({ from, to: receiver, buckets: given });
    left -= given;
  }
  if (left > 0) throw tooFew(spec, buckets, request, growth, others);
  const plan = { audience, before, after: listingOf(after, before), moves };
  return count === FINE_BUCKETS ? { ...plan, buckets: count } : plan;
}

/** Returns the only audience that allocates to the variant, or that lists it, or that exists. */
function audienceOf({ name, audiences }: ExperimentSpec, variant: string): number {
  const indexes = [...audiences.keys()];
  const listed = indexes.filter((i) =>
    audiences[i]?.allocations.some((one) => one.variant === variant),
  );
  const allocated = listed.filter((i) =>
    audiences[i]?.allocations.some((one) => one.variant === variant && one.percent > 0),
  );
  for (const candidates of [allocated, listed, indexes]) {
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) return only;
  }
  const list = audiences.map(({ rule }, i) => `${i + 1}: ${rule ?? 'everyone else'}`);
  throw new OptionError(
    `"${name}" has ${audiences.length} audiences; choose one with --audience\n  ${list.join('\n  ')}`,
  );
}

/** Returns the variants that give up buckets, or receive them if the variant shrinks. */
function othersOf(
  { audiences, variants }: ExperimentSpec,
  buckets: Buckets,
  { variant, to, from }: RolloutRequest,
  growth: number,
): readonly string[] {
  if (from.length > 0) return from;
  const others = variants.map(({ name }) => name).filter((name) => name !== variant);
  // A shrinking variant can give to any other; a growing one takes from variants with buckets.
  const candidates = growth > 0 ? others.filter((name) => percentOf(buckets, name) > 0) : others;
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return [only];
  // At 100 percent, all other variants give up everything.
  if (to === WHOLE) return candidates;
  // A parked variant comes first: people who see nothing new can start to take part without harm.
  const parked = candidates.filter((name) => DEFAULT_PARKED.includes(name));
  const [idle] = parked;
  if (idle !== undefined && parked.length === 1) return [idle];
  // Then the fallback audience's only variant: people who have it are treated like non-participants.
  const resting = audiences.at(-1)?.allocations.filter(({ percent }) => percent > 0) ?? [];
  const [rest] = resting;
  if (rest !== undefined && resting.length === 1 && candidates.includes(rest.variant)) {
    return [rest.variant];
  }
  const shares = candidates.map((name) => `${name} (${percentOf(buckets, name)}%)`).join(', ');
  const verb = growth > 0 ? 'give up' : 'receive';
  throw new OptionError(
    `several variants could ${verb} buckets; choose one or more with --from: ${shares}`,
  );
}

function tooFew(
  { name }: ExperimentSpec,
  buckets: Buckets,
  { variant, to }: RolloutRequest,
  growth: number,
  others: readonly string[],
): OptionError {
  const has = others.map((one) => `${one} only has ${percentOf(buckets, one)}%`).join(', ');
  return new OptionError(
    `"${name}": ${variant} needs ${percentIn(growth, buckets.length)}% more to reach ${to}%, but ${has}; name more variants with --from`,
  );
}
