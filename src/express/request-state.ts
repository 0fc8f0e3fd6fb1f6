import type { Request } from 'express';
import type { Participant } from '../assignment/participant.ts';
import { NotMountedError } from '../errors.ts';

/** What Evenhand knows of a request. */
export interface RequestState {
  /** The middleware that made it. */
  readonly owner: object;
  /** Made when first asked for. */
  readonly participant: Participant;
}

/** The name under which all copies of the package in the process find the state of a request. */
const STATE: unique symbol = Symbol.for('evenhand/request');

/** A request that may have passed the middleware. */
type Visited = Request & { [STATE]?: RequestState };

/**
 * Gives a request its state. It is the one property that each request gets: a WeakMap beside the
 * requests costs the garbage collector twenty times as much.
 */
export function setState(req: Visited, state: RequestState): void {
  req[STATE] = state;
}

/** The state of a request, or of an object that inherits from one, if it has passed the middleware. */
export function findState(req: unknown): RequestState | undefined {
  return typeof req === 'object' && req !== null ? (req as Visited)[STATE] : undefined;
}

/** The middleware whose participant a request has. */
export function ownerOf(req: Visited): object | undefined {
  return Object.hasOwn(req, STATE) ? req[STATE]?.owner : undefined;
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
