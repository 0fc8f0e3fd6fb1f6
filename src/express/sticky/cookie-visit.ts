import type { StickyKeeper } from '../../assignment/experiment.ts';
import type { NamespaceOutcome } from '../../assignment/listener.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import { StickyBook } from '../../assignment/special/sticky-book.ts';
import { Visit } from '../request/visit.ts';
import type { VisitSetup } from '../request/visit-setup.ts';
import type { StickyCookie } from './sticky-cookie.ts';

/** The parts of a middleware that keeps sticky assignments in a cookie. */
export interface CookieVisitSetup extends VisitSetup {
  readonly stickyCookie: StickyCookie;
}

/** A request whose sticky assignments are in a cookie. */
export class CookieVisit extends Visit<CookieVisitSetup> {
  private book: StickyBook | undefined;
  /** False without the visitor's consent: the cookie is then neither read nor set. */
  private saves = false;

  /** Reads the cookie when the first sticky experiment is decided. */
  override sticky(): StickyKeeper {
    return (this.book ??= this.open());
  }

  override after(
    outcome: Outcome | NamespaceOutcome | undefined,
    participant: object | undefined,
    context: object,
  ): void {
    const { book, req, res, setup, snapshot } = this;
    if (book?.changed === true && this.saves) {
      setup.stickyCookie.save(req, res, this.promises(), book, snapshot.setup.experiments);
    }
    super.after(outcome, participant, context);
  }

  private open(): StickyBook {
    const { req, res, setup, snapshot } = this;
    const { tracking, stickyCookie } = setup;
    this.saves = tracking.mayRecognise(req);
    if (this.saves) return stickyCookie.read(req, snapshot.setup.experiments);
    if (tracking.isRefused(req)) stickyCookie.expire(req, res, this.promises());
    return new StickyBook([]);
  }
}
