import { EvenhandError } from '../../src/errors/evenhand-error.ts';
import { watchBuiltIns } from '../generators/built-ins.ts';

/** Runs between two looks at all built-in objects, which take a millisecond. */
const RUNS_PER_LOOK = 100;

/**
 * Checks what holds for any input: what is thrown is an EvenhandError, the same input comes to the same
 * result twice, and no built-in object changes.
 */
export class Harmless {
  private readonly changedBuiltIn = watchBuiltIns();
  private runs = 0;
  /** How many inputs came to each kind of result: `fine`, or an error's code. */
  readonly seen = new Map<string, number>();

  /**
   * Runs twice; gives what it came to.
   *
   * @throws Error where something does not hold
   */
  check(run: () => unknown): string {
    const first = outcomeOf(run);
    if (outcomeOf(run) !== first) throw new Error('not the same twice');
    if (++this.runs % RUNS_PER_LOOK === 0) this.checkBuiltIns();
    const kind = /^failed: ([a-z-]+)/.exec(first)?.[1] ?? 'fine';
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1);
    return first;
  }

  /** @throws Error where a built-in object is not as it was */
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
