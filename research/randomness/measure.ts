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

/** How much is measured. */
export interface Amounts {
  /** Ids of a family at most. */
  readonly ids: number;
  /** Ids in cross-tables, for each family. */
  readonly idsInPairs: number;
  /** One-character changes, for each family. */
  readonly changes: number;
  /** Texts whose bits are flipped, for each length. */
  readonly texts: number;
  /** Units that PlanOut's operators draw for. */
  readonly units: number;
  readonly namespaces: number;
  /** Participants of experiments by the identity `random`. */
  readonly participants: number;
}

/** What the committed results were measured with. */
export const FULL: Amounts = {
  ids: 10_000_000,
  idsInPairs: 1_000_000,
  changes: 200_000,
  texts: 10_000,
  units: 100_000,
  namespaces: 10_000,
  participants: 10_000_000,
};

/** Where the ids of one family go. */
export interface FamilyResult {
  readonly name: string;
  readonly adversarial: boolean;
  readonly ids: number;
  readonly examples: readonly string[];
  readonly uniformity: Uniformity;
  readonly pairs: PairIndependence;
  readonly order: Order;
}

/** What one-character changes do to the hashes of one family. */
export interface ChangeResult extends AvalancheSummary {
  readonly family: string;
  readonly changed: Changed;
}

/** What changes of one character flipped. */
export interface Flips {
  readonly changed: Changed;
  readonly changes: number;
  /** For each bit of the hash, the lowest first, how many changes flipped it. */
  readonly flipped: readonly number[];
  /** How many changes flipped 0, 1, … 64 bits. */
  readonly distances: readonly number[];
}

/** What an operator of PlanOut draws. */
export interface OperatorResult extends OperatorEvenness {
  readonly name: string;
  readonly asked: string;
}

/** How the randomInteger of PlanOut draws for the ids of a family. */
export interface UnitsResult extends OperatorEvenness {
  readonly family: string;
  readonly units: number;
}

/** The identity `random`. */
export interface RandomResult {
  /** Major and minor version of Node, whose `Math.random` was measured. */
  readonly node: string;
  readonly participants: number;
  readonly tests: PSummary;
  readonly counted: readonly BucketsOfDraws[];
}

/** Deals a family under all seeds and looks at what comes out. */
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

/** Changes a character of ids, and one of seeds. */
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

/** Lengths whose bits are flipped: each way of the hash to take a text in. */
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

/** Which segments the experiments of namespaces get. */
export function measureSegments({ namespaces }: Amounts): PSummary {
  return segmentsGiven(namespaces);
}

/** Draws of the identity `random`. */
export function measureRandom({ participants }: Amounts, random = freshMathRandom()): RandomResult {
  return {
    node: process.versions.node.replace(/\.\d+$/, ''),
    participants,
    tests: randomIdentityTests(random, participants),
    counted: [52, 53].map(bucketsOfDraws),
  };
}
