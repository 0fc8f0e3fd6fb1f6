import type { RawSpecification } from '../sources/source.ts';
import { namedSteps } from '../specification/parse-named.ts';
import { parseJson } from '../json/parse.ts';
import { textsSteps } from '../specification/parse-texts.ts';
import { specificationSteps } from '../specification/specification.ts';
import type { Specification } from '../specification/types.ts';
import type { Steps } from '../runtime/steps.ts';

/**
 * In steps, parses and validates what a source has delivered.
 *
 * @throws SpecError (`json`, `spec`) with every problem
 */
export function* specificationOf(raw: RawSpecification): Steps<Specification> {
  const { origin } = raw;
  if ('texts' in raw) {
    // Somebody may change the list between the steps.
    const texts = raw.texts.map((one) => ({ text: one.text, origin: one.origin }));
    return yield* textsSteps(texts, origin);
  }
  if ('text' in raw) {
    const data = parseJson(raw.text, origin);
    yield;
    return yield* specificationSteps(data, { origin, text: raw.text });
  }
  return yield* raw.named === true
    ? namedSteps(raw.data, { origin })
    : specificationSteps(raw.data, { origin });
}
