/**
 * Returns the cookies of a `Cookie` header by name, with undecoded values. If a name occurs twice, the
 * first cookie counts, as in cookie-parser.
 *
 * @param header a string, a list of strings, or undefined
 */
export function readCookies(header: unknown): Map<string, string> {
  const text = Array.isArray(header) ? header.join(';') : typeof header === 'string' ? header : '';
  const cookies = new Map<string, string>();
  for (const pair of text.split(';')) {
    const [name = '', ...value] = pair.split('=');
    const key = name.trim();
    if (key !== '' && !cookies.has(key)) cookies.set(key, value.join('=').trim());
  }
  return cookies;
}

/** Returns the text of a `Cookie` header with the given cookies. */
export function writeCookies(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
