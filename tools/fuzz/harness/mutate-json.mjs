// Creates new JSON by changing the tree of old JSON. The result stays readable further into the code
// than a changed text.
import { mutateText, NUMBERS } from './mutate-text.mjs';

/** The most places of a tree that are considered. */
const MAX_PLACES = 5000;

/** The most levels added at a time, and the most items added to a list. */
const MAX_LEVELS = 3000;
const MAX_COPIES = 200;

/**
 * Changes a JSON text as a tree. Text that is not JSON is changed as text.
 *
 * @param {string} other another input, to take parts of
 * @param {{ words: string[], keys: string[], values: unknown[] }} parts possible texts, property
 *   names and values
 */
export function mutateJson(random, text, other, parts) {
  const tree = parsed(text);
  if (tree === undefined) return mutateText(random, text, other, parts.words);
  const holder = { tree };
  const source = { ...parts, donor: parsed(other) };
  try {
    for (let left = 1 + random.below(4); left > 0; left--) {
      const [owner, key] = random.pick(placesIn(holder));
      random.pick(CHANGES)(random, { owner, key, isTop: owner === holder, holder }, source);
    }
    return JSON.stringify(holder.tree) ?? 'null';
  } catch (error) {
    // Nested too deeply to copy or write.
    if (error instanceof RangeError) return text;
    throw error;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns all places in a tree that contain a value, as owner and key. */
function placesIn(holder) {
  const places = [];
  const open = [holder];
  while (open.length > 0 && places.length < MAX_PLACES) {
    const owner = open.pop();
    for (const key of Object.keys(owner)) {
      places.push([owner, key]);
      if (isObject(owner[key])) open.push(owner[key]);
    }
  }
  return places;
}

/** Changes of a tree. Each takes random numbers, the place, and possible values. */
const CHANGES = [
  // Replaces it by a value of the target.
  (random, { owner, key }, { values }) => define(owner, key, copyOf(random.pick(values))),
  // Replaces it by a value from another place.
  (random, { owner, key, holder }) => {
    const [from, at] = random.pick(placesIn(holder));
    define(owner, key, copyOf(from[at]));
  },
  // Replaces it by a value from another input.
  (random, { owner, key }, { donor }) => {
    if (!isObject(donor)) return;
    const [from, at] = random.pick(placesIn({ donor }));
    define(owner, key, copyOf(from[at]));
  },
  // Removes it.
  (_random, { owner, key, isTop }) => {
    if (isTop) return;
    if (Array.isArray(owner)) owner.splice(Number(key), 1);
    else delete owner[key];
  },
  // Duplicates it: behind itself in a list, under another name in an object.
  (random, { owner, key }, { keys }) => {
    if (Array.isArray(owner)) owner.splice(Number(key), 0, copyOf(owner[key]));
    else define(owner, random.pick(keys), copyOf(owner[key]));
  },
  // Adds one item to a list or an object, or makes a list of it.
  (random, { owner, key }, { keys, values }) => {
    const value = owner[key];
    if (Array.isArray(value)) value.push(copyOf(random.pick(values)));
    else if (isObject(value)) define(value, random.pick(keys), copyOf(random.pick(values)));
    else define(owner, key, [value]);
  },
  // Nests it deeper.
  (random, { owner, key }, { keys }) => {
    let nested = owner[key];
    const levels = random.oneIn(30) ? random.below(MAX_LEVELS) : random.below(4);
    for (let left = levels; left >= 0; left--) {
      nested = random.oneIn(2) ? [nested] : { [random.pick(keys)]: nested };
    }
    define(owner, key, nested);
  },
  // Repeats it many times.
  (random, { owner, key }) => {
    const value = owner[key];
    if (!Array.isArray(value) || value.length === 0 || !random.oneIn(10)) return;
    const { length } = value;
    for (let i = random.below(MAX_COPIES); i >= 0; i--) value.push(copyOf(value[i % length]));
  },
  // Changes a number or a text.
  (random, { owner, key }, { words }) => {
    const value = owner[key];
    if (typeof value === 'number') define(owner, key, Number(random.pick(NUMBERS)));
    if (typeof value !== 'string') return;
    define(owner, key, mutateText(random, value, random.pick(words), words));
  },
  // Renames it.
  (random, { owner, key, isTop }, { keys }) => {
    if (Array.isArray(owner) || isTop) return;
    const value = owner[key];
    delete owner[key];
    define(owner, random.pick(keys), value);
  },
];

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

function copyOf(value) {
  return structuredClone(value);
}

/** Defines a property of any name, including `__proto__`, as JSON.parse does. */
function define(owner, key, value) {
  const property = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(owner, key, property);
}
