/** Throws; for getters and traps. */
function boom(): never {
  throw new Error('boom');
}

/** Returns a Proxy that was revoked: every operation on it throws. */
function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Returns an object with a getter that throws. */
function withBadGetter(name: string, target: object = new Error('plain')): object {
  return Object.defineProperty(target, name, { get: boom, configurable: true });
}

/** In two parts, because a linter takes an object with this property for a mistake. */
const THEN = ['th', 'en'].join('');

/** Returns an object whose `then` is this value. */
export function thenable(then: unknown): object {
  return Object.defineProperty({}, THEN, { value: then });
}

function cyclic(): object {
  const error = new Error('cyclic');
  return Object.assign(error, { cause: error, self: error });
}

/** A Proxy whose every trap throws. */
function refusing(target: object): object {
  const traps = Object.getOwnPropertyNames(Reflect).map((trap) => [trap, boom] as const);
  return new Proxy(target, Object.fromEntries(traps));
}

/**
 * Values that throw when they are read, converted or awaited, or that are just unexpected. A function
 * returns each, because a revoked Proxy can't be an argument of a table's title.
 */
export const hostileValues: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  'a symbol': () => Symbol('hostile'),
  'a function': () => boom,
  'a number': () => Number.NaN,
  'an enormous text': () => 'x'.repeat(12_000),
  'a revoked Proxy': () => revoked({}),
  'a revoked Proxy of a function': () => revoked(() => {}),
  'a Proxy that refuses everything': () => refusing(new Error('hidden')),
  'a Proxy of a function that refuses everything': () => refusing(() => {}),
  'an object without a prototype': () => Object.create(null) as object,
  'a cyclic error': cyclic,
  'an error whose message throws': () => withBadGetter('message'),
  'an error whose message is a symbol': () => Object.assign(new Error(), { message: Symbol('m') }),
  'an error whose message is an object that throws': () =>
    Object.assign(new Error(), { message: { toString: boom } }),
  'an error whose stack throws': () => withBadGetter('stack'),
  'an error whose name throws': () => withBadGetter('name'),
  'an error whose cause throws': () => withBadGetter('cause'),
  'an error whose cause is a revoked Proxy': () => new Error('outer', { cause: revoked({}) }),
  'an error whose code throws': () => withBadGetter('code'),
  'an error whose constructor throws': () => withBadGetter('constructor'),
  'an object whose toString throws': () => ({ toString: boom }),
  'an object whose Symbol.toPrimitive throws': () => ({ [Symbol.toPrimitive]: boom }),
  'an error whose permanent throws': () => withBadGetter('permanent'),
  'an error whose retryAfterMs throws': () => withBadGetter('retryAfterMs'),
  'an object whose then throws when it is read': () => withBadGetter('then', {}),
  'an object whose then throws when it is called': () => thenable(boom),
  'an object whose then rejects with a revoked Proxy': () =>
    thenable((_: unknown, reject: (reason: unknown) => void) => reject(revoked({}))),
  'an object whose then settles twice': () =>
    thenable((resolve: () => void, reject: (reason: unknown) => void) => {
      resolve();
      reject(new Error('twice'));
    }),
};

/** The names of {@link hostileValues}, for `it.each`. */
export const hostileNames = Object.keys(hostileValues);

/** The ways in which a callback can hand over a hostile value. */
export const hostileWays: Readonly<Record<string, (value: unknown) => unknown>> = {
  throws: (value) => {
    throw value;
  },
  'rejects with': (value) => Promise.reject(value),
  returns: (value) => value,
};
