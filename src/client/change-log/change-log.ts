import type { Snapshot } from '../../assignment/snapshot.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Steps } from '../../runtime/steps.ts';
import type { ChangeNote } from '../../specification/raw.ts';
import type { Listeners, ReadyEvent } from '../events.ts';
import { changeLines } from './change-lines.ts';
import { changedNames, findChanges } from './find-changes.ts';

/** The replacement of one snapshot by another. */
export interface Swap {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The facts about the new snapshot. */
  readonly event: ReadyEvent;
  readonly notes: readonly ChangeNote[] | undefined;
}

/** The longest slice of a comparison, in milliseconds: the next change may be loading in the same turns. */
const MAX_SLICE_MS = 4;

/** The most swaps that wait to be compared. Further ones are merged with the last. */
const MAX_WAITING = 8;

/** Creates a change log; most processes need none before their first change. */
export function startChangeLog(logger: Logger, listeners: Listeners): ChangeLog {
  return new ChangeLog(logger, listeners);
}

/**
 * Logs what changed when a snapshot replaces another, and emits the event `changed`. Thousands of
 * experiments are compared in slices, after the new ones have come into force.
 */
export class ChangeLog {
  private readonly logger: Logger;
  private readonly listeners: Listeners;
  private readonly waiting: Swap[] = [];
  private readonly closing = new AbortController();
  private comparing = false;

  /** @param logger one that does not throw */
  constructor(logger: Logger, listeners: Listeners) {
    this.logger = logger;
    this.listeners = listeners;
  }

  /** Adds a swap. Short comparisons are done when this returns. */
  add(swap: Swap): void {
    if (this.logger.info === undefined && !this.listeners.has('changed')) return;
    const last = this.waiting.at(-1);
    if (last !== undefined && this.waiting.length >= MAX_WAITING) {
      this.waiting[this.waiting.length - 1] = { ...swap, before: last.before };
    } else {
      this.waiting.push(swap);
    }
    if (!this.comparing) void this.compareWaiting();
  }

  /** Ends the comparisons; nothing is logged or emitted any more. */
  close(): void {
    this.closing.abort();
    this.waiting.length = 0;
  }

  private async compareWaiting(): Promise<void> {
    this.comparing = true;
    for (let swap = this.waiting.shift(); swap !== undefined; swap = this.waiting.shift()) {
      try {
        await inSlices(this.tell(swap), this.closing.signal, MAX_SLICE_MS);
      } catch (error) {
        if (this.closing.signal.aborted) return;
        this.logger.error(`evenhand: the changes can't be described: ${thrownMessage(error)}`);
      }
    }
    this.comparing = false;
  }

  private *tell({ before, after, event, notes }: Swap): Steps<void> {
    const changes = yield* findChanges(before, after, notes);
    if (changes.length === 0) return;
    // Thousands of changes are counted and sorted in slices of their own.
    yield;
    for (const line of changeLines(changes, event.revision)) this.logger.info?.(line);
    yield;
    if (!this.listeners.has('changed')) return;
    this.listeners.emit('changed', { ...event, ...changedNames(changes), changes });
  }
}
