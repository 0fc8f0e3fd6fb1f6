import { BUCKETS, rapidhash } from '../../src/hash/bucket.ts';
import {
  avalancheOf,
  type AvalancheSummary,
  type BitAvalanche,
  bitAvalancheOf,
} from './avalanche.ts';
import { type Changed, drawnTexts, oneCharacterChanges } from './changes.ts';
import { deal, dealt, type Dealing } from './deal.ts';
import {
  type Order,
  orderOf,
  type PairIndependence,
  pairsOf,
  type Uniformity,
  uniformityOf,
} from './evenness.ts';
import type { Family } from './families.ts';
import type { PSummary } from './p-values.ts';
import { OPERATORS } from './planout-draws.ts';
import { type OperatorEvenness, operatorEvenness, segmentsGiven } from './planout-evenness.ts';
import {
  type BucketsOfDraws,
  bucketsOfDraws,
  freshMathRandom,
  randomIdentityTests,
} from './random-identity.ts';

/** The amounts that are measured. */
export interface Amounts {
  /** The most ids of a family. */
  readonly ids: number;
  /** The ids in cross-tables, for each family. */
  readonly idsInPairs: number;
  /** The one-character changes of each family. */
  readonly changes: number;
  /** The texts whose bits are flipped, for each length. */
  readonly texts: number;
  /** The units that PlanOut's operators draw for. */
  readonly units: number;
  readonly namespaces: number;
  /** The participants of experiments with the identity `random`. */
  readonly participants: number;
}

/** The amounts of the committed results. */
export const FULL: Amounts = {
  ids: 10_000_000,
  idsInPairs: 1_000_000,
  changes: 200_000,
  texts: 10_000,
  units: 100_000,
  namespaces: 10_000,
  participants: 10_000_000,
};

/** The buckets of one family's ids. */
export interface FamilyResult {
  readonly name: string;
  readonly adversarial: boolean;
  readonly ids: number;
  readonly examples: readonly string[];
  readonly uniformity: Uniformity;
  readonly pairs: PairIndependence;
  readonly order: Order;
}

/** The effect of one-character changes on one family's hashes. */
export interface ChangeResult extends AvalancheSummary {
  readonly family: string;
  readonly changed: Changed;
}

/** The bits that one-character changes flipped. */
export interface Flips {
  readonly changed: Changed;
  readonly changes: number;
  /** The number of changes that flipped each bit of the hash, the lowest first. */
  readonly flipped: readonly number[];
  /** The number of changes that flipped 0, 1, … 64 bits. */
  readonly distances: readonly number[];
}

/** The draws of one of PlanOut's operators. */
export interface OperatorResult extends OperatorEvenness {
  readonly name: string;
  readonly asked: string;
}

/** The draws of PlanOut's randomInteger for a family's ids. */
export interface UnitsResult extends OperatorEvenness {
  readonly family: string;
  readonly units: number;
}

/** The results for the identity `random`. */
export interface RandomResult {
  /** The major and minor version of Node whose `Math.random` was measured. */
  readonly node: string;
  readonly participants: number;
  readonly tests: PSummary;
  readonly counted: readonly BucketsOfDraws[];
}

/** Deals a family under all seeds and tests the buckets. */
export function measureFamily(
  family: Family,
  seeds: readonly string[],
  amounts: Amounts,
  dealing: Dealing = dealt,
): { result: FamilyResult; counts: readonly number[] } {
  const measured = { ...family, count: Math.min(family.count, amounts.ids) };
  const found = deal(measured, dealing, { seeds, keep: amounts.idsInPairs, buckets: BUCKETS });
  const idAt = family.ids();
  const examples = [idAt(0), idAt(1)];
  const result = {
    name: family.name,
    adversarial: family.adversarial,
    ids: measured.count,
    examples,
    uniformity: uniformityOf(found),
    pairs: pairsOf(found, BUCKETS),
    order: orderOf(found, BUCKETS),
  };
  return { result, counts: [...(found.counts[0] ?? [])] };
}

/** Changes one character of ids, and one of seeds. */
export function measureChanges(
  family: Family,
  seeds: readonly string[],
  { changes }: Amounts,
  hash = rapidhash,
): { result: ChangeResult; flips: Flips }[] {
  return (['id', 'seed'] as const).map((changed) => {
    const pairs = oneCharacterChanges(family, seeds, changed, changes);
    const { summary, flipped, distances } = avalancheOf(hash, pairs);
    return {
      result: { family: family.name, changed, ...summary },
      flips: { changed, changes: summary.changes, flipped, distances },
    };
  });
}

/**
 * The lengths of the texts whose bits are flipped. They cover every way in which the hash reads a
 * text.
 */
export const BIT_LENGTHS: readonly number[] = [3, 6, 12, 16, 24, 36, 64];

/** Flips each bit of texts of one length. */
export function measureBits(length: number, { texts }: Amounts, hash = rapidhash): BitAvalanche {
  return bitAvalancheOf(hash, drawnTexts(length, texts));
}

/** Draws with one of PlanOut's operators for numbered units. */
export function measureOperator(
  index: number,
  salts: readonly string[],
  units: Pick<Family, 'ids' | 'count'>,
): OperatorResult | undefined {
  const operator = OPERATORS[index];
  if (operator === undefined) return undefined;
  const { name, asked } = operator;
  return { name, asked, ...operatorEvenness(operator, units, salts) };
}

/** Draws with PlanOut's randomInteger for the ids of a family. */
export function measureUnits(
  family: Family,
  salts: readonly string[],
  units: number,
): UnitsResult | undefined {
  const operator = OPERATORS.find(({ name }) => name === 'randomInteger');
  if (operator === undefined) return undefined;
  const measured = { ids: family.ids, count: Math.min(family.count, units) };
  return {
    family: family.name,
    units: measured.count,
    ...operatorEvenness(operator, measured, salts),
  };
}

/** Tests which segments the experiments of namespaces get. */
export function measureSegments({ namespaces }: Amounts): PSummary {
  return segmentsGiven(namespaces);
}

/** Tests the draws of the identity `random`. */
export function measureRandom({ participants }: Amounts, random = freshMathRandom()): RandomResult {
  return {
    node: process.versions.node.replace(/\.\d+$/, ''),
    participants,
    tests: randomIdentityTests(random, participants),
    counted: [52, 53].map(bucketsOfDraws),
  };
}
