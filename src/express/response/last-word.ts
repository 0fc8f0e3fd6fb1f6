import type http from 'node:http';
import { loadPackage } from '../../runtime/load-package.ts';
import { givenHeaders, GivenHeaders } from './given-headers.ts';
import { type Headers, keepPromises, type PromisedHeaders } from './promised-headers.ts';

/** Returns the promises of a response; undefined if it has none. */
type PromisedTo = (res: object) => PromisedHeaders | undefined;

/** A method of a response. */
type Method = (this: object, ...args: unknown[]) => unknown;

/** The part of Express's responses that matters here. */
type OfExpress = object & { readonly app?: { readonly response?: unknown } };

/** Marks the methods that keep promises, for all copies of the package. */
const KEEPS_PROMISES: unique symbol = Symbol.for('evenhand/keeps-promises');

/**
 * The method by which Node's responses write their headers. Every way to send a response ends there,
 * and nothing changes the headers after it. Node has no public event for this moment.
 */
const STORE = '_storeHeader';

/** The public method, for responses without the other: those of HTTP/2. */
const WRITE = 'writeHead';

/**
 * Makes a response keep its promises at the moment its headers are sent. The methods are added once to
 * `express.response`, the prototype that Express offers for that: properties of each response would
 * cost every request some microseconds. Other responses of Node get their own methods. Anything else,
 * such as a mock in a test, stays as it is.
 *
 * @param promised the promises of this response
 * @param promisedTo finds the promises of each response of Express
 * @returns the prototype of the response if all of its responses keep their promises
 */
export function giveLastWord(
  res: object,
  promised: PromisedHeaders,
  promisedTo: PromisedTo,
): object | undefined {
  const base = expressResponse(res);
  // Methods of the response itself hide those of the prototype: the toolbar adds such methods.
  const target = base ?? res;
  if (!keepsPromises(target)) addMethods(target, base ? promisedTo : () => promised);
  return base && (Object.getPrototypeOf(res) as object);
}

function keepsPromises(target: object): boolean {
  const method: unknown = Reflect.get(target, STORE) ?? Reflect.get(target, WRITE);
  return isMethod(method) && KEEPS_PROMISES in method;
}

function addMethods(target: object, promisedTo: PromisedTo): void {
  const store: unknown = Reflect.get(target, STORE);
  const stores = isMethod(store);
  if (stores) addMethod(target, STORE, storing(store, promisedTo));
  // A method of the object itself is a listener's, which sets the headers it is given, or a mock.
  if (Object.hasOwn(target, WRITE)) return;
  const write: unknown = Reflect.get(target, WRITE);
  // With headers that are set, HTTP/1 takes no list of pairs, and Node 20 loses repeated names.
  const isFor = stores ? Array.isArray : () => true;
  if (isMethod(write)) addMethod(target, WRITE, writing(write, promisedTo, isFor));
}

function addMethod(target: object, name: string, method: Method): void {
  const value = Object.assign(method, { [KEEPS_PROMISES]: true });
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/** Returns a `_storeHeader` that keeps the promises. */
function storing(store: Method, promisedTo: PromisedTo): Method {
  return function storeHeader(this: object, ...args: unknown[]): unknown {
    const promised = promisedTo(this);
    if (promised !== undefined) args[1] = completed(this, args[1], promised);
    return Reflect.apply(store, this, args);
  };
}

/**
 * Returns the headers to store.
 *
 * @param given the response's own headers by name, or those of `writeHead()` if it has none
 */
function completed(res: object, given: unknown, promised: PromisedHeaders): unknown {
  try {
    if (isOwnTable(given)) {
      keepPromises(new OwnHeaders(res as http.OutgoingMessage), promised);
      return given;
    }
    const headers = new GivenHeaders(given);
    keepPromises(headers, promised);
    return headers.pairs();
  } catch {
    // Node reports what is wrong with the headers.
    return given;
  }
}

/** Node keeps a response's headers in an object without a prototype. */
function isOwnTable(given: unknown): boolean {
  return typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === null;
}

/** The headers of a response as Node stores them, even if its methods were replaced. */
class OwnHeaders implements Headers {
  private readonly res: http.OutgoingMessage;

  constructor(res: http.OutgoingMessage) {
    this.res = res;
  }

  getHeader(name: string): unknown {
    return ofNode().OutgoingMessage.prototype.getHeader.call(this.res, name);
  }

  setHeader(name: string, value: string | readonly string[]): void {
    ofNode().OutgoingMessage.prototype.setHeader.call(this.res, name, value);
  }
}

/**
 * Returns a `writeHead` that keeps the promises.
 *
 * @param isFor returns true for given headers that need it
 */
function writing(
  write: Method,
  promisedTo: PromisedTo,
  isFor: (given: unknown) => boolean,
): Method {
  return function writeHead(this: object, ...args: unknown[]): unknown {
    const given = givenHeaders(args);
    const promised = isFor(given) ? promisedTo(this) : undefined;
    return Reflect.apply(write, this, promised === undefined ? args : named(this, args, promised));
  };
}

/** Returns the arguments of `writeHead()` with an object of headers that keep the promises. */
function named(
  res: object,
  args: readonly unknown[],
  promised: PromisedHeaders,
): readonly unknown[] {
  try {
    const headers = new GivenHeaders(givenHeaders(args), res);
    keepPromises(headers, promised);
    const [status, reason] = args;
    const all = Object.fromEntries(headers.pairs());
    return typeof reason === 'string' ? [status, reason, all] : [status, all];
  } catch {
    return args;
  }
}

function isMethod(value: unknown): value is Method {
  return typeof value === 'function';
}

/**
 * Returns `express.response`, above the prototypes of an application and of those it is mounted in;
 * undefined for other responses. Node's own prototypes stay as they are.
 */
function expressResponse(res: OfExpress): object | undefined {
  let base: unknown = Object.getPrototypeOf(res);
  if (base !== res.app?.response) return undefined;
  while (isObject(base) && Object.hasOwn(base, 'app')) base = Object.getPrototypeOf(base);
  return isObject(base) && base !== ofNode().ServerResponse.prototype ? base : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

let node: typeof http | undefined;

function ofNode(): typeof http {
  node ??= loadPackage('node:http') as typeof http;
  return node;
}
