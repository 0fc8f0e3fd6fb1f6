/** Values that JSON does not have, marked; values.py reads them too. */
export type Marked =
  | { readonly $int: string }
  | { readonly $float: string }
  | { readonly $uuid: string }
  | { readonly $decimal: string }
  | { readonly $named: string }
  | { readonly $bytes: string }
  | { readonly $date: string };

/** A value of a user or a context, as it is sent to both applications. */
export type Value =
  string | number | boolean | null | readonly Value[] | Marked | { readonly [key: string]: Value };

/**
 * The user of a request. Without an authentication middleware, Django has `none`. `dict` is Cravensworth's only:
 * a user in the form of Evenhand's, for comparisons across a difference.
 */
export type UserKind = 'none' | 'anonymous' | 'object' | 'dict';

/** One request to both applications. */
export interface Visitor {
  readonly user: readonly [UserKind, Readonly<Record<string, Value>>];
  /** The values of the context providers. */
  readonly context: Readonly<Record<string, Value>>;
  /** The `Cookie` header; each character is one byte. Null for none. */
  readonly cookie: string | null;
}

/** An object with its own text. */
class Named {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

const MARKS: ReadonlyMap<string, (text: string) => unknown> = new Map<
  string,
  (text: string) => unknown
>([
  ['$int', BigInt],
  ['$float', (text) => Number(text.replace('inf', 'Infinity'))],
  ['$uuid', (text) => new Named(text)],
  ['$decimal', (text) => new Named(text)],
  ['$named', (text) => new Named(text)],
  ['$bytes', (text) => Buffer.from(text)],
  ['$date', (text) => new Date(text)],
]);

/** Reads values like values.py. */
export function readValue(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const [[mark, inner] = [], ...rest] = Object.entries(value) as [string, string][];
    if (mark === undefined || inner === undefined || rest.length > 0) return value;
    return MARKS.get(mark)?.(inner) ?? value;
  });
}

/** Returns the header lines of a visitor. */
export function headersOf({ user, context, cookie }: Visitor): string[] {
  const lines = [`X-User: ${ascii(user)}`, `X-Context: ${ascii(context)}`];
  return cookie === null ? lines : [...lines, `Cookie: ${cookie}`];
}

/** Returns JSON of ASCII characters. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
