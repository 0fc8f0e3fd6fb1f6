/** Replaces half surrogate pairs, which no encoding can express. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Returns a literal of standard SQL, in which only the quote is special. The text must not contain NUL. */
export function standardText(text: string): string {
  return `'${wellFormed(text).replaceAll("'", "''")}'`;
}

/** Replaces the character NUL, which some databases can't store. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/**
 * Returns a literal of a database in which the backslash is special too.
 *
 * @param nul the escape sequence of the character NUL
 */
export function backslashText(text: string, nul: string): string {
  const escaped = wellFormed(text)
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', nul);
  return `'${escaped}'`;
}

/** Returns an identifier in quotes, which are doubled inside. */
export function quoted(name: string, quote: '"' | '`'): string {
  return `${quote}${withoutNul(wellFormed(name)).replaceAll(quote, quote + quote)}${quote}`;
}

/** Returns an identifier in backticks for databases in which the backslash is special in identifiers. */
export function backslashQuoted(name: string): string {
  const escaped = withoutNul(wellFormed(name)).replaceAll('\\', '\\\\').replaceAll('`', '\\`');
  return `\`${escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}\``;
}

/** Returns the UTC time of milliseconds since 1970 as `2027-02-01 00:00:00.000`. */
export function utcText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** Returns a JSON path with quoted keys: `$."user"."name"`. */
export function quotedPath(path: readonly string[]): string {
  return `$${path.map((key) => `.${JSON.stringify(key)}`).join('')}`;
}
