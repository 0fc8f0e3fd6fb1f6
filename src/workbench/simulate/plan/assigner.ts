import type { CompiledAudience } from '../../../assignment/audience.ts';
import type { CompiledExperiment } from '../../../assignment/experiment.ts';
import { type BucketCount, BUCKETS } from '../../../hash/bucket.ts';
import { withAnswers } from '../../../rules/compile/answers.ts';
import type { CompiledRule } from '../../../rules/compile/compile.ts';
import { percentsByVariant } from '../../../specification/percents.ts';

/** Returns the bucket of an identity's text, [0, buckets). */
export type BucketFunction = (identity: string, seed: string, buckets: BucketCount) => number;

/** A place where units of an experiment end up: a variant in an audience. */
export interface Cell {
  /** Index of the audience, in the order of the specification. */
  readonly audience: number;
  readonly variant: string;
  /** The sum of the audience's allocations to the variant. */
  readonly percent: number;
}

/** The reason for a unit's failed decision. */
export interface UnitFailure {
  /** The audience whose rule failed, or that needed the identity. */
  readonly audience: number;
  readonly thrown: unknown;
}

/** The outcome or error that a rule has for all units alike. */
export type Settled = { readonly outcome: boolean } | { readonly thrown: unknown };

/** Returns the outcome or error that a rule has for all units; undefined if units differ. */
export type Settle = (rule: CompiledRule) => Settled | undefined;

/** An experiment that another one asks for. */
export interface AskedExperiment {
  /**
   * Returns the unit's variant.
   *
   * @throws RuleFault `prerequisite` if the decision fails
   */
  variantOf(context: object, unit: number): string;
}

/** The cell of a unit whose decision failed. */
export const FAILED = -1;

/** The prefix of seeds for random draws; no specification can contain it, so draws are independent. */
const DRAW_SEED = '\u0000random\u0000';

/** One audience, prepared for deciding. */
interface Step {
  readonly audience: number;
  /** Undefined if the audience takes everyone who reaches it. */
  readonly rule: CompiledRule | undefined;
  readonly failure: UnitFailure | undefined;
  /** The cell of each bucket. */
  readonly cells: Int32Array;
  /** The cell of all units if they share one and need no bucket, otherwise {@link FAILED}. */
  readonly only: number;
}

/**
 * Decides one experiment for units like `decide()`, but returns numbers, remembers nothing, and can use
 * another hash. For the identity `random`, a unit's number decides.
 */
export class Assigner {
  readonly experiment: CompiledExperiment;
  readonly cells: readonly Cell[];
  /** The reason if the last unit failed; valid until the next call. */
  failure: UnitFailure | undefined;
  private readonly steps: readonly Step[];
  private readonly bucketOf: BucketFunction;
  private readonly asked: ReadonlyMap<string, AskedExperiment> | undefined;

  /** @param asked the experiments that its rules ask for; undefined if there are none */
  constructor(
    experiment: CompiledExperiment,
    bucketOf: BucketFunction,
    settle?: Settle,
    asked?: ReadonlyMap<string, AskedExperiment>,
  ) {
    this.experiment = experiment;
    this.bucketOf = bucketOf;
    this.asked = asked;
    const cells: Cell[] = [];
    const audiences = [...experiment.audiences, experiment.fallback];
    const buckets = experiment.spec.buckets ?? BUCKETS;
    const tables = audiences.map((audience, index) => tableOf(audience, index, cells, buckets));
    this.cells = cells;
    this.steps = stepsOf(audiences, tables, settle);
  }

  /** Returns the index of the unit's cell, or {@link FAILED}. Never throws. */
  assign(context: object, unit: number): number {
    const { asked } = this;
    if (asked === undefined) return this.decide(context, unit);
    return withAnswers(
      (name) => asked.get(name)?.variantOf(context, unit) ?? null,
      () => this.decide(context, unit),
    );
  }

  private decide(context: object, unit: number): number {
    let at = 0;
    try {
      for (const { audience, rule, failure, cells, only } of this.steps) {
        at = audience;
        if (failure !== undefined) {
          this.failure = failure;
          return FAILED;
        }
        if (rule !== undefined && !rule.holds(context)) continue;
        if (only !== FAILED) return only;
        return cells[this.bucket(context, unit)] ?? FAILED;
      }
    } catch (thrown) {
      this.failure = { audience: at, thrown };
    }
    return FAILED;
  }

  private bucket(context: object, unit: number): number {
    const { identity, spec } = this.experiment;
    const buckets = spec.buckets ?? BUCKETS;
    return identity === undefined
      ? this.bucketOf(String(unit), DRAW_SEED + spec.name, buckets)
      : // Only requests withhold an identity.
        this.bucketOf(identity(context) ?? '', spec.seed, buckets);
  }
}

/** Returns the cell of each bucket of an audience, and adds the audience's cells to `cells`. */
function tableOf(
  { spec, ranges }: CompiledAudience,
  audience: number,
  cells: Cell[],
  buckets: BucketCount,
): Int32Array {
  const indexes = new Map<string, number>();
  for (const [variant, percent] of percentsByVariant(spec.allocations)) {
    indexes.set(variant, cells.length);
    cells.push({ audience, variant, percent });
  }
  const table = new Int32Array(buckets).fill(FAILED);
  for (const { variant, from, to } of ranges) {
    table.fill(indexes.get(variant) ?? FAILED, from, to + 1);
  }
  return table;
}

/** Returns the audiences that units can reach, without the rules whose outcome is known. */
function stepsOf(
  audiences: readonly CompiledAudience[],
  tables: readonly Int32Array[],
  settle: Settle = () => undefined,
): Step[] {
  const steps: Step[] = [];
  for (const [audience, { rule, only }] of audiences.entries()) {
    const cells = tables[audience] ?? new Int32Array(0);
    const settled = rule === undefined ? { outcome: true } : settle(rule);
    const failure =
      settled !== undefined && 'thrown' in settled
        ? { audience, thrown: settled.thrown }
        : undefined;
    const isTrue = settled !== undefined && 'outcome' in settled && settled.outcome;
    if (settled !== undefined && failure === undefined && !isTrue) continue;
    steps.push({
      audience,
      rule: settled === undefined ? rule : undefined,
      failure,
      cells,
      only: only === undefined ? FAILED : (cells[0] ?? FAILED),
    });
    if (isTrue || failure !== undefined) break;
  }
  return steps;
}
