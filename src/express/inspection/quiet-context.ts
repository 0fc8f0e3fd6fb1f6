import { type ConsentingContext, WITHHOLDS_KEY } from '../../assignment/identity.ts';
import { ContextError } from '../../errors/usage-errors.ts';
import { NOT_READ } from '../../rules/known-values.ts';
import {
  ATTRIBUTES,
  type AttributeSource,
  isHidden,
  MISSING,
} from '../../rules/values/attributes.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';
import type { RequestContext } from '../request/request-context.ts';

/** The end of the message about a value that is not known. */
export const NOT_COMPUTED = 'not computed for this page';

/**
 * The context of a request as its decisions saw it, to explain them. It never computes a lazy value, creates
 * a tracking key, reads `req.user` again or asks the application anything.
 */
export class QuietContext implements AttributeSource, ConsentingContext {
  // Private, so that no rule can read it as an attribute.
  readonly #context: RequestContext | undefined;

  /** @param context undefined if no decision needed one */
  constructor(context: RequestContext | undefined) {
    this.#context = context;
  }

  /** @throws ContextError (`context`) for a value that no decision has read */
  [ATTRIBUTES](name: string): unknown {
    const value = this.#context === undefined ? NOT_READ : this.#context.known(name);
    if (value === NOT_READ) throw new ContextError(`${name} was ${NOT_COMPUTED}`);
    return isHidden(value) ? MISSING : value;
  }

  /** Returns true if a decision was told that the visitor has not consented. */
  [WITHHOLDS_KEY](): boolean {
    return this.#context?.known(ANONYMOUS_IDENTITY) === null;
  }
}
