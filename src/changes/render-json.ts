/** The layout of a JSON file. */
export interface JsonFormat {
  /** One step of indentation. */
  readonly unit: string;
  readonly eol: string;
  /**
   * `fitted`: short values on one line, as prettier writes them; `expanded`: each value on its own line,
   * as `JSON.stringify` writes them; `minified`: everything on one line.
   */
  readonly style: 'fitted' | 'expanded' | 'minified';
}

/** The line length in the style `fitted`; only long texts exceed it. */
const MAX_WIDTH = 100;

const DEFAULT_UNIT = '  ';

/** Detects the layout of a file; two spaces if nothing is indented. */
export function formatOf(text: string): JsonFormat {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const [, unit = DEFAULT_UNIT] = /\n([ \t]+)\S/.exec(text) ?? [];
  // Each tab is one step, however deep the first indented line is.
  const step = unit.startsWith('\t') ? '\t' : unit;
  return { unit: step, eol, style: styleOf(text) };
}

function styleOf(text: string): JsonFormat['style'] {
  // The innermost objects show the style, unless the document itself is the only object.
  const document = text.trim();
  const objects = (text.match(/\{[^{}]*\}/g) ?? []).filter((object) => object !== document);
  if (objects.length === 0) return 'fitted';
  if (!document.includes('\n')) return 'minified';
  return objects.some((object) => object.length > 2 && !object.includes('\n'))
    ? 'fitted'
    : 'expanded';
}

/**
 * Renders a value as JSON in a file's layout.
 *
 * @param line the text before the value on its line; the value has the same indentation
 */
export function renderJson(value: unknown, format: JsonFormat, line: string): string {
  if (format.style === 'minified') return JSON.stringify(value);
  const [indent = ''] = /^[ \t]*/.exec(line) ?? [];
  if (format.style === 'expanded') {
    return JSON.stringify(value, undefined, format.unit).replaceAll('\n', format.eol + indent);
  }
  return fit(value, format, indent, line.length);
}

/** Renders a value on one line if that is short and readable, otherwise with one member per line. */
function fit(value: unknown, layout: JsonFormat, indent: string, column: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const flat = flatten(value);
  // One more for the comma that may follow.
  if (flat !== undefined && column + flat.length + 1 <= MAX_WIDTH) return flat;
  const inner = indent + layout.unit;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members: string[] = Array.isArray(value)
    ? value.map((item: unknown) => fit(item, layout, inner, inner.length))
    : Object.entries(value).map(([key, item]: [string, unknown]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + fit(item, layout, inner, inner.length + name.length);
      });
  const lines = members.map((member) => inner + member).join(`,${layout.eol}`);
  return `${open}${layout.eol}${lines}${layout.eol}${indent}${close}`;
}

/** Returns true for a value with several members, which deserves its own line. */
function hasMembers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 1;
}

/** Renders a value on one line; undefined for a list with several large members. */
function flatten(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const values: unknown[] = isList ? value : Object.values(value);
  if (isList && values.filter(hasMembers).length > 1) return undefined;
  const flat = values.map(flatten);
  if (flat.includes(undefined)) return undefined;
  if (values.length === 0) return isList ? '[]' : '{}';
  if (isList) return `[${flat.join(', ')}]`;
  const keys = Object.keys(value).map((key) => JSON.stringify(key));
  return `{ ${keys.map((key, i) => `${key}: ${flat[i]}`).join(', ')} }`;
}
