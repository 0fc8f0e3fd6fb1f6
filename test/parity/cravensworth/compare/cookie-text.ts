import type { Visitor } from '../visitors.ts';

/** Returns a visitor with one more cookie, the last one, which counts. */
export function withCookie(visitor: Visitor, name: string, text: string): Visitor {
  const earlier = visitor.cookie === null ? [] : [visitor.cookie];
  return { ...visitor, cookie: [...earlier, `${name}=${quoted(text)}`].join('; ') };
}

/** Returns a text as Python's `http.cookies` quotes it, with a character for each byte of UTF-8. */
function quoted(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  // Code units above U+007F can't be escaped: Django decodes the header before it unquotes.
  return `"${bytes.replaceAll(/[^!#-:<-[\]-~\u0080-\u00ff ]/g, octal)}"`;
}

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
