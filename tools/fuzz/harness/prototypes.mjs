// Detects changes of built-in objects and prototypes.

/**
 * Returns every global constructor of the language with its prototype, and the prototypes without a
 * global name.
 */
function builtIns() {
  const named = Object.getOwnPropertyNames(globalThis).flatMap((name) => {
    const { value } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || value === globalThis || !/^[A-Z]/.test(name)) return [];
    const { prototype } = value;
    return typeof prototype === 'object' && prototype !== null
      ? [
          [name, value],
          [`${name}.prototype`, prototype],
        ]
      : [[name, value]];
  });
  const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  const generator = Object.getPrototypeOf(function* () {});
  return [
    ...named,
    ['Iterator.prototype', iterator],
    ['ArrayIterator.prototype', Object.getPrototypeOf([][Symbol.iterator]())],
    ['GeneratorFunction.prototype', generator],
    ['Generator.prototype', generator.prototype],
    ['TypedArray', Object.getPrototypeOf(Uint8Array)],
    ['TypedArray.prototype', Object.getPrototypeOf(Uint8Array.prototype)],
  ];
}

/**
 * Remembers the properties of all built-in objects: names, symbols, values, getters and setters.
 *
 * @returns a function that restores changed properties and returns their names; none if nothing
 *   changed
 */
export function watchBuiltIns() {
  const before = builtIns().map(([name, owner]) => ({ name, owner, was: descriptorsOf(owner) }));
  return () => {
    const changed = [];
    for (const { name, owner, was } of before) {
      for (const key of new Set([...was.keys(), ...Reflect.ownKeys(owner)])) {
        const before = was.get(key);
        if (isSame(before, Object.getOwnPropertyDescriptor(owner, key))) continue;
        changed.push(`${name}.${String(key)}`);
        if (before === undefined) Reflect.deleteProperty(owner, key);
        else Reflect.defineProperty(owner, key, before);
      }
    }
    return changed;
  };
}

function descriptorsOf(owner) {
  return new Map(
    Reflect.ownKeys(owner).map((key) => [key, Object.getOwnPropertyDescriptor(owner, key)]),
  );
}

function isSame(was, is) {
  if (was === undefined || is === undefined) return false;
  return ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'].every((part) =>
    Object.is(was[part], is[part]),
  );
}
