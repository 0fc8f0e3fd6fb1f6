/**
 * The cookies of a `Cookie` header by name, values as they stand there; the first one of a name
 * counts, as for cookie-parser.
 *
 * @param header text, a list of texts, or undefined
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

/** The text of a `Cookie` header. */
export function writeCookies(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
