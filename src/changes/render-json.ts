/** How a JSON file is written. */
export interface JsonFormat {
  /** One step of indentation. */
  readonly unit: string;
  readonly eol: string;
  /**
   * `fitted`: what is short stands on one line, as prettier writes it; `expanded`: each value on its
   * own, as `JSON.stringify` writes it; `minified`: all on one line.
   */
  readonly style: 'fitted' | 'expanded' | 'minified';
}

/** How long a line may be in the style `fitted`, but for long texts. */
const MAX_WIDTH = 100;

const DEFAULT_UNIT = '  ';

/** How a file is written, by what is in it; two spaces where nothing tells. */
export function formatOf(text: string): JsonFormat {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const [, unit = DEFAULT_UNIT] = /\n([ \t]+)\S/.exec(text) ?? [];
  // Tabs are one step each, however deep the first indented line is.
  const step = unit.startsWith('\t') ? '\t' : unit;
  return { unit: step, eol, style: styleOf(text) };
}

function styleOf(text: string): JsonFormat['style'] {
  // The innermost objects; of a document that holds no other, it says nothing.
  const document = text.trim();
  const objects = (text.match(/\{[^{}]*\}/g) ?? []).filter((object) => object !== document);
  if (objects.length === 0) return 'fitted';
  if (!document.includes('\n')) return 'minified';
  return objects.some((object) => object.length > 2 && !object.includes('\n'))
    ? 'fitted'
    : 'expanded';
}

/**
 * A value as JSON in a file's format.
 *
 * @param line what stands before it on its line; its indentation is that of the value
 */
export function renderJson(value: unknown, format: JsonFormat, line: string): string {
  if (format.style === 'minified') return JSON.stringify(value);
  const [indent = ''] = /^[ \t]*/.exec(line) ?? [];
  if (format.style === 'expanded') {
    return JSON.stringify(value, undefined, format.unit).replaceAll('\n', format.eol + indent);
  }
  return fit(value, format, indent, line.length);
}

/** On one line where that is short enough and readable; else its members each on a line of its own. */
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

/** Whether a value is worth a line of its own. */
function hasMembers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 1;
}

/** A value on one line; undefined where that would hide its structure: several such in a list. */
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
