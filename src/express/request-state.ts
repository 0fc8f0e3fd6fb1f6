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

type States = WeakMap<object, RequestState>;

/** The name under which all copies of the package in the process find the states of requests. */
const STATES: unique symbol = Symbol.for('evenhand/requests');

const shared: typeof globalThis & { [STATES]?: States } = globalThis;

/**
 * Beside the requests: Express gives each its prototype anew, after which V8 takes about a
 * microsecond to add a property, several times as long as all the rest.
 */
const states: States = (shared[STATES] ??= new WeakMap());

/** Gives a request its state. */
export function setState(req: Request, state: RequestState): void {
  states.set(req, state);
}

/** The state of a request, or of an object that inherits from one, if it has passed the middleware. */
export function findState(req: unknown): RequestState | undefined {
  let object = req;
  while (typeof object === 'object' && object !== null) {
    const state = states.get(object);
    if (state !== undefined) return state;
    object = Object.getPrototypeOf(object);
  }
  return undefined;
}

/** The middleware whose participant a request has. */
export function ownerOf(req: Request): object | undefined {
  return states.get(req)?.owner;
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
