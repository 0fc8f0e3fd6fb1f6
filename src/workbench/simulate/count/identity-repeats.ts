import { RANDOM_IDENTITY } from '../../../specification/reserved-identities.ts';
import { compileIdentity, type IdentityReader } from '../../../assignment/identity.ts';
import { identityPaths } from '../input/generated-units.ts';
import type { Plan } from '../plan/plan.ts';
import { RepeatSketch } from './repeats.ts';

/** The most identities that are watched; with every pair of them, the sketches take 14 MB. */
const MAX_PATHS = 10;

/** The separator between the texts of two identities that are hashed together. */
const SEPARATOR = '\u0000';

/**
 * Measures how often identities repeat in real contexts: ten rows of one user are one person and must
 * count less than ten people.
 */
export class IdentityRepeats {
  private readonly paths: readonly string[];
  private readonly readers: readonly IdentityReader[];
  private readonly sketches: readonly RepeatSketch[];
  private readonly texts: (string | undefined)[];

  /** @param counted earlier counts, from `toCounts` */
  constructor({ assigners }: Plan, counted?: readonly Uint32Array[]) {
    this.paths = identityPaths(assigners.map(({ experiment }) => experiment.spec)).slice(
      0,
      MAX_PATHS,
    );
    this.readers = this.paths.map((path) => compileIdentity(path));
    const size = (this.paths.length * (this.paths.length + 1)) / 2;
    this.sketches = Array.from({ length: size }, (_, i) => new RepeatSketch(counted?.[i]));
    this.texts = this.paths.map(() => undefined);
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
  inflation(path: string, other: string = path): number | undefined {
    if (path === RANDOM_IDENTITY || other === RANDOM_IDENTITY) return 1;
    const [i = -1, j = -1] = [this.paths.indexOf(path), this.paths.indexOf(other)].sort(
      (a, b) => a - b,
    );
    if (i < 0) return undefined;
    const rowsBefore = i * this.paths.length - (i * (i - 1)) / 2;
    return this.sketches[rowsBefore + j - i]?.inflation();
  }

  /** Returns the counts, which can be added up. */
  toCounts(): Uint32Array[] {
    return this.sketches.map(({ slots }) => slots);
  }
}

function attempt(reader: IdentityReader, context: object): string | undefined {
  try {
    return reader(context);
  } catch {
    return undefined;
  }
}
