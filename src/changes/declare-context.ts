import { parseTree } from 'jsonc-parser';
import { withoutBom } from '../json/positions.ts';
import { isObject } from '../options/check-options.ts';
import { setValue } from './edit-json.ts';
import { formatOf, renderJson } from './render-json.ts';

/** The property of a specification that declares its context. */
const CONTEXT = 'context';
const EXPERIMENTS = 'experiments';

/**
 * Puts a declared context into the text of a specification, before the experiments, and keeps everything
 * else as it was written. A list of experiments becomes an object with `experiments`.
 *
 * @param text a valid specification
 * @param schema the declared context; replaces one that is there
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function declareContext(text: string, schema: object): string {
  const json = withoutBom(text);
  const data: unknown = JSON.parse(json);
  if (isObject(data) && Object.hasOwn(data, CONTEXT)) return setValue(text, [CONTEXT], schema);
  const changed = Array.isArray(data) ? wrap(json, schema) : insert(json, schema);
  return text.slice(0, text.length - json.length) + changed;
}

/** Makes a list of experiments the property `experiments` of an object. */
function wrap(json: string, schema: object): string {
  const format = formatOf(json);
  const { eol, unit } = format;
  const list = json.trim();
  const end = json.slice(json.trimEnd().length);
  if (format.style === 'minified') {
    return `{"${CONTEXT}":${JSON.stringify(schema)},"${EXPERIMENTS}":${list}}${end}`;
  }
  // A JSON string has no line breaks, so every line can be indented.
  const inner = list.replaceAll(/\r\n?|\n/g, (lineBreak) => lineBreak + unit);
  const written = renderJson(schema, format, `${unit}"${CONTEXT}": `);
  return (
    `{${eol}${unit}"${CONTEXT}": ${written},${eol}` +
    `${unit}"${EXPERIMENTS}": ${inner}${eol}}${end}`
  );
}

/** Adds the property before `experiments`. */
function insert(json: string, schema: object): string {
  const format = formatOf(json);
  const property = parseTree(json)?.children?.find(
    ({ children }) => children?.[0]?.value === EXPERIMENTS,
  );
  const at = property?.offset ?? json.indexOf('{') + 1;
  const before = json.slice(0, at);
  const [gap = ''] = /\s*$/.exec(before) ?? [];
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const separator = gap === '' && format.style !== 'minified' ? ' ' : gap;
  return `${before}"${CONTEXT}": ${renderJson(schema, format, line)},${separator}${json.slice(at)}`;
}
