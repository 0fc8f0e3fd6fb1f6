/**
 * Returns true if two values of plain data are equal; the order of properties doesn't matter. It takes
 * about a third of the time of `isDeepStrictEqual`, which also compares prototypes, symbols and Maps.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (one === null || other === null) return false;
  if (!Array.isArray(one)) return !Array.isArray(other) && hasSameProperties(one, other);
  if (!Array.isArray(other) || one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) {
    if (!isSame(one[i], other[i])) return false;
  }
  return true;
}

function hasSameProperties(one: object, other: object): boolean {
  const ours = one as Readonly<Record<string, unknown>>;
  const theirs = other as Readonly<Record<string, unknown>>;
  const keys = Object.keys(ours);
  if (keys.length !== Object.keys(theirs).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(theirs, key) || !isSame(ours[key], theirs[key])) return false;
  }
  return true;
}
