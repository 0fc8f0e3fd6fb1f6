import { internalized } from '../internalized.ts';
import { encodeTail, type EncodedTail } from '../hash/utf8.ts';
import type { CompiledRule } from '../rules/compile.ts';
import type { AllocationSpec, ExperimentSpec, JsonValue, VariantSpec } from '../spec/types.ts';
import {
  type AllocationRange,
  type CompiledAudience,
  compileAllocations,
  compileAudience,
} from './audience.ts';
import { compileIdentity, type IdentityReader } from './identity.ts';

/** The identity that is drawn anew for each participant. */
export const RANDOM_IDENTITY = 'random';

/** An experiment, ready to decide; made once when the specification is loaded. */
export interface CompiledExperiment {
  readonly name: string;
  /** Its place among the experiments it was compiled with, from 0 on. */
  readonly index: number;
  /** Undefined for the identity `random`, which is read from no context. */
  readonly identity: IdentityReader | undefined;
  readonly seed: string;
  /** Its bytes, which are hashed behind each identity's. */
  readonly seedBytes: EncodedTail;
  /** The declared variants with their values; the order is the specification's. */
  readonly variants: ReadonlyMap<string, JsonValue | undefined>;
  /** All audiences but the last, each with its rule. */
  readonly audiences: readonly CompiledAudience[];
  /** The last audience, which takes whoever is left. */
  readonly fallback: CompiledAudience;
  readonly spec: ExperimentSpec;
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
  return specs.map((spec, index) => {
    const audiences = spec.audiences.map((audience) => {
      const { allocations } = audience;
      const shared = sharedBy(ranges, allocations, () => compileAllocations(allocations));
      return compileAudience(audience, rules, shared);
    });
    const fallback = audiences.pop();
    if (fallback === undefined) throw new TypeError(`${spec.name}: no audience`);
    const { identity, seed } = spec;
    return Object.freeze({
      name: internalized(spec.name),
      index,
      identity:
        identity === RANDOM_IDENTITY
          ? undefined
          : sharedBy(identities, identity, () => compileIdentity(identity)),
      seed,
      seedBytes: encodeTail(seed),
      variants: sharedBy(
        variants,
        spec.variants,
        () => new Map(spec.variants.map((variant) => [variant.name, variant.value])),
      ),
      audiences,
      fallback,
      spec,
    });
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
