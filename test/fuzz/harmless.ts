import { EvenhandError } from '../../src/errors/evenhand-error.ts';
import { watchBuiltIns } from '../generators/built-ins.ts';

/** The number of runs between two checks of all built-in objects; a check takes a millisecond. */
const RUNS_PER_LOOK = 100;

/**
 * Checks three promises for any input: only an EvenhandError is thrown, two runs give the same result,
 * and no built-in object changes.
 */
export class Harmless {
  private readonly changedBuiltIn = watchBuiltIns();
  private runs = 0;
  /** The number of inputs for each kind of result: `fine` or an error's code. */
  readonly seen = new Map<string, number>();

  /**
   * Runs a function twice and returns its result as text.
   *
   * @throws Error if a promise is broken
   */
  check(run: () => unknown): string {
    const first = outcomeOf(run);
    if (outcomeOf(run) !== first) throw new Error('two runs gave different results');
    if (++this.runs % RUNS_PER_LOOK === 0) this.checkBuiltIns();
    const kind = /^failed: ([a-z-]+)/.exec(first)?.[1] ?? 'fine';
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1);
    return first;
  }

  /** @throws Error if a built-in object has changed */
  checkBuiltIns(): void {
    const changed = this.changedBuiltIn();
    if (changed !== undefined) throw new Error(`a built-in object was changed: ${changed}`);
  }
}

function outcomeOf(run: () => unknown): string {
  try {
    return `fine: ${JSON.stringify(run(), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`;
  } catch (error) {
    if (!(error instanceof EvenhandError)) throw error;
    return `failed: ${error.code} ${error.message}`;
  }
}
