/** A definition with a path such as `experiments/:name`. */
interface WithPath {
  readonly path: string;
}

/** A definition that a path belongs to. */
export interface Match<Definition> {
  readonly definition: Definition;
  /** The parts of the path that the definition leaves open, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** A definition with its path in parts. */
interface Pattern<Definition> {
  readonly definition: Definition;
  readonly parts: readonly string[];
}

/** Finds the definition of a path. */
export type FindPath<Definition> = (path: string) => Match<Definition> | undefined;

/**
 * Returns a function that finds the definition of a path without its slashes at the beginning and end. A
 * path in full wins over one with open parts.
 */
export function pathFinder<Definition extends WithPath>(
  definitions: readonly Definition[],
): FindPath<Definition> {
  const patterns = definitions
    .map((definition) => ({ definition, parts: definition.path.split('/') }))
    .sort((a, b) => openParts(a) - openParts(b));
  return (path) => {
    const given = path.split('/');
    for (const pattern of patterns) {
      const params = paramsOf(pattern, given);
      if (params !== undefined) return { definition: pattern.definition, params };
    }
    return undefined;
  };
}

function openParts({ parts }: Pattern<unknown>): number {
  return parts.filter((part) => part.startsWith(':')).length;
}

function paramsOf(
  { parts }: Pattern<unknown>,
  given: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (parts.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    const text = decoded(given[i] ?? '');
    if (text === undefined) return undefined;
    if (part.startsWith(':')) {
      if (text === '') return undefined;
      params[part.slice(1)] = text;
    } else if (part !== text) return undefined;
  }
  return params;
}

/** Returns undefined for a text that is not UTF-8 in percent-encoding. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
