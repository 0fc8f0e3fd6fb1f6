import type { Response } from 'express';
import { INSPECT } from './inspect.ts';
import { findState, participantOf } from './request-state.ts';

/** What views are given. */
type ViewLocals = Response['locals'];

/** Where the locals of a response are that reads them by the accessor. All copies of the package agree. */
const LOCALS: unique symbol = Symbol.for('evenhand/locals');

/** A response, as far as it matters here. */
type Holder = object & {
  locals?: ViewLocals;
  [LOCALS]?: ViewLocals;
  readonly req?: RequestOf;
};

/** The request of a response. */
interface RequestOf {
  readonly res?: unknown;
  /** What Node keeps of its stream. */
  readonly _readableState?: KeepsLocals;
}

/** What may have the locals of the request's response. */
interface KeepsLocals {
  [LOCALS]?: KeptLocals;
}

/** The locals of a response, kept with its request. */
class KeptLocals {
  readonly res: object;
  locals: ViewLocals;

  constructor(res: object, locals: ViewLocals) {
    this.res = res;
    this.locals = locals;
  }

  /** Nothing: who prints a request's stream must not print what views are given along with it. */
  [INSPECT](): string {
    return 'KeptLocals {}';
  }
}

/**
 * The response whose `locals` were set by the accessor last, until the middleware has met it: mostly the
 * next one that it meets, and to look at a response may cost (see `request-state.ts`).
 */
let latest: object | undefined;

/** The prototypes of responses, one for each application, that have the accessor. */
const met = new WeakSet();

/**
 * Gives views their functions, which they call without an object in front. Four functions for each
 * request cost a microsecond, and most requests render no view: so the responses of an application
 * read `locals` by an accessor of their prototype, which adds the functions when `res.locals` is read
 * for the first time. Where the response has `locals` of its own, they are added at once: what Express
 * made before the accessor was there, the responses of an application around this one, those of others.
 */
export function extendLocals(res: Response, req: object): void {
  if (res === latest) {
    latest = undefined;
    return;
  }
  if (keptLocals(res) !== undefined) return;
  const { locals }: Holder = res;
  if (locals !== undefined) addFunctions(locals, req);
  readLater(res);
}

/** Gives the responses of an application the accessor. */
function readLater(res: Response): void {
  const prototype: object = Object.getPrototypeOf(res);
  if (met.has(prototype) || responsePrototypeOf(res) !== prototype) return;
  met.add(prototype);
  // An application's own idea of what `locals` are stays.
  if (!('locals' in prototype)) Object.defineProperty(prototype, 'locals', accessor);
}

/** The prototype of an application's responses; the types of Express leave it out. */
function responsePrototypeOf({ app }: { app?: object & { response?: unknown } }): unknown {
  return app?.response;
}

const accessor: PropertyDescriptor = {
  get(this: Holder): ViewLocals | undefined {
    const locals = keptLocals(this);
    if (locals === undefined) return undefined;
    const state = findState(this.req);
    if (state !== undefined && state.extended !== locals) {
      state.extended = locals;
      addFunctions(locals, this.req);
    }
    return locals;
  },
  /** Express sets it, and an application may set another. */
  set(this: Holder, locals: ViewLocals) {
    keepLocals(this, locals);
    comesNext(this);
  },
  configurable: true,
};

/**
 * Keeps the locals of a response that reads them by the accessor. Not with the response: as Express has
 * given it another prototype, the first property that it gets after that makes V8 give it a hidden class
 * of its own, and from then on everybody's look at each of its properties takes a tenth of a microsecond
 * instead of a nanosecond. Node's state of the request's stream is of one class for all requests.
 */
function keepLocals(res: Holder, locals: ViewLocals): void {
  const { req } = res;
  const stream = req && streamOf(req);
  const kept = stream?.[LOCALS];
  if (kept !== undefined && kept.res === res) kept.locals = locals;
  // Somebody may have another response made for the same request, or a wrapper around this one.
  else if (kept !== undefined || stream === undefined || req?.res !== res) res[LOCALS] = locals;
  else stream[LOCALS] = new KeptLocals(res, locals);
}

/** By its name: when Express sets the locals, requests still have the hidden class of all of them. */
function streamOf({ _readableState: stream }: RequestOf): KeepsLocals | undefined {
  return stream;
}

function keptLocals(res: Holder): ViewLocals | undefined {
  const own = res[LOCALS];
  if (own !== undefined) return own;
  const { req } = res;
  const kept = req && streamOf(req)?.[LOCALS];
  // A wrapper around a response is not the one that Express has given the request.
  return kept !== undefined && (kept.res === res || req?.res !== res) ? kept.locals : undefined;
}

/** The middleware will mostly meet this response next. */
function comesNext(res: object): void {
  latest = res;
}

/** They ask whatever is in force where the request is when they are called. */
function addFunctions(locals: ViewLocals, req: unknown): void {
  locals.isVariant = (name, variant) => participantOf(req, 'isVariant()').isVariant(name, variant);
  locals.isOn = (name) => participantOf(req, 'isOn()').isOn(name);
  locals.isOff = (name) => participantOf(req, 'isOff()').isOff(name);
  locals.variant = (name) => participantOf(req, 'variant()').variant(name);
}
