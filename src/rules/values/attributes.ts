/**
 * Limits what rules and identities can read of a context value: own data, Map entries, and the
 * getters of a class. Functions and everything on `Object.prototype` are hidden.
 */

/** The value that stands for a missing attribute. */
export const MISSING: unique symbol = Symbol.for('evenhand/missing') as never;

/**
 * The name of a method with which an object answers for its own attributes: `(name) => value`, or
 * {@link MISSING}. Express's view of the user answers for `is_authenticated` in this way.
 */
export const ATTRIBUTES: unique symbol = Symbol.for('evenhand/attributes') as never;

/** An object that answers for its own attributes. */
export interface AttributeSource {
  [ATTRIBUTES](name: string): unknown;
}

/**
 * Returns the attribute of a value, as `user.plan` or `user["plan"]` reads it.
 *
 * @returns the value, or {@link MISSING}
 */
export function attributeOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' && name === 'length' ? lengthOf(value) : MISSING;
  }
  if (Object.hasOwn(value, name)) return visible((value as Record<string, unknown>)[name]);
  if (value instanceof Map) return value.has(name) ? visible(value.get(name)) : getter(value, name);
  if (ATTRIBUTES in value) return visible((value as AttributeSource)[ATTRIBUTES](name));
  return getter(value, name);
}

/** Returns the number of characters as Python counts them: a surrogate pair is one. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length--;
      i++;
    }
  }
  return length;
}

/** Returns true if the value is hidden from rules. */
export function isHidden(value: unknown): boolean {
  return typeof value === 'function';
}

function visible(value: unknown): unknown {
  return isHidden(value) ? MISSING : value;
}

/**
 * Returns the value of a getter that the value's class defines. The search ends at a prototype with
 * its own `hasOwnProperty`: that is the `Object.prototype` of some realm, and `__proto__` must not
 * be reached.
 */
function getter(value: object, name: string): unknown {
  let proto: unknown = Object.getPrototypeOf(value);
  while (proto !== null && typeof proto === 'object' && !Object.hasOwn(proto, 'hasOwnProperty')) {
    const property = Object.getOwnPropertyDescriptor(proto, name);
    if (property !== undefined) {
      return property.get === undefined ? MISSING : visible(property.get.call(value));
    }
    proto = Object.getPrototypeOf(proto);
  }
  return MISSING;
}
