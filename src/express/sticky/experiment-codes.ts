import type { ExperimentTable } from '../../assignment/experiment.ts';
import type { StickyEntry } from '../../assignment/special/sticky-entry.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';

/** An experiment with the codes of its variants. */
interface Coded {
  readonly experiment: string;
  readonly seed: string;
  readonly code: string;
  readonly codes: ReadonlyMap<string, string>;
  readonly variants: ReadonlyMap<string, string>;
}

/** 48 bits, and 36 for the variants of one experiment. */
const EXPERIMENT_LENGTH = 8;
const VARIANT_LENGTH = 6;

const known = new WeakMap<ExperimentTable, ExperimentCodes>();

/** Returns the codes of the sticky experiments, which are made once for each snapshot. */
export function codesOf(experiments: ExperimentTable): ExperimentCodes {
  let codes = known.get(experiments);
  if (codes === undefined) known.set(experiments, (codes = new ExperimentCodes(experiments)));
  return codes;
}

/**
 * Short codes of the sticky experiments and their variants. Names can be long, and may be a secret until
 * the launch. With a new seed, an experiment has another code.
 */
export class ExperimentCodes {
  private readonly byCode = new Map<string, Coded>();
  private readonly byName = new Map<string, Coded>();

  constructor(experiments: ExperimentTable) {
    for (const { spec } of experiments.all) {
      if (spec.sticky !== true) continue;
      const { name, seed } = spec;
      const code = codeOf([name, seed], EXPERIMENT_LENGTH);
      const pairs = spec.variants.map(
        (variant) => [variant.name, codeOf([name, seed, variant.name], VARIANT_LENGTH)] as const,
      );
      const codes = new Map(pairs);
      const variants = new Map(pairs.map(([variant, itsCode]) => [itsCode, variant]));
      const coded = { experiment: name, seed, code, codes, variants };
      this.byCode.set(code, coded);
      this.byName.set(name, coded);
    }
  }

  /** Returns a text that is the same as long as the sticky experiments are. */
  get fingerprint(): string {
    return [...this.byCode.keys()].join();
  }

  /** Returns the codes of an entry's experiment and variant; undefined if it does not count any more. */
  encode({ experiment, variant }: StickyEntry): readonly [string, string] | undefined {
    const coded = this.byName.get(experiment);
    const code = coded?.codes.get(variant);
    return coded && code !== undefined ? [coded.code, code] : undefined;
  }

  /** Returns the experiment, seed and variant of codes; undefined if they do not count any more. */
  decode(experiment: string, variant: string): Omit<StickyEntry, 'units'> | undefined {
    const coded = this.byCode.get(experiment);
    const name = coded?.variants.get(variant);
    return coded && name !== undefined
      ? { experiment: coded.experiment, seed: coded.seed, variant: name }
      : undefined;
  }
}

function codeOf(texts: readonly string[], length: number): string {
  return nodeCrypto().hash('sha256', JSON.stringify(texts), 'base64url').slice(0, length);
}
