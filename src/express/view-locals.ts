import type { Response } from 'express';
import { findState, participantOf } from './request-state.ts';

/** What views are given. */
type ViewLocals = Response['locals'];

/** Where the locals of a response are that reads them by the accessor. All copies of the package agree. */
const LOCALS: unique symbol = Symbol.for('evenhand/locals');

/** A response, as far as it matters here. */
type Holder = object & { locals?: ViewLocals; [LOCALS]?: ViewLocals };

/**
 * The response whose `locals` were set by the accessor last, until the middleware has met it: mostly the
 * next one that it meets, and to look at a response costs (see `request-state.ts`).
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
  const holder: Holder = res;
  if (holder[LOCALS] !== undefined) return;
  const { locals } = holder;
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
  get(this: Holder & { req?: unknown }): ViewLocals | undefined {
    const locals = this[LOCALS];
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
    this[LOCALS] = locals;
    comesNext(this);
  },
  configurable: true,
};

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
