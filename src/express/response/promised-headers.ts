/** The headers that a response needs because of its decisions. All copies of the package share it. */
export interface PromisedHeaders {
  /** The names that `Vary` contains, separated by commas. */
  vary: string | undefined;
  /** `default` if the application's own `Cache-Control` wins. */
  private: 'always' | 'default' | undefined;
  /** The values of `Set-Cookie` by cookie name. */
  cookies: Map<string, string> | undefined;
}

/** Headers that are not sent yet. */
export interface Headers {
  getHeader(name: string): unknown;
  setHeader(name: string, value: string | readonly string[]): unknown;
}

/** A `Cache-Control` that shared caches may not store: RFC 9111, sections 5.2.2.5 and 5.2.2.7. */
const KEEPS_PRIVATE = /(?:^|,)\s*(?:private|no-store)\s*(?:,|$)/i;

/** Adds what is missing to the headers. The application's values stay. */
export function keepPromises(headers: Headers, promised: PromisedHeaders): void {
  if (promised.vary !== undefined) keepVary(headers, promised.vary);
  if (promised.private !== undefined) keepPrivate(headers, promised.private);
  if (promised.cookies !== undefined) keepCookies(headers, promised.cookies);
}

/**
 * Shows the promises in the headers already before they are sent. Never throws: the headers may be sent,
 * and the response may be an object without headers.
 */
export function showPromises(headers: Headers, promised: PromisedHeaders): void {
  try {
    keepPromises(headers, promised);
  } catch {
    // A response of Node keeps them when it is sent.
  }
}

/** Promises that shared caches don't store the response, and shows it. */
export function promisePrivate(
  headers: Headers,
  promised: PromisedHeaders,
  when: 'always' | 'default',
): void {
  if (promised.private === 'always' || promised.private === when) return;
  promised.private = when;
  showPromises(headers, promised);
}

/** Returns a `Vary` with more names, each of them once, as it was written first. */
export function mergeVary(given: string, more: string): string {
  const names = new Map<string, string>();
  for (const name of namesIn(`${given},${more}`)) {
    const key = name.toLowerCase();
    if (!names.has(key)) names.set(key, name);
  }
  return names.has('*') ? '*' : [...names.values()].join(', ');
}

/** Returns the text of each `Set-Cookie` in the headers. */
export function cookiesIn(headers: Headers): string[] {
  const given = headers.getHeader('Set-Cookie');
  return given === undefined ? [] : [given].flat().map(String);
}

/** Returns true if a `Set-Cookie` sets the cookie of a name. */
export function isCookie(line: string, name: string): boolean {
  return line.trimStart().startsWith(`${name}=`);
}

function namesIn(vary: string): string[] {
  return vary
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** A list becomes one line: some caches respect only one `Vary`. */
function keepVary(headers: Headers, vary: string): void {
  const given = headers.getHeader('Vary');
  if (given === vary) return;
  const merged = mergeVary(textOf(given), vary);
  if (given !== merged) headers.setHeader('Vary', merged);
}

/** Adds `private` to a `Cache-Control`: for shared caches the strictest directive counts. */
function keepPrivate(headers: Headers, when: 'always' | 'default'): void {
  const control = textOf(headers.getHeader('Cache-Control'));
  if (control.trim() === '') headers.setHeader('Cache-Control', 'private');
  else if (when === 'always' && !KEEPS_PRIVATE.test(control)) {
    headers.setHeader('Cache-Control', `${control}, private`);
  }
}

/** A cookie that the application sets under the same name stays as it is. */
function keepCookies(headers: Headers, cookies: ReadonlyMap<string, string>): void {
  const given = cookiesIn(headers);
  const missing = [...cookies].flatMap(([name, line]) =>
    given.some((one) => isCookie(one, name)) ? [] : line,
  );
  if (missing.length > 0) headers.setHeader('Set-Cookie', [...given, ...missing]);
}

/** Returns a header as one line. */
function textOf(value: unknown): string {
  return value === undefined ? '' : [value].flat().map(String).join(', ');
}
