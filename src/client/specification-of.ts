import type { RawSpecification } from '../sources/source.ts';
import { parseNamed } from '../spec/parse-named.ts';
import { parseJson } from '../spec/parse-json.ts';
import { parseTexts } from '../spec/parse-texts.ts';
import { parseSpecification } from '../spec/specification.ts';
import type { Specification } from '../spec/types.ts';

/**
 * Parses and validates what a source has delivered.
 *
 * @throws SpecError (`json`, `spec`) with every problem
 */
export function specificationOf(raw: RawSpecification): Specification {
  const { origin } = raw;
  if ('texts' in raw) return parseTexts(raw.texts, origin);
  if ('text' in raw) {
    return parseSpecification(parseJson(raw.text, origin), { origin, text: raw.text });
  }
  return raw.named === true
    ? parseNamed(raw.data, { origin })
    : parseSpecification(raw.data, { origin });
}
