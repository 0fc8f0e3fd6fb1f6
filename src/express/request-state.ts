import type { Participant } from '../assignment/participant.ts';
import { NotMountedError } from '../errors.ts';

/** What Evenhand knows of a request. */
export interface RequestState {
  /** The middleware that made it. */
  readonly owner: object;
  /** Made when first asked for. */
  readonly participant: Participant;
  /** The locals of the response that have the functions for views. */
  extended: object | undefined;
}

/** The name under which all copies of the package in the process find the state of a request. */
const STATE: unique symbol = Symbol.for('evenhand/request');

/** What the state of a request is kept with; found once, as each look at a request costs. */
export interface StateHolder {
  [STATE]?: RequestState;
}

/**
 * What keeps the state of a request: the state that Node keeps of the stream, which is the request's
 * alone. Express gives each request another prototype, and with it a hidden class that no other request
 * has, so that one more property would cost a microsecond. Of what a request has, this one is as
 * short-lived as itself: the engine makes lists such as `rawHeaders` among what is old, once it has seen
 * them live on, and would keep each request with them. A WeakMap beside the requests costs the garbage
 * collector ten microseconds. Requests that are not Node's, as of some tests, keep their own.
 */
export function holderOf(req: object & { _readableState?: unknown }): StateHolder {
  const { _readableState: ofStream } = req;
  const holder: object = typeof ofStream === 'object' && ofStream !== null ? ofStream : req;
  return holder;
}

/** The state in a holder. */
export function stateIn(holder: StateHolder): RequestState | undefined {
  return holder[STATE];
}

/** Gives a request its state. */
export function setState(holder: StateHolder, state: RequestState): void {
  holder[STATE] = state;
}

/** The state of a request, or of an object that inherits from one, if it has passed the middleware. */
export function findState(req: unknown): RequestState | undefined {
  return typeof req === 'object' && req !== null ? stateIn(holderOf(req)) : undefined;
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
