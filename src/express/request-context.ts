import type { Request } from 'express';
import { ContextError } from '../errors.ts';
import { isThenable } from '../thenable.ts';
import type { TrackingCookie } from './tracking-cookie.ts';
import { ANONYMOUS_USER, UserView } from './user-view.ts';

/** Computes a context value when a rule or an identity first asks for it. */
export type LazyValue = (req: Request) => unknown;

/** Makes the context of a request. */
export type ContextClass = new (req: Request, tracking: TrackingCookie) => RequestContext;

/** A lazy value once asked for; `running` while its function is. */
type LazyResult =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly value: unknown }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * What rules and identities can ask about one request. The defaults are getters, computed when
 * asked; what the context provider gave is own data and wins over them.
 */
export class RequestContext {
  readonly #req: Request;
  readonly #tracking: TrackingCookie;
  #viewed: unknown;
  #view: UserView | undefined;
  #lazy: Map<string, LazyResult> | undefined;

  constructor(req: Request, tracking: TrackingCookie) {
    this.#req = req;
    this.#tracking = tracking;
  }

  /** `req.user` as it is at this moment: a login in the middle of a request counts. */
  get user(): unknown {
    const { user }: Request & { user?: unknown } = this.#req;
    if (user === undefined || user === null || user === false) return ANONYMOUS_USER;
    if (typeof user !== 'object') return user;
    if (this.#view === undefined || this.#viewed !== user) {
      this.#view = new UserView(user);
      this.#viewed = user;
    }
    return this.#view;
  }

  /** The tracking key. */
  get anonymous(): string {
    return this.#tracking.keyOf(this.#req);
  }

  /** A method, and so invisible to rules: computes a lazy value once. */
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
      `the lazy context value ${JSON.stringify(name)} asks for a decision that needs it itself`,
    );
  }

  /** A context class whose lazy values are getters; made once, so that a request costs nothing. */
  static withLazy(lazy: Readonly<Record<string, LazyValue>>): ContextClass {
    class LazyContext extends RequestContext {}
    for (const [name, compute] of Object.entries(lazy)) {
      Object.defineProperty(LazyContext.prototype, name, {
        get(this: LazyContext) {
          return this.lazyValue(name, compute);
        },
      });
    }
    return LazyContext;
  }
}

function settle(name: string, compute: () => unknown): LazyResult {
  let value: unknown;
  try {
    value = compute();
  } catch (error) {
    return { state: 'failed', error };
  }
  if (!isThenable(value)) return { state: 'done', value };
  // Nobody will wait for it; that it fails must not end the process.
  Promise.resolve(value).catch(() => {});
  return {
    state: 'failed',
    error: new ContextError(
      `the lazy context value ${JSON.stringify(name)} is a promise, but a decision can't wait; await it in "contextProvider" instead`,
    ),
  };
}
