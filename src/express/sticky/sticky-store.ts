import type { Request } from 'express';
import type { ExperimentTable, StickyAssignment } from '../../assignment/experiment.ts';
import type { DecisionCounts } from '../../assignment/policy.ts';
import { StickyBook } from '../../assignment/special/sticky-book.ts';
import { showValue } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { ContextError } from '../../errors/usage-errors.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { isThenable } from '../../runtime/thenable.ts';
import { within } from '../../runtime/within.ts';
import type { StickyStoreSettings } from './sticky-options.ts';

/** Calls the application's functions that keep sticky assignments. */
export class StickyStore {
  private readonly settings: StickyStoreSettings;
  private readonly once: OnceLogger;
  private readonly counts: DecisionCounts;
  /** The writes that are running. */
  private readonly running = new Set<Promise<void>>();

  constructor(settings: StickyStoreSettings, once: OnceLogger, counts: DecisionCounts) {
    this.settings = settings;
    this.once = once;
    this.counts = counts;
  }

  /**
   * Reads the assignments of a request. Returns a promise only if the application does. Never throws or
   * rejects: a failure is counted, and logged once.
   *
   * @returns undefined after a failure
   */
  read(
    req: Request,
    experiments: ExperimentTable,
  ): StickyBook | undefined | Promise<StickyBook | undefined> {
    try {
      const given = this.settings.read(req);
      return isThenable(given) ? this.readLater(given, experiments) : bookOf(given, experiments);
    } catch (thrown) {
      return this.withoutBook(thrown);
    }
  }

  /** Writes the assignments of a request. Never throws: a failure is counted, and logged once. */
  write(req: Request, assignments: readonly StickyAssignment[]): void {
    const writing = this.writing(req, assignments).finally(() => this.running.delete(writing));
    this.running.add(writing);
  }

  /** Resolves when the writes that are running have ended; at most after `timeoutMs`. Never rejects. */
  async settle(): Promise<void> {
    await Promise.all(this.running);
  }

  private async writing(req: Request, assignments: readonly StickyAssignment[]): Promise<void> {
    try {
      const { write, timeoutMs } = this.settings;
      const written = write(req, assignments);
      if (isThenable(written)) await within(written, timeoutMs, () => late('write', timeoutMs));
    } catch (thrown) {
      this.note('sticky.write', 'the variants of its request are not kept', thrown);
    }
  }

  private async readLater(
    given: PromiseLike<unknown>,
    experiments: ExperimentTable,
  ): Promise<StickyBook | undefined> {
    try {
      const { timeoutMs } = this.settings;
      return bookOf(await within(given, timeoutMs, () => late('read', timeoutMs)), experiments);
    } catch (thrown) {
      return this.withoutBook(thrown);
    }
  }

  private withoutBook(thrown: unknown): undefined {
    const effect = 'the request is decided without kept variants, and nothing is written';
    this.note('sticky.read', effect, thrown);
  }

  private note(what: string, effect: string, thrown: unknown): void {
    this.counts.stickyFailures++;
    this.once.error(what, `evenhand: ${what} failed, so ${effect}: ${thrownMessage(thrown)}`);
  }
}

/** @throws ContextError (`context`) for anything but a list */
function bookOf(given: unknown, experiments: ExperimentTable): StickyBook {
  if (given !== undefined && given !== null && !Array.isArray(given)) {
    throw new ContextError(`it must return a list of assignments, not ${showValue(given)}`);
  }
  return StickyBook.of(given, experiments);
}

function late(what: string, timeoutMs: number): ContextError {
  return new ContextError(
    `"${what}" did not finish within ${timeoutMs} ms; give its own calls a shorter time limit, or raise sticky.timeoutMs`,
  );
}
