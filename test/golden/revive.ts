/**
 * Returns a context of `test/vectors/golden.json` with the values that JSON can't represent restored:
 * `{ "$bigint": "7" }`, `{ "$number": "-0" }`, and `{ "$text": "65f0" }` for an object whose class
 * has a `toString`, as database drivers have for ids.
 */
export function revive(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(revive);
  if (typeof json !== 'object' || json === null) return json;
  if ('$bigint' in json) return BigInt(String(json.$bigint));
  if ('$number' in json) return Number(json.$number);
  if ('$text' in json) return new Id(String(json.$text));
  return Object.fromEntries(
    Object.entries(json).map(([key, value]: [string, unknown]) => [key, revive(value)]),
  );
}

/** An object with its own text, as an identity. */
class Id {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}
