import type { Assignment } from '../assignment.ts';

/** One handler for all assignments: a proxy of its own closures would cost more than a draw. */
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
  // A definition would go past the drawing, a deletion past the log.
  defineProperty: () => false,
  deleteProperty: () => false,
};

/**
 * An assignment as an object with a property for each parameter: what is assigned to one is drawn, if
 * it is an operator, and read again. It inherits nothing.
 */
export function paramsOf(assignment: Assignment): object {
  return new Proxy(assignment, HANDLER);
}
