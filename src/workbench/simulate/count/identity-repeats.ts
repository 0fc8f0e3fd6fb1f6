import { identityLabel, type IdentitySpec } from '../../../specification/identity-paths.ts';
import { RANDOM_IDENTITY } from '../../../specification/reserved-identities.ts';
import {
  compileIdentity,
  compileIdentityList,
  type IdentityReader,
} from '../../../assignment/identity.ts';
import type { Plan } from '../plan/plan.ts';
import { RepeatSketch } from './repeats.ts';

/** The most identities that are watched; with every pair of them, the sketches take 14 MB. */
const MAX_IDENTITIES = 10;

/** The separator between the texts of two identities that are hashed together. */
const SEPARATOR = '\u0000';

/**
 * Measures how often identities repeat in real contexts: ten rows of one user are one person and must
 * count less than ten people.
 */
export class IdentityRepeats {
  /** The names of the identities. */
  private readonly names: readonly string[];
  private readonly readers: readonly IdentityReader[];
  private readonly sketches: readonly RepeatSketch[];
  private readonly texts: (string | undefined)[];

  /** @param counted earlier counts, from `toCounts` */
  constructor({ assigners }: Plan, counted?: readonly Uint32Array[]) {
    const identities = new Map(
      assigners.map(({ experiment: { spec } }) => [identityLabel(spec.identity), spec.identity]),
    );
    identities.delete(RANDOM_IDENTITY);
    const watched = [...identities].slice(0, MAX_IDENTITIES);
    this.names = watched.map(([name]) => name);
    this.readers = watched.map(([, identity]) => readerOf(identity));
    const size = (watched.length * (watched.length + 1)) / 2;
    this.sketches = Array.from({ length: size }, (_, i) => new RepeatSketch(counted?.[i]));
    this.texts = watched.map(() => undefined);
  }

  /** Counts the identities of one context, each alone and in every pair. */
  add(context: object): void {
    const { readers, texts, sketches } = this;
    for (const [i, reader] of readers.entries()) texts[i] = attempt(reader, context);
    let at = 0;
    for (let i = 0; i < texts.length; i++) {
      for (let j = i; j < texts.length; j++) {
        const [one, other] = [texts[i], texts[j]];
        const sketch = sketches[at++];
        if (one === undefined || other === undefined) continue;
        sketch?.add(i === j ? one : one + SEPARATOR + other);
      }
    }
  }

  /**
   * Returns the design effect of counting rows by one identity, or by two together; 1 for the identity
   * `random`, which differs in every row; undefined if the identities are not watched.
   */
  inflation(identity: IdentitySpec, other: IdentitySpec = identity): number | undefined {
    if (identity === RANDOM_IDENTITY || other === RANDOM_IDENTITY) return 1;
    const [i = -1, j = -1] = [identity, other]
      .map((one) => this.names.indexOf(identityLabel(one)))
      .sort((a, b) => a - b);
    if (i < 0) return undefined;
    const rowsBefore = i * this.names.length - (i * (i - 1)) / 2;
    return this.sketches[rowsBefore + j - i]?.inflation();
  }

  /** Returns the counts, which can be added up. */
  toCounts(): Uint32Array[] {
    return this.sketches.map(({ slots }) => slots);
  }
}

/** Returns a reader of an identity's text. Of a list, texts of different paths differ. */
function readerOf(identity: IdentitySpec): IdentityReader {
  if (typeof identity === 'string') return compileIdentity(identity);
  const { choose } = compileIdentityList(identity);
  return (context) => {
    const chosen = choose?.(context);
    return chosen && chosen.path + SEPARATOR + chosen.text;
  };
}

function attempt(reader: IdentityReader, context: object): string | undefined {
  try {
    return reader(context);
  } catch {
    return undefined;
  }
}
