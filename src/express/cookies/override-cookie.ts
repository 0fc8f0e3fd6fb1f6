import type { OverrideTexts } from '../../assignment/namespaces/namespace-overrides.ts';
import { percentDecoded } from './read-cookies.ts';

/** The longest cookie that browsers keep, in UTF-16 code units; a longer one is ignored. */
const MAX_LENGTH = 4096;

/** Characters that only Python takes for white space. No header contains them, but a quoted cookie can: `\034`. */
const SEPARATORS = '\u001c-\u001f';

/** The characters at which Python's `str.split()` splits. */
const SPACE = new RegExp(`[\\p{White_Space}${SEPARATORS}]+`, 'u');

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Returns the overrides in an override cookie: `exp:variant other:variant`, separated by whitespace, with
 * or without percent-encoding. The last override of an experiment wins, and parts without a colon are
 * ignored. Names can be any text, so that a misspelt one can be reported. The result is a Map, so that
 * `__proto__` is an ordinary name.
 *
 * A name with a dot is a parameter of a namespace, whose value may contain colons:
 * `checkout.link:https://example.com`.
 */
export function parseOverrides(cookie: string): ReadonlyMap<string, string> {
  const text = percentDecoded(cookie);
  if (text.length > MAX_LENGTH) return NONE;
  const overrides = new Map<string, string>();
  for (const part of text.split(SPACE)) {
    const pair = splitOverride(part);
    if (pair !== undefined) overrides.set(...pair);
  }
  return overrides;
}

/** Returns the overrides of a cookie together with others, which win over those of the same name. */
export function mergeOverrides(
  sent: ReadonlyMap<string, string>,
  winning: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const names = new Set(Array.from(winning.keys(), percentDecoded));
  const others = [...sent].filter(([name]) => !names.has(percentDecoded(name)));
  return new Map([...others, ...winning]);
}

/**
 * Splits `experiment:variant`, or `namespace.parameter:value`, whose value may contain colons.
 *
 * @returns undefined for a text without a colon
 */
export function splitOverride(part: string): [name: string, value: string] | undefined {
  const first = part.indexOf(':');
  const isParameter = part.slice(0, Math.max(first, 0)).includes('.');
  const colon = isParameter ? first : part.lastIndexOf(':');
  return colon === -1 ? undefined : [part.slice(0, colon), part.slice(colon + 1)];
}

/** Returns the value of a cookie with these overrides, as {@link parseOverrides} reads it. */
export function formatOverrides(overrides: ReadonlyMap<string, string>): string {
  // Django's parser, which may read it too, takes a bare colon only.
  return Array.from(overrides, (pair) =>
    encodeURIComponent(pair.join(':')).replaceAll('%3A', ':'),
  ).join('%20');
}

/**
 * Returns the overrides of one namespace: `checkout:experiment` forces an experiment, and
 * `checkout.parameter:value` a parameter. In these, names and values are percent-encoded once more if they
 * contain spaces or percent signs.
 *
 * @param overrides the result of {@link parseOverrides}
 */
export function overridesOf(
  overrides: ReadonlyMap<string, string>,
  namespace: string,
): OverrideTexts {
  let experiment: string | undefined;
  const params = new Map<string, string>();
  const prefix = `${namespace}.`;
  for (const [encoded, text] of overrides) {
    const name = percentDecoded(encoded);
    if (name === namespace) experiment = percentDecoded(text);
    else if (name.startsWith(prefix)) params.set(name.slice(prefix.length), percentDecoded(text));
  }
  return { experiment, params };
}
