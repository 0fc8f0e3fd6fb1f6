import type http from 'node:http';
import type { Request } from 'express';
import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { Participant } from '../../assignment/participant.ts';
import { loadPackage } from '../../runtime/load-package.ts';
import { findState, participantOf } from './kept-with-request.ts';

/** The prototypes of requests, one for each application, that have the methods. */
const met = new WeakSet();

/** The prototype of the last request; most processes have one. */
let latest: object | undefined;

/**
 * Gives requests their methods. They are added once to `express.request`, the prototype that Express
 * offers for that. Properties of the request itself would cost every request (see
 * `kept-with-request.ts`), and the prototype of one application is not enough if an application is
 * mounted in several. The methods are not enumerable, and requests of other applications may have
 * properties of these names. An object that is not a request of Express gets its own methods.
 */
export function extendRequest(req: Request): void {
  const prototype: object = Object.getPrototypeOf(req);
  if (prototype === latest) return;
  if (met.has(prototype)) {
    latest = prototype;
    return;
  }
  if (requestPrototypeOf(req.app) !== prototype) {
    Object.defineProperties(req, methods);
    return;
  }
  met.add(prototype);
  Object.defineProperties(basePrototype(prototype), methods);
}

/** Returns the prototype of an application's requests, which the types of Express leave out. */
function requestPrototypeOf(app: (object & { request?: unknown }) | undefined): unknown {
  return app?.request;
}

/**
 * Returns `express.request`, above the prototypes of an application and of those it is mounted in.
 */
function basePrototype(prototype: object): object {
  const ofNode: object = (loadPackage('node:http') as typeof http).IncomingMessage.prototype;
  let base = prototype;
  while (Object.hasOwn(base, 'app')) {
    const above: unknown = Object.getPrototypeOf(base);
    // Node's own requests must stay as they are.
    if (typeof above !== 'object' || above === null || above === ofNode) break;
    base = above;
  }
  return base;
}

// One function each for all requests.

function isVariant(this: unknown, name: string, variant: string | readonly string[]): boolean {
  return participantOf(this, 'req.isVariant()').isVariant(name, variant);
}

function isOn(this: unknown, name: string): boolean {
  return participantOf(this, 'req.isOn()').isOn(name);
}

function isOff(this: unknown, name: string): boolean {
  return participantOf(this, 'req.isOff()').isOff(name);
}

function variant(this: unknown, name: string): string | undefined {
  return participantOf(this, 'req.variant()').variant(name);
}

function peek(this: unknown, name: string): string | undefined {
  return participantOf(this, 'req.peek()').peek(name);
}

function expose(this: unknown, name: string): void {
  participantOf(this, 'req.expose()').expose(name);
}

function track(this: unknown, ...event: Parameters<Participant['track']>): void {
  participantOf(this, 'req.track()').track(...event);
}

function namespace(this: unknown, name: string): NamespaceAssignment {
  return participantOf(this, 'req.namespace()').namespace(name);
}

const methods: PropertyDescriptorMap = {
  ...Object.fromEntries(
    Object.entries({ isVariant, isOn, isOff, variant, peek, expose, track, namespace }).map(
      ([name, value]) => [name, { value, writable: true, configurable: true }],
    ),
  ),
  experiments: {
    /** Returns undefined in other applications, which may test for a property of this name. */
    get(this: object): Participant | undefined {
      return findState(this) === undefined && !met.has(Object.getPrototypeOf(this))
        ? undefined
        : participantOf(this, 'req.experiments');
    },
    set(this: object, value: unknown) {
      Object.defineProperty(this, 'experiments', {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    configurable: true,
  },
};
