import { compileIdentity, type IdentityReader } from '../../../assignment/identity.ts';
import { identityPaths } from '../input/synthetic-units.ts';
import type { Plan } from '../plan/plan.ts';
import { RepeatSketch } from './repeats.ts';

/** How many identities are watched; with each two of them, that takes 14 MB. */
const MAX_PATHS = 10;

/** Between the texts of two identities, which are hashed as one. */
const SEPARATOR = '\u0000';

/**
 * Watches how often identities repeat in contexts that are real: ten rows of one user are one person,
 * and count less than ten persons.
 */
export class IdentityRepeats {
  private readonly paths: readonly string[];
  private readonly readers: readonly IdentityReader[];
  private readonly sketches: readonly RepeatSketch[];
  private readonly texts: (string | undefined)[];

  /** @param counted what has been counted already, as `toCounts` gave it */
  constructor({ assigners }: Plan, counted?: readonly Uint32Array[]) {
    this.paths = identityPaths(assigners.map(({ experiment }) => experiment)).slice(0, MAX_PATHS);
    this.readers = this.paths.map((path) => compileIdentity(path));
    const size = (this.paths.length * (this.paths.length + 1)) / 2;
    this.sketches = Array.from({ length: size }, (_, i) => new RepeatSketch(counted?.[i]));
    this.texts = this.paths.map(() => undefined);
  }

  /** Counts the identities of one context, each alone and each with each. */
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
   * The design effect of counting rows by one identity, or by two together; 1 for draws, which differ
   * from row to row; undefined where the identities are not watched.
   */
  inflation(path: string, other: string = path): number | undefined {
    if (path === 'random' || other === 'random') return 1;
    const [i = -1, j = -1] = [this.paths.indexOf(path), this.paths.indexOf(other)].sort(
      (a, b) => a - b,
    );
    if (i < 0) return undefined;
    const rowsBefore = i * this.paths.length - (i * (i - 1)) / 2;
    return this.sketches[rowsBefore + j - i]?.inflation();
  }

  /** What has been counted, for adding up. */
  toCounts(): Uint32Array[] {
    return this.sketches.map(({ slots }) => slots);
  }
}

function attempt(reader: IdentityReader, context: object): string | undefined {
  try {
    return reader(context, '');
  } catch {
    return undefined;
  }
}
