import type { Response } from 'express';
import type { ExperimentTable, StickyKeeper } from '../../assignment/experiment.ts';
import type { NamespaceOutcome } from '../../assignment/listener.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import type { StickyBook } from '../../assignment/special/sticky-book.ts';
import { startImmediate } from '../../runtime/real-timers.ts';
import type { Kept } from '../request/kept-with-request.ts';
import { Visit } from '../request/visit.ts';
import type { VisitSetup } from '../request/visit-setup.ts';
import type { StickyStore } from './sticky-store.ts';

/** The parts of a middleware whose application keeps sticky assignments itself. */
export interface StoreVisitSetup extends VisitSetup {
  readonly stickyStore: StickyStore;
}

/** A request whose sticky assignments the application keeps. */
export class StoreVisit extends Visit<StoreVisitSetup> {
  /** Undefined if no experiment is sticky, or if the assignments could not be read. */
  private book: StickyBook | undefined;
  private isScheduled = false;

  override sticky(): StickyKeeper | undefined {
    return this.book;
  }

  override after(
    outcome: Outcome | NamespaceOutcome | undefined,
    participant: object | undefined,
    context: object,
  ): void {
    if (this.book?.changed === true) this.schedule();
    super.after(outcome, participant, context);
  }

  protected override begin(kept: Kept): Promise<void> | undefined {
    const { experiments } = this.snapshot.setup;
    if (!hasSticky(experiments)) return super.begin(kept);
    const read = this.setup.stickyStore.read(this.req, experiments);
    if (read instanceof Promise) return this.beginWith(read, kept);
    this.book = read;
    return super.begin(kept);
  }

  private async beginWith(read: Promise<StickyBook | undefined>, kept: Kept): Promise<void> {
    this.book = await read;
    await super.begin(kept);
  }

  /** Writes once after the response, whatever is decided until then. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    afterResponse(this.res, () => {
      this.isScheduled = false;
      const { book, req, setup } = this;
      if (book?.changed !== true) return;
      book.changed = false;
      setup.stickyStore.write(req, book.assignments());
    });
  }
}

const known = new WeakMap<ExperimentTable, boolean>();

function hasSticky(experiments: ExperimentTable): boolean {
  let has = known.get(experiments);
  if (has === undefined) {
    has = experiments.all.some(({ spec }) => spec.sticky === true);
    known.set(experiments, has);
  }
  return has;
}

/** Runs a function once the response has been sent or has broken off. */
function afterResponse(res: Partial<Pick<Response, 'closed' | 'once'>>, run: () => void): void {
  try {
    if (res.once !== undefined && res.closed !== true) {
      res.once('close', run);
      return;
    }
  } catch {
    // A mock, or a frozen object.
  }
  // The response is over, or the request has none: an upgrade to WebSocket.
  startImmediate(run);
}
