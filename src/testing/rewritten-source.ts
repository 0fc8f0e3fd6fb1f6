import { quote, listNames } from '../errors/show-value.ts';
import { settingsSource } from '../sources/file/settings-source.ts';
import {
  type Delivery,
  isSource,
  isUnchanged,
  type Source,
  type Unchanged,
} from '../sources/source.ts';
import { parseJson } from '../json/parse.ts';
import { atOnce } from '../runtime/steps.ts';
import type { RawData, RawText, RawTexts } from '../specification/raw.ts';
import { isText, isTexts, readSpecification } from '../specification/read.ts';
import { hasShape, type ShapedSpecification } from '../specification/schema/shape.ts';
import { specificationSteps } from '../specification/specification.ts';
import { didYouMean } from '../errors/did-you-mean.ts';

/** The object form of a specification, before defaults are filled in. */
export type RawObject = Exclude<ShapedSpecification, readonly unknown[]>;

/**
 * Returns a source that delivers a changed copy of another source's specification.
 *
 * @param rest a path, a `file:` URL, a specification or a source. `load()` throws SpecError (`json`,
 *   `spec`) if it is invalid
 * @param rewrite returns the changed specification. It gets one part, or one for each text of a
 *   specification in several texts, and returns as many in the same order
 */
export function rewrittenSource(
  rest: string | URL | object | Source,
  rewrite: (parts: readonly RawObject[], origin: string) => readonly object[],
): Source {
  const source = isSource(rest) ? rest : settingsSource(rest);
  const change = (raw: Delivery): RawData | RawTexts | Unchanged => {
    if (isUnchanged(raw)) return raw;
    const { origin, revision } = raw;
    const delivered = { origin, ...(revision && { revision }) };
    if (!isTexts(raw)) {
      const [data] = rewrite([validData(raw)], origin);
      return { ...delivered, data };
    }
    // Finds names that two texts declare.
    atOnce(readSpecification(raw, 'any'));
    const parts = rewrite(raw.texts.map(validData), origin);
    // Each text keeps its own context and segments, which apply to its own rules only.
    const texts = parts.map((part, i) => textOf(part, raw.texts[i]?.origin ?? origin));
    return { ...delivered, texts };
  };
  const { intervalMs, watchedIntervalMs, timeoutMs, settleMs } = source;
  return {
    name: 'fixed',
    intervalMs,
    watchedIntervalMs,
    timeoutMs,
    settleMs,
    load(options) {
      const raw = source.load(options);
      return 'then' in raw ? raw.then(change) : change(raw);
    },
    watch: source.watch?.bind(source),
    close: () => source.close?.(),
  };
}

/** Validates a specification in one part and returns its object form. */
function validData(raw: RawData | RawText): RawObject {
  const data = isText(raw) ? parseJson(raw.text, raw.origin) : raw.data;
  // The client that loads the source knows the application's own operators and checks their names.
  atOnce(specificationSteps(data, { ...raw, operators: 'any' }));
  // Always true after validation; the check narrows the type.
  if (!hasShape(data)) return { experiments: [] };
  return Array.isArray(data) ? { experiments: data } : data;
}

/** Returns a changed part as text. It is validated first: JSON would drop a value that is not JSON. */
function textOf(part: object, origin: string): RawText {
  atOnce(specificationSteps(part, { origin, operators: 'any' }));
  return { origin, text: JSON.stringify(part) };
}

/** Returns the remedy for a name that is not declared. */
export function advice(word: string, names: readonly string[]): string {
  const meant = didYouMean(word, names);
  return meant === undefined
    ? `declared: ${names.length === 0 ? 'none' : listNames(names)}`
    : `did you mean ${quote(meant)}?`;
}
