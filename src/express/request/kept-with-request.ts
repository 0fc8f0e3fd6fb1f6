import type { Response } from 'express';
import type { Participant } from '../../assignment/participant.ts';
import { NotMountedError } from '../../errors/usage-errors.ts';
import type { PromisedHeaders } from '../response/promised-headers.ts';
import type { RequestAttention } from './attention.ts';
import { addViewFunctions } from './view-functions.ts';
import type { ViewNameList } from './view-names.ts';

/** The state that Evenhand keeps for a request. */
export interface RequestState {
  /** The setup of the middleware that made it. */
  readonly owner: object;
  /** Created when first read. */
  readonly participant: Participant;
  /** The names of the functions for views. */
  readonly viewNames: ViewNameList;
  /** The locals of the response that have the functions for views. */
  extended: object | undefined;
  /** The application whose views have them. */
  extendedIn: unknown;
  /** The attention of somebody who looks at the request; undefined for most requests. */
  readonly attention?: RequestAttention | undefined;
  /** The state to return to; undefined if the request met no middleware before. */
  nested: Nested | undefined;
}

/** The state that is in force again when the request leaves a mounted application. */
interface Nested {
  /** The application whose middleware took over; undefined if the request has no application. */
  readonly app: unknown;
  readonly outer: RequestState;
}

/** The part of an application that matters here. */
interface Mounted {
  readonly parent?: unknown;
}

type ViewLocals = Response['locals'];

// All copies of the package in the process use the same symbols.
const STATE: unique symbol = Symbol.for('evenhand/request');
const LOCALS: unique symbol = Symbol.for('evenhand/locals');
const PROMISED: unique symbol = Symbol.for('evenhand/promised-headers');
const ATTENTION: unique symbol = Symbol.for('evenhand/attention');

/** Node calls the method of this name to print an object. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** The object that keeps the state of a request and the locals of its response. */
export interface Kept {
  [STATE]?: RequestState;
  [LOCALS]?: KeptLocals;
  [PROMISED]?: PromisedHeaders;
  [ATTENTION]?: RequestAttention | undefined;
}

/** The locals of a response that reads them by the accessor. */
class KeptLocals {
  readonly res: object;
  locals: ViewLocals;

  constructor(res: object, locals: ViewLocals) {
    this.res = res;
    this.locals = locals;
  }

  /** Prints as an empty object: a log of a request must not contain the locals. */
  [INSPECT](): string {
    return 'KeptLocals {}';
  }
}

/**
 * Returns the object that keeps the state of a request: the state that Node keeps of the request's
 * stream. Express gives each request a hidden class of its own in V8, so one more property on `req`
 * costs a microsecond, and a WeakMap beside the requests costs ten microseconds of garbage collection.
 * The stream's state lives exactly as long as the request; lists such as `rawHeaders` do not, as V8
 * moves them to the old generation. A request that is not Node's, as in some tests, keeps its own state.
 */
export function keptWith(req: object): Kept {
  // `Reflect.get` takes half as long as `req._readableState`, for which V8 learns each hidden class.
  const stream: unknown = Reflect.get(req, '_readableState');
  const kept: object = typeof stream === 'object' && stream !== null ? stream : req;
  return kept;
}

/**
 * Returns the state in force where the request is now: within a mounted application, the state of its
 * own middleware.
 */
export function stateIn(kept: Kept, req: object): RequestState | undefined {
  let state = kept[STATE];
  if (state?.nested === undefined) return state;
  const app = appOf(req);
  while (state.nested !== undefined && wasLeft(state.nested, app)) state = state.nested.outer;
  return state;
}

/** Gives a request its state, over the states of applications that the request is in. */
export function keepState(kept: Kept, state: RequestState, req: object): void {
  let outer = kept[STATE];
  if (outer !== undefined) {
    const app = appOf(req);
    // Within one application the last middleware counts; applications that were left don't count.
    while (outer.nested !== undefined && (outer.nested.app === app || wasLeft(outer.nested, app))) {
      ({ outer } = outer.nested);
    }
    state.nested = { app, outer };
  }
  kept[STATE] = state;
}

/** Returns the state that a middleware gave a request, if it did. */
export function stateOf(kept: Kept, owner: object): RequestState | undefined {
  let state = kept[STATE];
  while (state !== undefined && state.owner !== owner) state = state.nested?.outer;
  return state;
}

/** Keeps an attention with its request. It replaces the one that was for the same middleware. */
export function keepAttention(kept: Kept, attention: Omit<RequestAttention, 'next'>): void {
  const others: RequestAttention[] = [];
  for (let one = kept[ATTENTION]; one !== undefined; one = one.next) {
    if (one.owner !== attention.owner) others.push(one);
  }
  let next: RequestAttention | undefined;
  for (const one of [...others, attention]) next = { ...one, next };
  kept[ATTENTION] = next;
}

/** Returns the attention for a middleware; undefined without one. */
export function attentionIn(kept: Kept, owner: object): RequestAttention | undefined {
  let attention = kept[ATTENTION];
  while (attention !== undefined && attention.owner !== owner) attention = attention.next;
  return attention;
}

/**
 * Returns the application that a request is in; Express changes it when the request enters another.
 */
function appOf({ app }: { readonly app?: unknown }): unknown {
  return app;
}

/**
 * Returns true if a request in `app` is neither in the nested application nor in one mounted there.
 */
function wasLeft({ app: nested }: Nested, app: unknown): boolean {
  if (nested === undefined) return false;
  for (let one = app; one !== undefined && one !== null; one = (one as Mounted).parent) {
    if (one === nested) return false;
  }
  return true;
}

/** Returns the state of a request, or of an object that inherits from one. */
export function findState(req: unknown): RequestState | undefined {
  return typeof req === 'object' && req !== null ? stateIn(keptWith(req), req) : undefined;
}

/**
 * Returns the participant of a request.
 *
 * @param what the call, for the message
 * @throws NotMountedError (`not-mounted`) if the request has not passed the middleware
 */
export function participantOf(req: unknown, what: string): Participant {
  const state = findState(req);
  if (state !== undefined) {
    state.attention?.watcher?.called(what);
    return state.participant;
  }
  throw new NotMountedError(
    req === undefined
      ? `${what} was called without its request; call it as a method of the request`
      : `${what} was called for a request that has not passed Evenhand; app.use(evenhand()) must come before it`,
  );
}

/** Returns the headers that the response to a request needs, for all middlewares of the request. */
export function promisedFor(req: object): PromisedHeaders {
  const kept = keptWith(req);
  kept[PROMISED] ??= { vary: undefined, private: undefined, cookies: undefined };
  return kept[PROMISED];
}

/** Returns the headers that a response needs because of its decisions; undefined without them. */
export function promisedTo({ req }: { readonly req?: object }): PromisedHeaders | undefined {
  return req && keptWith(req)[PROMISED];
}

/** The part of a response that matters here. */
type HasLocals = object & {
  locals?: ViewLocals;
  [LOCALS]?: ViewLocals;
  readonly req?: RequestOf;
};

/** The request of a response. */
interface RequestOf {
  readonly res?: unknown;
  readonly _readableState?: Kept;
}

/** The prototypes of responses, one for each application, that have the accessor. */
const extended = new WeakSet();

/**
 * Gives views their functions, which they call without an object in front. Four functions for each
 * request cost a microsecond, and most requests render no view. So the responses of an application
 * read `locals` by an accessor of their prototype, which adds the functions when `res.locals` is first
 * read. A response that already has its own `locals` gets the functions at once: Express made them
 * before the accessor was there, or for an application around this one.
 */
export function extendLocals(res: Response, req: object, kept: Kept): void {
  try {
    extend(res, req, kept);
  } catch {
    // An exotic response, which may be frozen or a Proxy, can have no functions for views.
  }
}

function extend(res: Response, req: object, kept: Kept): void {
  if (kept[LOCALS]?.res === res || localsOf(res) !== undefined) return;
  const { locals }: HasLocals = res;
  const state = kept[STATE];
  if (locals !== undefined && state !== undefined) addFunctions(locals, req, state);
  const prototype: object = Object.getPrototypeOf(res);
  if (extended.has(prototype) || responsePrototypeOf(res) !== prototype) return;
  extended.add(prototype);
  // An application may define `locals` itself.
  if (!('locals' in prototype)) Object.defineProperty(prototype, 'locals', accessor);
}

/** Returns the prototype of an application's responses, which the types of Express leave out. */
function responsePrototypeOf({ app }: { app?: object & { response?: unknown } }): unknown {
  return app?.response;
}

const accessor: PropertyDescriptor = {
  get(this: HasLocals): ViewLocals | undefined {
    const locals = localsOf(this);
    if (locals === undefined) return undefined;
    const { req } = this;
    const state = findState(req);
    if (state !== undefined && req !== undefined) addFunctions(locals, req, state);
    return locals;
  },
  /** Express sets the locals, and an application may replace them. */
  set(this: HasLocals, locals: ViewLocals) {
    keepLocals(this, locals);
  },
  configurable: true,
};

/**
 * Keeps the locals of a response with its request. A property on the response would give it a hidden
 * class of its own: from then on each access to the response takes 0.1 microseconds.
 */
function keepLocals(res: HasLocals, locals: ViewLocals): void {
  const { req } = res;
  const stream = req && streamOf(req);
  const kept = stream?.[LOCALS];
  if (kept !== undefined && kept.res === res) kept.locals = locals;
  // An application may create another response for the request, or a wrapper around this response.
  else if (kept !== undefined || stream === undefined || req?.res !== res) res[LOCALS] = locals;
  else stream[LOCALS] = new KeptLocals(res, locals);
}

/** Reads by name: when Express sets the locals, all requests still have the same hidden class. */
function streamOf({ _readableState: stream }: RequestOf): Kept | undefined {
  return stream;
}

/** Returns the locals of a response that reads them by the accessor. */
function localsOf(res: HasLocals): ViewLocals | undefined {
  const own = res[LOCALS];
  if (own !== undefined) return own;
  const { req } = res;
  const kept = req && streamOf(req)?.[LOCALS];
  // A wrapper around a response is not the response that Express gave the request.
  return kept !== undefined && (kept.res === res || req?.res !== res) ? kept.locals : undefined;
}

/**
 * Adds the functions for views, once for each application that the request comes to. Locals that an
 * application has replaced by something without properties stay as they are.
 */
function addFunctions(locals: ViewLocals | null, req: object, state: RequestState): void {
  if (locals === null || !Object.isExtensible(locals)) return;
  const app = appOf(req);
  if (state.extended === locals && state.extendedIn === app) return;
  state.extended = locals;
  state.extendedIn = app;
  const ask = (what: string) => participantOf(req, what);
  addViewFunctions(locals, state.viewNames, ask, app);
}
