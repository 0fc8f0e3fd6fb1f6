/** An object of the language, with its name in messages. */
type BuiltIn = readonly [name: string, owner: object];

type Properties = ReadonlyMap<PropertyKey, PropertyDescriptor | undefined>;

/**
 * Returns the global constructors and namespaces of the language, their prototypes, and objects
 * without a global name.
 */
function builtIns(): readonly BuiltIn[] {
  const named = Object.getOwnPropertyNames(globalThis).flatMap((name): readonly BuiltIn[] => {
    const value: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
    if (!/^[A-Z]/.test(name) || !isObject(value)) return [];
    const prototype: unknown = Reflect.get(value, 'prototype');
    return isObject(prototype)
      ? [
          [name, value],
          [`${name}.prototype`, prototype],
        ]
      : [[name, value]];
  });
  const ofArrays = prototypeOf([][Symbol.iterator]());
  const ofGenerators = prototypeOf(function* none() {});
  return [
    ...named,
    ['ArrayIterator.prototype', ofArrays],
    ['Iterator.prototype', prototypeOf(ofArrays)],
    ['GeneratorFunction.prototype', ofGenerators],
    ['TypedArray', prototypeOf(Uint8Array)],
    ['TypedArray.prototype', prototypeOf(Uint8Array.prototype)],
  ];
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) as object;
}

function propertiesOf(owner: object): Properties {
  return new Map(
    Reflect.ownKeys(owner).map((key) => [key, Object.getOwnPropertyDescriptor(owner, key)]),
  );
}

/**
 * Remembers the properties of every built-in object, with their getters.
 *
 * @returns a function that returns the first changed property, or undefined if nothing changed
 */
export function watchBuiltIns(): () => string | undefined {
  const before = builtIns().map(([name, owner]) => ({ name, owner, was: propertiesOf(owner) }));
  return () => {
    for (const { name, owner, was } of before) {
      const is = propertiesOf(owner);
      for (const key of new Set([...was.keys(), ...is.keys()])) {
        if (!isSame(was.get(key), is.get(key))) return `${name}.${String(key)}`;
      }
    }
    return undefined;
  };
}

function isSame(was: PropertyDescriptor | undefined, is: PropertyDescriptor | undefined): boolean {
  if (was === undefined || is === undefined) return false;
  return (['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const).every(
    (part) => Object.is(was[part], is[part]),
  );
}
