import { showName } from '../errors/show-value.ts';

/** The values that have a text to hash. */
export const WITH_TEXT = 'a string, a finite number, a boolean or an object with its own toString';

/**
 * Describes a value that has no text to hash, after "is": `null`, `a list`, `binary data (Buffer)`.
 * Never throws.
 */
export function describeWithoutText(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
    case 'number':
      return String(value);
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
    const name = classOf(value);
    if (ArrayBuffer.isView(value)) return `binary data (${name ?? 'a buffer'})`;
    if (Object.prototype.toString.call(value) === '[object Date]') return 'a Date';
    const which = name === undefined ? 'an object' : `an object of the class ${name}`;
    return ownsText(value)
      ? `${which} whose toString() does not return a string`
      : `${which} without its own toString`;
  } catch {
    return "an object that can't be read";
  }
}

/** Returns the name of an object's class; undefined for a plain object. */
function classOf(value: object): string | undefined {
  const proto: unknown = Object.getPrototypeOf(value);
  if (typeof proto !== 'object' || proto === null || Object.hasOwn(proto, 'hasOwnProperty')) {
    return undefined;
  }
  const { name }: { name: unknown } = proto.constructor;
  return typeof name === 'string' && name !== '' ? showName(name) : undefined;
}

/** Returns true if an object has a `toString` other than the one that every object inherits. */
function ownsText(value: object): boolean {
  let owner: unknown = value;
  while (typeof owner === 'object' && owner !== null && !Object.hasOwn(owner, 'hasOwnProperty')) {
    if (Object.hasOwn(owner, 'toString')) return true;
    owner = Object.getPrototypeOf(owner);
  }
  return false;
}
