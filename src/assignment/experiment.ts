import { internalized } from '../internalized.ts';
import { encodeTails, type EncodedTails } from '../hash/utf8.ts';
import type { CompiledRule } from '../rules/compile.ts';
import type {
  AllocationSpec,
  AudienceSpec,
  ExperimentSpec,
  JsonValue,
  VariantSpec,
} from '../spec/types.ts';
import { type AllocationRange, CompiledAudience, compileAllocations } from './audience.ts';
import { compileIdentity, type IdentityReader } from './identity.ts';
import { Outcome } from './outcome.ts';

/** The identity that is drawn anew for each participant. */
export const RANDOM_IDENTITY = 'random';

/** An experiment, ready to decide; made once when the specification is loaded. */
export class CompiledExperiment {
  // What each decision reads comes first, next to each other.
  /** Its first audience, which leads to the others. */
  readonly first: CompiledAudience;
  /** The last audience, which takes whoever is left. */
  readonly fallback: CompiledAudience;
  /** Made when it is first asked for; see `otherwise`. */
  private forEveryone: Outcome | undefined;
  /** Undefined for the identity `random`, which is read from no context. */
  readonly identity: IdentityReader | undefined;
  /** Where in `seedWords` its seed begins. */
  readonly seedStart: number;
  /** The seeds of all experiments, encoded: they are hashed behind each identity. */
  readonly seedWords: Int32Array;
  readonly seed: string;
  readonly name: string;
  /** Its place among the experiments it was compiled with, from 0 on. */
  readonly index: number;
  /** The declared variants with their values; the order is the specification's. */
  readonly variants: ReadonlyMap<string, JsonValue | undefined>;
  readonly spec: ExperimentSpec;

  /** @param name the specification's, internalized */
  constructor(
    spec: ExperimentSpec,
    name: string,
    index: number,
    first: CompiledAudience,
    fallback: CompiledAudience,
    identity: IdentityReader | undefined,
    variants: ReadonlyMap<string, JsonValue | undefined>,
    seeds: EncodedTails,
  ) {
    this.first = first;
    this.fallback = fallback;
    this.forEveryone = undefined;
    this.identity = identity;
    this.seedStart = seeds.starts[index] ?? -1;
    this.seedWords = seeds.words;
    this.seed = spec.seed;
    this.name = name;
    this.index = index;
    this.variants = variants;
    this.spec = spec;
  }

  /** The outcome of the fallback audience, where that is one and the same for everybody. */
  get otherwise(): Outcome | undefined {
    const { fallback } = this;
    if (this.forEveryone === undefined && fallback.only !== undefined) {
      this.forEveryone = new Outcome(this, fallback.only, fallback, undefined);
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

/**
 * Compiles validated experiments. What several of them have alike, they share: with thousands, what
 * fits into the processor's cache decides how fast they are.
 *
 * @param rules the specification's rules, compiled
 */
export function compileExperiments(
  specs: readonly ExperimentSpec[],
  rules: ReadonlyMap<string, CompiledRule>,
): CompiledExperiment[] {
  const identities = new Map<string, IdentityReader>();
  const variants = new Map<readonly VariantSpec[], CompiledExperiment['variants']>();
  const ranges = new Map<readonly AllocationSpec[], readonly AllocationRange[]>();
  const fallbacks = new Map<AudienceSpec, CompiledAudience>();
  const seeds = encodeTails(specs.map(({ seed }) => seed));
  const compile = (spec: AudienceSpec, next: CompiledAudience | undefined): CompiledAudience => {
    const { rule, allocations } = spec;
    const compiled = rule === undefined ? undefined : rules.get(rule);
    const shared = sharedBy(ranges, allocations, () => compileAllocations(allocations));
    return new CompiledAudience(spec, compiled, shared, next);
  };
  return specs.map((spec, index) => {
    const { audiences, identity } = spec;
    const fallback = audiences.at(-1);
    if (fallback === undefined) throw new TypeError(`${spec.name}: no audience`);
    const last = sharedBy(fallbacks, fallback, () => compile(fallback, undefined));
    let first = last;
    for (let i = audiences.length - 2; i >= 0; i--)
      first = compile(audiences[i] ?? fallback, first);
    return new CompiledExperiment(
      spec,
      internalized(spec.name),
      index,
      first,
      last,
      identity === RANDOM_IDENTITY
        ? undefined
        : sharedBy(identities, identity, () => compileIdentity(identity)),
      sharedBy(
        variants,
        spec.variants,
        () => new Map(spec.variants.map((variant) => [variant.name, variant.value])),
      ),
      seeds,
    );
  });
}

/** Compiles one validated experiment; see {@link compileExperiments}. */
export function compileExperiment(
  spec: ExperimentSpec,
  rules: ReadonlyMap<string, CompiledRule>,
): CompiledExperiment {
  const [experiment] = compileExperiments([spec], rules);
  if (experiment === undefined) throw new TypeError(`${spec.name}: not compiled`);
  return experiment;
}

/** What a key has; created where it has nothing yet. */
function sharedBy<K, V>(made: Map<K, V>, key: K, create: () => V): V {
  let value = made.get(key);
  if (value === undefined) made.set(key, (value = create()));
  return value;
}
