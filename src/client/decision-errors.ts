import type { FailedPart } from '../assignment/policy.ts';
import type { ErrorCode, EvenhandError } from '../errors/evenhand-error.ts';

/** A part of the set-up whose decisions fail, and how often. */
export interface FailingPart extends FailedPart {
  /** The code of the errors. */
  readonly code: ErrorCode;
  /** The number of failed decisions since the client was created. */
  readonly count: number;
  /** The time of the first failure: ISO 8601. */
  readonly firstAt: string;
  /** The time of the last failure: ISO 8601. */
  readonly lastAt: string;
  /** The message of the last error, which may contain data of a request. */
  readonly message: string;
}

/** The number of failed decisions of a part with one code, for metrics. */
export interface DecisionErrorCount extends FailedPart {
  /** The code of the errors; undefined for the parts beyond those that are counted one by one. */
  readonly code: ErrorCode | undefined;
  readonly count: number;
}

/** The most pairs of part and code that are counted one by one. */
const MAX_ENTRIES = 200;

/** The time without a failure after which a part no longer counts as failing, in milliseconds. */
const QUIET_MS = 600_000;

interface Entry {
  readonly part: FailedPart;
  readonly code: ErrorCode;
  count: number;
  readonly firstAt: number;
  lastAt: number;
  /** The last failure by the monotonic clock, in milliseconds. */
  lastTick: number;
  message: string;
  /** False once the part was changed. */
  failing: boolean;
}

/**
 * The failed decisions of a client, by experiment and code. A part counts as failing until a new
 * revision changes it, or until it has not failed for ten minutes. Counts never decrease.
 */
export class DecisionErrors {
  private readonly entries = new Map<string, Entry>();
  private count = 0;

  /**
   * The number of errors since the client was created. A decision has two of them if its fallback
   * audience fails for another reason.
   */
  get total(): number {
    return this.count;
  }

  /** Counts a failed decision. */
  note({ code, message }: EvenhandError, part: FailedPart): void {
    this.count++;
    const key = JSON.stringify([part.namespace, part.experiment, code]);
    const known = this.entries.get(key);
    const at = { lastAt: Date.now(), lastTick: performance.now(), message, failing: true };
    if (known !== undefined) {
      Object.assign(known, at);
      known.count++;
    } else if (this.entries.size < MAX_ENTRIES) {
      this.entries.set(key, { ...at, part, code, count: 1, firstAt: at.lastAt });
    }
  }

  /** Returns the parts that fail now, the last failure first. */
  failing(): FailingPart[] {
    const since = performance.now() - QUIET_MS;
    return [...this.entries.values()]
      .filter(({ failing, lastTick }) => failing && lastTick > since)
      .toSorted((a, b) => b.lastTick - a.lastTick)
      .map(({ part, code, count, firstAt, lastAt, message }) => ({
        ...part,
        code,
        count,
        firstAt: new Date(firstAt).toISOString(),
        lastAt: new Date(lastAt).toISOString(),
        message,
      }));
  }

  /** Returns the counts by part and code. Their sum is `total`. */
  counts(): DecisionErrorCount[] {
    const counts: DecisionErrorCount[] = [];
    let others = this.count;
    for (const { part, code, count } of this.entries.values()) {
      counts.push({ ...part, code, count });
      others -= count;
    }
    return others === 0 ? counts : [...counts, { code: undefined, count: others }];
  }

  /** Notes which parts a new revision changed: they no longer count as failing. */
  forget(isChanged: (part: FailedPart) => boolean): void {
    for (const entry of this.entries.values()) {
      if (entry.failing && isChanged(entry.part)) entry.failing = false;
    }
  }
}
