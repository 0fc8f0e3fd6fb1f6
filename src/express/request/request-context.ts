import type { Request } from 'express';
import { ContextError } from '../../errors/usage-errors.ts';
import { identityText } from '../../hash/text.ts';
import {
  ATTRIBUTES,
  attributeOf,
  type AttributeSource,
  MISSING,
} from '../../rules/values/attributes.ts';
import {
  KNOWN_VALUES,
  type KnownValue,
  knownValues,
  type KnownValueSource,
  listsKnownValues,
  NOT_READ,
  ownValues,
} from '../../rules/known-values.ts';
import { type ConsentingContext, WITHHOLDS_KEY } from '../../assignment/identity.ts';
import { isThenable, watchRejection } from '../../runtime/thenable.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';
import type { TrackingCookie } from '../cookies/tracking-cookie.ts';

/** Computes a context value when a rule or an identity first reads it. */
export type LazyValue = (req: Request) => unknown;

/** Creates the context of a request. */
export type ContextClass = new (req: Request, tracking: TrackingCookie) => RequestContext;

/** A lazy value that was read; `running` while its function runs. */
type LazyResult =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly value: unknown }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * The values that rules and identities can read about one request. `user`, `anonymous` and lazy values
 * are computed when read. The context provider's values are own properties and win over them.
 */
export class RequestContext implements AttributeSource, KnownValueSource, ConsentingContext {
  readonly #req: Request;
  readonly #tracking: TrackingCookie;
  #viewed: unknown;
  #view: unknown;
  #fresh = false;
  #lazy: Map<string, LazyResult> | undefined;

  constructor(req: Request, tracking: TrackingCookie) {
    this.#req = req;
    this.#tracking = tracking;
  }

  /**
   * Prepares the next decision, which reads `req.user` again: a login in the middle of a request counts.
   */
  refresh(): void {
    this.#fresh = false;
  }

  /** Returns a value that is not an own property. */
  [ATTRIBUTES](name: string): unknown {
    switch (name) {
      case 'user':
        return this.#user();
      case 'anonymous':
        return this.#tracking.keyOf(this.#req) ?? null;
      default:
        return MISSING;
    }
  }

  /** Asks for the visitor's consent, unless the application provides `anonymous` itself. */
  [WITHHOLDS_KEY](): boolean {
    return !Object.hasOwn(this, ANONYMOUS_IDENTITY) && !this.#tracking.mayRecognise(this.#req);
  }

  /** Lists the values that are known; a lazy value that was not read counts as not known. */
  *[KNOWN_VALUES](): Iterable<KnownValue> {
    yield* ownValues(this);
    for (const name of this.lazyNames()) {
      const result = this.#lazy?.get(name);
      yield [name, result?.state === 'done' ? result.value : NOT_READ];
    }
    yield ['anonymous', NOT_READ];
    if (!Object.hasOwn(this, 'user')) yield ['user', this.#knownUser()];
  }

  /**
   * Returns a value as decisions saw it, without computing anything: `NOT_READ` if no decision has read it,
   * and `MISSING` if there is none.
   *
   * @throws the error of a lazy value that failed
   */
  known(name: string): unknown {
    if (Object.hasOwn(this, name)) return Reflect.get(this, name);
    const lazy = this.#lazy?.get(name);
    if (lazy?.state === 'done') return lazy.value;
    if (lazy?.state === 'failed') throw lazy.error;
    if (lazy !== undefined || [...this.lazyNames()].includes(name)) return NOT_READ;
    switch (name) {
      case 'user':
        return this.#view ?? NOT_READ;
      case 'anonymous': {
        const key = this.#tracking.keySoFar(this.#req);
        return key === undefined ? NOT_READ : key;
      }
      default:
        return MISSING;
    }
  }

  /** Returns the user as the application set it, if a decision has read it. */
  #knownUser(): unknown {
    if (this.#view === undefined) return NOT_READ;
    return this.#view === ANONYMOUS_USER ? ANONYMOUS_USER : this.#viewed;
  }

  /** The names of the lazy values. */
  protected lazyNames(): Iterable<string> {
    return [];
  }

  #user(): unknown {
    if (!this.#fresh) {
      // `Reflect.get` takes half as long as `req.user`; see `keptWith`.
      const user: unknown = Reflect.get(this.#req, 'user');
      if (this.#viewed !== user || this.#view === undefined) this.#view = viewOf(user);
      this.#viewed = user;
      this.#fresh = true;
    }
    return this.#view;
  }

  /** Computes a lazy value once. */
  protected lazyValue(name: string, compute: LazyValue): unknown {
    this.#lazy ??= new Map();
    let result = this.#lazy.get(name);
    if (result === undefined) {
      this.#lazy.set(name, { state: 'running' });
      result = settle(name, () => compute(this.#req));
      this.#lazy.set(name, result);
    }
    if (result.state === 'done') return result.value;
    if (result.state === 'failed') throw result.error;
    throw new ContextError(
      `the lazy context value ${JSON.stringify(name)} needs a decision that depends on this value; compute the value without that decision`,
    );
  }

  /** Returns a context class with lazy values, created once for all requests. */
  static withLazy(lazy: Readonly<Record<string, LazyValue>>): ContextClass {
    const values = new Map(Object.entries(lazy));
    const withValues = class extends RequestContext {
      override [ATTRIBUTES](name: string): unknown {
        const compute = values.get(name);
        return compute === undefined ? super[ATTRIBUTES](name) : this.lazyValue(name, compute);
      }

      override [WITHHOLDS_KEY](): boolean {
        return !values.has(ANONYMOUS_IDENTITY) && super[WITHHOLDS_KEY]();
      }

      protected override lazyNames(): Iterable<string> {
        return values.keys();
      }
    };
    listsKnownValues(withValues.prototype);
    return withValues;
  }
}

listsKnownValues(RequestContext.prototype);

/** Returns the user as rules see it. */
function viewOf(user: unknown): unknown {
  if (user === undefined || user === null || user === false) return ANONYMOUS_USER;
  return typeof user === 'object' ? new UserView(user) : user;
}

function settle(name: string, compute: () => unknown): LazyResult {
  let value: unknown;
  try {
    value = compute();
  } catch (error) {
    return { state: 'failed', error };
  }
  if (!isThenable(value)) return { state: 'done', value };
  // Nothing awaits the promise: its rejection must not end the process.
  watchRejection(value, () => {});
  return {
    state: 'failed',
    error: new ContextError(
      `the lazy context value ${JSON.stringify(name)} is a promise, but decisions don't wait; await it in "contextProvider" instead`,
    ),
  };
}

/** The user of a request without `req.user`. */
const ANONYMOUS_USER = Object.freeze({
  id: null,
  is_authenticated: false,
  is_anonymous: true,
});

/**
 * A user as rules see it: its own attributes, and the flags `is_authenticated` and `is_anonymous`,
 * which users have in Django and mostly lack in Express. The user's own attributes win.
 */
class UserView implements AttributeSource, KnownValueSource {
  readonly #user: object;

  constructor(user: object) {
    this.#user = user;
  }

  [ATTRIBUTES](name: string): unknown {
    const own = attributeOf(this.#user, name);
    if (own !== MISSING) return own;
    switch (name) {
      case 'is_authenticated':
        return true;
      case 'is_anonymous':
        return attributeOf(this.#user, 'is_authenticated') === false;
      default:
        return MISSING;
    }
  }

  [KNOWN_VALUES](): Iterable<KnownValue> {
    return knownValues(this.#user);
  }

  /** Makes `user` an identity if the user has its own `toString`. */
  toString(): string | undefined {
    return identityText(this.#user);
  }
}

listsKnownValues(UserView.prototype);
