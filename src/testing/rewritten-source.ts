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
import type { RawData, RawSpecification, RawTexts } from '../specification/raw.ts';
import { isText, isTexts, readSpecification } from '../specification/read.ts';
import { hasShape, type ShapedSpecification } from '../specification/schema/shape.ts';
import { specificationSteps } from '../specification/specification.ts';
import type { SegmentSpec } from '../specification/types.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { didYouMean } from '../errors/did-you-mean.ts';

/** The object form of a specification, before defaults are filled in. */
export type RawObject = Exclude<ShapedSpecification, readonly unknown[]>;

/**
 * Returns a source that delivers a changed copy of another source's specification.
 *
 * @param rest a path, a `file:` URL, a specification or a source. `load()` throws SpecError (`json`,
 *   `spec`) if it is invalid
 * @param rewrite returns the changed specification
 */
export function rewrittenSource(
  rest: string | URL | object | Source,
  rewrite: (data: RawObject, origin: string) => object,
): Source {
  const source = isSource(rest) ? rest : settingsSource(rest);
  const change = (raw: Delivery): RawData | Unchanged => {
    if (isUnchanged(raw)) return raw;
    const { origin, revision } = raw;
    return { origin, data: rewrite(validData(raw), origin), ...(revision && { revision }) };
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

/** Validates a specification and returns its object form. Merges several texts into one. */
function validData(raw: RawSpecification): RawObject {
  if (isTexts(raw)) {
    atOnce(readSpecification(raw, 'any'));
    const parts = raw.texts.map(validData);
    const segments = mergedSegments(parts, raw);
    return {
      experiments: parts.flatMap(({ experiments }) => experiments),
      ...(segments && { segments }),
      namespaces: parts.flatMap(({ namespaces = [] }) => namespaces),
      holdouts: parts.flatMap(({ holdouts = [] }) => holdouts),
    };
  }
  const data = isText(raw) ? parseJson(raw.text, raw.origin) : raw.data;
  // The client that loads the source knows the application's own operators and checks their names.
  atOnce(specificationSteps(data, { ...raw, operators: 'any' }));
  // Always true after validation; the check narrows the type.
  if (!hasShape(data)) return { experiments: [] };
  return Array.isArray(data) ? { experiments: data } : data;
}

/**
 * Merges the segments of several texts. A segment belongs to its text, so two texts may have different
 * ones with the same name; these can't be merged.
 */
function mergedSegments(parts: readonly RawObject[], raw: RawTexts): SegmentSpec[] | undefined {
  if (parts.every(({ segments }) => segments === undefined)) return undefined;
  const merged = new Map<string, { readonly segment: SegmentSpec; readonly origin: string }>();
  for (const [i, { segments = [] }] of parts.entries()) {
    const origin = raw.texts[i]?.origin ?? raw.origin;
    for (const segment of segments) {
      const known = merged.get(segment.name);
      if (known !== undefined && known.segment.rule !== segment.rule) {
        throw new OptionError(
          `the segment ${quote(segment.name)} has one rule in ${known.origin} and another in ${origin}; rename one of them, or pass only one of these files`,
        );
      }
      merged.set(segment.name, known ?? { segment, origin });
    }
  }
  return Array.from(merged.values(), ({ segment }) => segment);
}

/** Returns the remedy for a name that is not declared. */
export function advice(word: string, names: readonly string[]): string {
  const meant = didYouMean(word, names);
  return meant === undefined
    ? `declared: ${names.length === 0 ? 'none' : listNames(names)}`
    : `did you mean ${quote(meant)}?`;
}
