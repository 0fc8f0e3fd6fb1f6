import type { Participant } from '../../assignment/participant.ts';
import { NotMountedError } from '../../errors/usage-errors.ts';
import { lookAt } from './look-at.ts';

/** What Evenhand knows of a request. */
export interface RequestState {
  /** The middleware that made it. */
  readonly owner: object;
  /** Made when first asked for. */
  readonly participant: Participant;
  /** The locals of the response that have the functions for views. */
  extended: object | undefined;
  /** Where another middleware had been before; else left out, as most requests meet one. */
  nested?: Nested;
}

/** What is to be in force again when the request leaves a mounted application. */
interface Nested {
  /** The application whose middleware has taken over; undefined where there is none to be told. */
  readonly app: unknown;
  readonly outer: RequestState;
}

/** An application, as far as it matters here. */
interface Mounted {
  readonly parent?: unknown;
}

/** The name under which all copies of the package in the process find the state of a request. */
const STATE: unique symbol = Symbol.for('evenhand/request');

/** What the state of a request is kept with; found once, as each look at a request costs. */
export interface StateHolder {
  [STATE]?: RequestState;
}

/**
 * What keeps the state of a request: the state that Node keeps of the stream, which is the request's
 * alone. Each request of Express has a hidden class that no other request has, so that one more property
 * would cost a microsecond. Of what a request has, this one is as short-lived as itself: the engine makes
 * lists such as `rawHeaders` among what is old, once it has seen them live on, and would keep each request
 * with them. A WeakMap beside the requests costs the garbage collector ten microseconds. Requests that are
 * not Node's, as of some tests, keep their own.
 */
export function holderOf(req: object): StateHolder {
  const ofStream: unknown = lookAt(req, '_readableState');
  const holder: object = typeof ofStream === 'object' && ofStream !== null ? ofStream : req;
  return holder;
}

/** The state in a holder: the last that the request was given. */
export function stateIn(holder: StateHolder): RequestState | undefined {
  return holder[STATE];
}

/**
 * Gives a request its state.
 *
 * @param before the state it had: what stays in force outside the application that the request is in
 */
export function setState(
  holder: StateHolder,
  state: RequestState,
  req: object,
  before: RequestState | undefined,
): void {
  if (before !== undefined) {
    const app = appOf(req);
    let outer = before;
    // In one application the last middleware counts; those of applications that were left do no more.
    while (outer.nested !== undefined && (outer.nested.app === app || wasLeft(outer.nested, app))) {
      ({ outer } = outer.nested);
    }
    state.nested = { app, outer };
  }
  holder[STATE] = state;
}

/**
 * The state that counts where the request is now: a mounted application's own middleware does so within
 * it.
 */
export function inForce(state: RequestState, req: object): RequestState {
  if (state.nested === undefined) return state;
  const app = appOf(req);
  let current = state;
  while (current.nested !== undefined && wasLeft(current.nested, app)) {
    current = current.nested.outer;
  }
  return current;
}

/** The application that a request is in; Express changes it when the request enters and leaves one. */
function appOf({ app }: { readonly app?: unknown }): unknown {
  return app;
}

/** Whether a request that is in an application is neither in the nested one nor in one mounted there. */
function wasLeft({ app: nested }: Nested, app: unknown): boolean {
  if (nested === undefined) return false;
  for (let one = app; one !== undefined && one !== null; one = (one as Mounted).parent) {
    if (one === nested) return false;
  }
  return true;
}

/** The state of a request, or of an object that inherits from one, if it has passed the middleware. */
export function findState(req: unknown): RequestState | undefined {
  if (typeof req !== 'object' || req === null) return undefined;
  const state = stateIn(holderOf(req));
  return state && inForce(state, req);
}

/**
 * The participant of a request.
 *
 * @param what what was called, for the message
 * @throws NotMountedError (`not-mounted`) where the request has not passed the middleware
 */
export function participantOf(req: unknown, what: string): Participant {
  const state = findState(req);
  if (state !== undefined) return state.participant;
  throw new NotMountedError(
    req === undefined
      ? `${what} was called without its request; call it as a method of the request`
      : `${what} was called for a request that has not passed Evenhand; app.use(evenhand()) must come before it`,
  );
}
