import { withoutBom } from '../json/positions.ts';
import { setProperty } from './edit-json.ts';
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
  if (!Array.isArray(data)) return setProperty(text, [], EXPERIMENTS, CONTEXT, schema);
  return text.slice(0, text.length - json.length) + wrap(json, schema);
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
