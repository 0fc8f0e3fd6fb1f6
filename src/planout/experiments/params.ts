import type { Assignment } from '../assignment.ts';

/** The handler of all proxies. A handler with closures for each assignment costs more than a draw. */
const HANDLER: ProxyHandler<Assignment> = {
  get: (assignment, key) => (typeof key === 'string' ? assignment.get(key) : undefined),
  set(assignment, key, value) {
    if (typeof key !== 'string') return false;
    assignment.set(key, value);
    return true;
  },
  has: (assignment, key) => typeof key === 'string' && assignment.has(key),
  ownKeys: (assignment) => Object.keys(assignment.getParams()),
  getOwnPropertyDescriptor: (assignment, key) =>
    typeof key === 'string' && assignment.has(key)
      ? { value: assignment.get(key), writable: true, enumerable: true, configurable: true }
      : undefined,
  getPrototypeOf: () => null,
  // defineProperty would skip the draw, and deleteProperty would hide a parameter from the log.
  defineProperty: () => false,
  deleteProperty: () => false,
};

/**
 * Returns an assignment as an object with a property for each parameter. Setting a property to an
 * operator draws a value, which reading the property returns. The object inherits nothing.
 */
export function paramsOf(assignment: Assignment): object {
  return new Proxy(assignment, HANDLER);
}
