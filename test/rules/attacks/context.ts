/** The context of the attacked rules, with functions everywhere. */

class Houdini {
  plan = 'pro';
  trapdoor(): number {
    return 42;
  }
}

/** True if a function of the context was called, which must not happen. */
export const called: string[] = [];

/** Returns a context with more than an application should put into one. */
export function temptingContext(): object {
  const fn = Object.assign(
    (command: string) => {
      called.push(command);
      return true;
    },
    { secret: 'of the function' },
  );
  return {
    user: { id: 7, plan: 'pro', tags: ['beta'], run: fn },
    evil: { toString: fn, valueOf: fn, [Symbol.toPrimitive]: fn },
    fn,
    run: fn,
    tools: { exec: fn, deep: { exec: fn } },
    handlers: [fn],
    houdini: new Houdini(),
    list: [1, 2],
    xs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    text: 'abcdefghij',
    map: new Map<string, unknown>([['a', fn]]),
    names: new Set(['a']),
    day: new Date(0),
    buffer: Buffer.from('abc'),
    error: new Error('of the application'),
    promise: Promise.resolve(1),
    match: /(?<word>b)/.exec('abc'),
    a: 1,
    b: 2,
    c: 3,
    x: 1,
    nan: Number.NaN,
  };
}
