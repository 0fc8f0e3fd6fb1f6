import type { EvenhandError } from '../errors/evenhand-error.ts';
import { internalized } from '../runtime/internalized.ts';
import { BUCKETS, encodeTails, type EncodedTails } from '../hash/bucket.ts';
import type { CompiledRule } from '../rules/compile/compile.ts';
import type { JsonValue } from '../json/value.ts';
import type { IdentitySpec } from '../specification/identity-paths.ts';
import type {
  AllocationSpec,
  AudienceSpec,
  ExperimentSpec,
  RulesOf,
  VariantSpec,
} from '../specification/types.ts';
import { atOnce, STEP, type Steps } from '../runtime/steps.ts';
import { type AllocationRange, CompiledAudience, compileAllocations } from './audience.ts';
import {
  compileIdentity,
  compileIdentityList,
  type IdentityReader,
  type InexactIdentity,
} from './identity.ts';
import { Outcome } from './outcome.ts';
import type { AssignmentPolicy } from './policy.ts';
import { RANDOM_IDENTITY } from '../specification/reserved-identities.ts';

/** An experiment, compiled once when the specification is loaded. */
export class CompiledExperiment {
  // Each decision reads the first fields, which should share a cache line.
  /** The first audience, which leads to the others: a list costs a cache miss or two more. */
  readonly first: CompiledAudience;
  /** The last audience, which takes all other participants. */
  readonly fallback: CompiledAudience;
  /** Created when first read; see `otherwise`. */
  private forEveryone: Outcome | undefined;
  /** Undefined for the identity `random`, which is not read from the context. */
  readonly identity: IdentityReader | undefined;
  /** The features that most experiments don't use; undefined without them. */
  readonly special: SpecialDecisions | undefined;
  /** The start of its seed in `seedWords`. */
  readonly seedStart: number;
  /** The encoded seeds of all experiments, to be hashed after an identity. */
  readonly seedWords: Int32Array;
  readonly seed: string;
  readonly name: string;
  /** Its position among the experiments it was compiled with, from 0. */
  readonly index: number;
  /** The declared variants with their values; the order is the specification's. */
  readonly variants: ReadonlyMap<string, JsonValue | undefined>;
  readonly spec: ExperimentSpec;

  /** @param name the specification's, internalized */
  constructor(
    spec: ExperimentSpec,
    name: string,
    index: number,
    seedStart: number,
    first: CompiledAudience,
    fallback: CompiledAudience,
    identity: IdentityReader | undefined,
    variants: ReadonlyMap<string, JsonValue | undefined>,
    seedWords: Int32Array,
    special: SpecialDecisions | undefined,
  ) {
    this.first = first;
    this.fallback = fallback;
    this.forEveryone = undefined;
    this.identity = identity;
    this.special = special;
    this.seedStart = seedStart;
    this.seedWords = seedWords;
    this.seed = spec.seed;
    this.name = name;
    this.index = index;
    this.variants = variants;
    this.spec = spec;
  }

  /**
   * The outcome of a fallback audience that gives everyone one variant. All participants share it:
   * nothing is recorded for it, as no bucket is needed.
   */
  get otherwise(): Outcome | undefined {
    const { fallback } = this;
    if (this.forEveryone === undefined && fallback.only !== undefined) {
      const { only } = fallback;
      this.forEveryone = new Outcome(this, only, fallback, undefined, undefined, undefined);
    }
    return this.forEveryone;
  }

  /** All audiences but the last, each with its rule. */
  get audiences(): CompiledAudience[] {
    const audiences: CompiledAudience[] = [];
    let audience = this.first;
    while (audience.next !== undefined) {
      audiences.push(audience);
      audience = audience.next;
    }
    return audiences;
  }
}

/** The experiments of a snapshot, by name and in the order of the specification. */
export class ExperimentTable {
  /** All experiments in that order. */
  readonly all: readonly CompiledExperiment[];
  /**
   * The experiments by name; look up strings only. V8 finds one of thousands in an object twice as fast
   * as in a Map: it compares names from source code by address, while a Map reads each name that it
   * passes, and has to fetch it into the processor's cache. The object has no prototype, so names such
   * as `constructor` are ordinary.
   */
  readonly byName: Readonly<Record<string, CompiledExperiment>>;
  /** Undefined without holdouts. */
  readonly holdouts: HoldoutTable | undefined;

  constructor(experiments: readonly CompiledExperiment[], holdouts?: HoldoutTable) {
    const byName = Object.create(null) as Record<string, CompiledExperiment>;
    for (const experiment of experiments) byName[experiment.name] = experiment;
    this.all = experiments;
    // An object that has grown keeps room for twice as many properties; a copy does not.
    this.byName = { __proto__: null, ...byName } as unknown as typeof byName;
    this.holdouts = holdouts;
  }

  /**
   * Returns the experiment of this name, if there is one; undefined if the name is not a string.
   */
  get(name: string): CompiledExperiment | undefined {
    return typeof name === 'string' ? this.byName[name] : undefined;
  }

  /** Returns the holdout of this name, if there is one. */
  holdout(name: string): CompiledExperiment | undefined {
    return this.holdouts?.all.find((holdout) => holdout.name === name);
  }
}

/** The holdouts of a snapshot, each compiled like an experiment with the variants of a holdout. */
export interface HoldoutTable {
  /** All holdouts in the order of the specification. */
  readonly all: readonly CompiledExperiment[];
  /** Returns the holdouts that list an experiment, in that order. */
  of(experiment: string): readonly CompiledExperiment[];
}

/**
 * Compiles validated experiments in steps. Experiments share their equal parts: with thousands of
 * experiments, the processor's cache decides how fast they are.
 *
 * @param rulesOf the specification's compiled rules
 * @param inexact called with each identity that is a whole number above 2^53
 * @param special compiles the features that most experiments don't use
 * @param firstIndex the index of the first one
 */
export function* compileSteps(
  specs: readonly ExperimentSpec[],
  rulesOf: RulesOf,
  inexact?: InexactIdentity,
  special?: CompileSpecial,
  firstIndex = 0,
): Steps<CompiledExperiment[]> {
  const seeds = encodeTails(specs.map(({ seed }) => seed));
  const compiler = new Compiler(rulesOf, seeds, inexact, special);
  const compiled: CompiledExperiment[] = [];
  for (const spec of specs) {
    if (compiled.length % STEP === 0) yield;
    compiled.push(compiler.compile(spec, compiled.length, firstIndex));
  }
  return compiled;
}

/** Compiles one validated experiment; see {@link compileSteps}. */
export function compileExperiment(
  spec: ExperimentSpec,
  rules: ReadonlyMap<string, CompiledRule>,
): CompiledExperiment {
  const [experiment] = atOnce(compileSteps([spec], () => rules));
  if (experiment === undefined) throw new TypeError(`${spec.name}: not compiled`);
  return experiment;
}

/** Compiles the experiments of one specification and keeps the parts they share. */
class Compiler {
  private readonly rulesOf: RulesOf;
  private readonly seeds: EncodedTails;
  private readonly identities = new Map<string, IdentityReader>();
  private readonly variants = new Map<readonly VariantSpec[], CompiledExperiment['variants']>();
  private readonly coarse = new SharedAudiences();
  private readonly fine = new SharedAudiences();

  private readonly inexact: InexactIdentity | undefined;
  private readonly special: CompileSpecial | undefined;

  constructor(
    rulesOf: RulesOf,
    seeds: EncodedTails,
    inexact: InexactIdentity | undefined,
    special: CompileSpecial | undefined,
  ) {
    this.special = special;
    this.rulesOf = rulesOf;
    this.seeds = seeds;
    this.inexact = inexact;
  }

  compile(spec: ExperimentSpec, place: number, firstIndex: number): CompiledExperiment {
    const { name, audiences, identity, variants, buckets = BUCKETS } = spec;
    const rules = this.rulesOf(name);
    const last = audiences.at(-1);
    if (last === undefined) throw new TypeError(`${name}: no audience`);
    const shared = buckets === BUCKETS ? this.coarse : this.fine;
    const compile = (one: AudienceSpec, next: CompiledAudience | undefined): CompiledAudience => {
      const { rule, allocations } = one;
      const compiled = rule === undefined ? undefined : rules.get(rule);
      const ranges = sharedBy(shared.ranges, allocations, () =>
        compileAllocations(allocations, buckets),
      );
      return new CompiledAudience(one, compiled, ranges, next);
    };
    const fallback = sharedBy(shared.fallbacks, last, () => compile(last, undefined));
    return new CompiledExperiment(
      spec,
      internalized(name),
      firstIndex + place,
      this.seeds.starts[place] ?? -1,
      audiences.slice(0, -1).reduceRight((next, one) => compile(one, next), fallback),
      fallback,
      identity === RANDOM_IDENTITY ? undefined : this.identity(identity),
      sharedBy(
        this.variants,
        variants,
        () => new Map(variants.map((variant) => [variant.name, variant.value])),
      ),
      this.seeds.words,
      this.special?.(spec),
    );
  }

  private identity(identity: IdentitySpec): IdentityReader {
    return typeof identity === 'string'
      ? sharedBy(this.identities, identity, () => compileIdentity(identity, this.inexact))
      : sharedBy(this.identities, identity.join(), () =>
          compileIdentityList(identity, this.inexact),
        );
  }
}

/** The parts of audiences that experiments with the same number of buckets share. */
class SharedAudiences {
  readonly ranges = new Map<readonly AllocationSpec[], readonly AllocationRange[]>();
  readonly fallbacks = new Map<AudienceSpec, CompiledAudience>();
}

/** Returns the value of a key, and creates it the first time. */
function sharedBy<K, V>(made: Map<K, V>, key: K, create: () => V): V {
  let value = made.get(key);
  if (value === undefined) made.set(key, (value = create()));
  return value;
}

/**
 * The decisions of an experiment with features that most experiments don't use. The decisions of other
 * experiments cost one comparison more.
 */
export interface SpecialDecisions {
  /**
   * Runs code that evaluates rules of the experiment outside a decision, for explanations.
   *
   * @param run takes the context that the rules read
   */
  within<T>(
    experiment: CompiledExperiment,
    context: object,
    policy: AssignmentPolicy,
    participant: object | undefined,
    run: (context: object) => T,
  ): T;
  /**
   * Decides an experiment without an override.
   *
   * @param participant undefined outside a participant
   * @throws RuleError, IdentityError and whatever the context throws
   */
  evaluate(
    experiment: CompiledExperiment,
    context: object,
    policy: AssignmentPolicy,
    participant: object | undefined,
  ): Outcome;
  /**
   * Splits an audience between its variants.
   *
   * @param error the error that made the fallback audience decide
   * @throws IdentityError and whatever the context throws
   */
  allocate(
    experiment: CompiledExperiment,
    audience: CompiledAudience,
    context: object,
    policy: AssignmentPolicy,
    error: EvenhandError | undefined,
  ): Outcome;
}

/** Compiles the features that most experiments don't use; returns undefined without them. */
export type CompileSpecial = (spec: ExperimentSpec) => SpecialDecisions | undefined;

/** A participant as special decisions use it. */
export interface SpecialParticipant {
  /**
   * Decides another experiment without recording an exposure, and remembers the outcome.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  outcomeOf(experiment: CompiledExperiment): Outcome;
  /** Does the same for the experiment of this name; returns undefined if there is none. */
  outcomeNamed(name: string): Outcome | undefined;
  /** The variants that the participant keeps. */
  readonly sticky: StickyKeeper;
}

/** Keeps the variants that one participant got in sticky experiments. */
export interface StickyKeeper {
  /** Returns the variant that the participant keeps; undefined if it has none. Never throws. */
  find(experiment: CompiledExperiment, context: object): KeptVariant | undefined;
  /** Keeps the variant of an outcome that a bucket decided. Never throws. */
  keep(outcome: Outcome): void;
  /** Returns what is kept, the oldest first. */
  assignments(): StickyAssignment[];
}

/** A variant that a participant keeps, and the identity that recognised it. */
export interface KeptVariant {
  readonly variant: string;
  readonly identityPath: string;
  /** The identity's text. */
  readonly unit: string;
}

/** The variant that a participant keeps in an experiment with `"sticky": true`; plain JSON. */
export interface StickyAssignment {
  readonly experiment: string;
  /** The experiment's seed at that time. With another seed, the assignment no longer counts. */
  readonly seed: string;
  readonly variant: string;
  /** The identities that it belongs to: text by path, `{ "user.id": "7" }`. */
  readonly units: Readonly<Record<string, string>>;
}
