import { encodeTail, type EncodedTail } from '../hash/utf8.ts';
import type { Rule } from '../rules/compile.ts';
import type { ExperimentSpec, JsonValue } from '../spec/types.ts';
import { type CompiledAudience, compileAudience } from './audience.ts';
import { compileIdentity, type IdentityReader } from './identity.ts';

/** The identity that is drawn anew for each participant. */
export const RANDOM_IDENTITY = 'random';

/** An experiment, ready to decide; made once when the specification is loaded. */
export interface CompiledExperiment {
  readonly name: string;
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
 * Compiles a validated experiment.
 *
 * @param rules the specification's rules, compiled
 */
export function compileExperiment(
  spec: ExperimentSpec,
  rules: ReadonlyMap<string, Rule>,
): CompiledExperiment {
  const audiences = spec.audiences.map((audience) => compileAudience(audience, rules));
  const fallback = audiences.pop();
  if (fallback === undefined) throw new TypeError(`${spec.name}: no audience`);
  return Object.freeze({
    name: spec.name,
    identity:
      spec.identity === RANDOM_IDENTITY ? undefined : compileIdentity(spec.identity),
    seed: spec.seed,
    seedBytes: encodeTail(spec.seed),
    variants: new Map(spec.variants.map(({ name, value }) => [name, value])),
    audiences,
    fallback,
    spec,
  });
}
