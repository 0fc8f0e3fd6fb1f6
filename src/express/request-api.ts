import type { Request, Response } from 'express';
import type { Participant } from '../assignment/participant.ts';
import { NotMountedError } from '../errors.ts';

/** What Evenhand keeps on a request; shared by all copies of the package in the process. */
export interface RequestState {
  /** The middleware that made it. */
  readonly owner: object;
  readonly participant: Participant;
}

/** Under a name no one else uses, and the same one for the ESM and the CommonJS build. */
const STATE: unique symbol = Symbol.for('evenhand/request');

/** A request that may have passed the middleware. */
type Visited = Request & { [STATE]?: RequestState };

/** The state of a request, if it has passed the middleware. */
export function stateOf(req: Visited): RequestState | undefined {
  return req[STATE];
}

/**
 * The participant of a request.
 *
 * @param what what was called, for the message
 * @throws NotMountedError (`not-mounted`) where the request has not passed the middleware
 */
export function participantOf(req: Request | undefined, what: string): Participant {
  const state = req === undefined ? undefined : stateOf(req);
  if (state !== undefined) return state.participant;
  throw new NotMountedError(
    req === undefined
      ? `${what} was called without its request: call it as a method, req.isVariant(…)`
      : `${what} was called for a request that has not passed Evenhand: app.use(evenhand()) must come before it`,
  );
}

/** Gives a request its methods, and its views their functions. */
export function attach(req: Visited, res: Response, state: RequestState): void {
  const { participant } = state;
  req[STATE] = state;
  req.experiments = participant;
  req.isVariant = isVariant;
  req.isOn = isOn;
  req.isOff = isOff;
  req.variant = variant;
  // Views call these without an object in front.
  const { locals } = res;
  locals.isVariant = (name, variant) => participant.isVariant(name, variant);
  locals.isOn = (name) => participant.isOn(name);
  locals.isOff = (name) => participant.isOff(name);
  locals.variant = (name) => participant.variant(name);
}

// Shared by all requests.

function isVariant(this: Request, name: string, variant: string | readonly string[]): boolean {
  return participantOf(this, 'req.isVariant()').isVariant(name, variant);
}

function isOn(this: Request, name: string): boolean {
  return participantOf(this, 'req.isOn()').isOn(name);
}

function isOff(this: Request, name: string): boolean {
  return participantOf(this, 'req.isOff()').isOff(name);
}

function variant(this: Request, name: string): string | undefined {
  return participantOf(this, 'req.variant()').variant(name);
}
