import type { Request } from 'express';
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

/** What a state is kept with. */
interface Holder {
  [STATE]?: RequestState;
}

/**
 * Gives a request its state. The state Node keeps of the stream holds it, which is the request's alone:
 * Express gives each request another prototype, and with it a hidden class that no other request has,
 * so that one more property would cost a microsecond. Of what a request has, this one is as short-lived
 * as itself: the engine makes lists such as `rawHeaders` among what is old, once it has seen them live on,
 * and would keep each request with them. A WeakMap beside the requests costs the garbage collector ten
 * microseconds.
 */
export function setState(req: Request, state: RequestState): void {
  holderOf(req)[STATE] = state;
}

/** The state of a request, or of an object that inherits from one, if it has passed the middleware. */
export function findState(req: unknown): RequestState | undefined {
  return typeof req === 'object' && req !== null ? holderOf(req)[STATE] : undefined;
}

/** Requests that are not Node's, as of some tests, are no streams. */
function holderOf(req: object & { _readableState?: unknown }): Holder {
  const { _readableState: ofStream } = req;
  const holder: object = typeof ofStream === 'object' && ofStream !== null ? ofStream : req;
  return holder;
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
