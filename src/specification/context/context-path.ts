import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote, showName } from '../../errors/show-value.ts';
import type { ContextType, RuleType } from '../../rules/types/types.ts';
import { describeType } from '../../rules/types/words.ts';

/** Kinds of value that can't tell participants apart. An object can, by its own `toString`. */
const NO_IDENTITY: ReadonlySet<string> = new Set(['none', 'list', 'date']);

/** Kinds of value that can't be a unit. A list of values can. */
const NO_UNIT: ReadonlySet<string> = new Set(['none']);

/**
 * Returns the message about an identity or unit that does not fit the declared context, or undefined.
 *
 * @param what the word for it
 */
export function identityFault(
  identity: string,
  context: ContextType,
  what: 'identity' | 'unit' = 'identity',
): (() => string) | undefined {
  const found = typeAt(identity.split('.'), context);
  if ('missing' in found) {
    return () =>
      `the ${what} ${quote(identity)} is not in the declared context: ${found.missing()}`;
  }
  const unfit = what === 'unit' ? NO_UNIT : NO_IDENTITY;
  if (found.type.every(({ kind }) => unfit.has(kind))) {
    return () =>
      `the ${what} ${quote(identity)} is declared as ${describeType(found.type)}, which can't tell participants apart`;
  }
  return undefined;
}

/**
 * Returns the type of a path of the declared context. For a path that it does not have, returns a
 * function that says what is missing: `user has no tier; declared: plan`
 */
export function typeAt(
  path: readonly string[],
  context: ContextType,
): { readonly type: RuleType } | { readonly missing: () => string } {
  let type: RuleType = [context];
  let owner = 'the context';
  for (const segment of path) {
    const next = type.flatMap((one) => memberOf(one, segment));
    if (next.length === 0 && type.length > 0) {
      const [place, names] = [owner, type];
      return {
        missing: () => `${showName(place)} has no ${showName(segment)}${hint(segment, names)}`,
      };
    }
    type = next;
    owner = owner === 'the context' ? segment : `${owner}.${segment}`;
  }
  return { type };
}

/**
 * Returns true if every context that the declared context allows has a value at the path, and never None.
 */
export function isAlwaysAvailable(path: readonly string[], context: ContextType): boolean {
  let types: RuleType = [context];
  for (const segment of path) {
    const next: RuleType[] = [];
    for (const one of types) {
      const property = one.kind === 'dict' ? one.properties.get(segment) : undefined;
      if (property?.required !== true || property.visitor !== undefined) return false;
      next.push(property.type);
    }
    types = next.flat();
  }
  return types.length > 0 && types.every(({ kind }) => kind !== 'any' && kind !== 'none');
}

function memberOf(one: RuleType[number], name: string): RuleType {
  if (one.kind === 'any') return [one];
  if (one.kind !== 'dict') return [];
  return one.properties.get(name)?.type ?? one.others ?? [];
}

function hint(name: string, owner: RuleType): string {
  const names = owner.flatMap((one) => (one.kind === 'dict' ? [...one.properties.keys()] : []));
  const meant = didYouMean(name, names);
  if (meant !== undefined) return `; did you mean ${meant}?`;
  return names.length === 0 ? '' : `; declared: ${listNames(names)}`;
}
