/** A method of a response. */
export type Method = (...args: unknown[]) => unknown;

/**
 * A replacement for a method.
 *
 * @param self the response, or an object that inherits from it
 * @param inner the method that was replaced, bound to `self`
 */
export type Replacement = (self: object, inner: Method, args: readonly unknown[]) => unknown;

/** A method below its replacement. */
export interface ReplacedMethod {
  /** Returns the method: the prototype's, which may itself be replaced later, or an earlier replacement. */
  find(): Method;
}

/**
 * Replaces methods of one response: all of them, or none if the response refuses it.
 *
 * @returns the methods below the replacements, by name; empty if none was replaced
 */
export function replaceMethods(
  res: object,
  replacements: ReadonlyMap<string, Replacement>,
): ReadonlyMap<string, ReplacedMethod> {
  const all = [...replacements];
  if (!Object.isExtensible(res) || !all.every(([name]) => isReplaceable(res, name))) {
    return new Map();
  }
  return new Map(all.map(([name, replacement]) => [name, replaceMethod(res, name, replacement)]));
}

function isReplaceable(res: object, name: string): boolean {
  const own = Object.getOwnPropertyDescriptor(res, name);
  return (
    (own === undefined || own.configurable === true) && typeof Reflect.get(res, name) === 'function'
  );
}

function replaceMethod(res: object, name: string, replacement: Replacement): ReplacedMethod {
  const replaced = replacedMethod(res, name);
  Object.defineProperty(res, name, {
    value(this: object, ...args: unknown[]): unknown {
      const inner: Method = (...given) => Reflect.apply(replaced.find(), this, given);
      return replacement(this, inner, args);
    },
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return replaced;
}

/** A mounted application replaces the prototype. */
function replacedMethod(res: object, name: string): ReplacedMethod {
  if (Object.hasOwn(res, name)) {
    const own = Reflect.get(res, name) as Method;
    return { find: () => own };
  }
  return { find: () => Reflect.get(Object.getPrototypeOf(res) as object, name, res) as Method };
}
