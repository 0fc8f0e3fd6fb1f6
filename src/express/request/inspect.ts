/** The method of this name says what Node prints an object by. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;
