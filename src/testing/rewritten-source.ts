import { quote, listNames } from '../show-value.ts';
import { settingsSource } from '../sources/settings-source.ts';
import { isSource, type RawData, type RawSpecification, type Source } from '../sources/source.ts';
import { parseJson } from '../spec/parse-json.ts';
import { hasShape, type RawSpecification as Shaped } from '../spec/shape.ts';
import { parseSpecification } from '../spec/specification.ts';
import { didYouMean } from '../spec/suggest.ts';

/** The object form of a specification, as it was given. */
export type RawObject = Exclude<Shaped, readonly unknown[]>;

/**
 * A source that delivers another one's specification, changed.
 *
 * @param rest a path, a `file:` URL, a specification or a source; `load()` throws SpecError (`json`,
 *   `spec`) where it is invalid
 * @param rewrite gives the changed specification
 */
export function rewrittenSource(
  rest: string | URL | object | Source,
  rewrite: (data: RawObject, origin: string) => object,
): Source {
  const source = isSource(rest) ? rest : settingsSource(rest);
  const change = (raw: RawSpecification): RawData => {
    const { origin } = raw;
    const data = 'text' in raw ? parseJson(raw.text, origin) : raw.data;
    parseSpecification(data, raw);
    // It has just been found valid; this tells the compiler.
    if (!hasShape(data)) return { origin, data };
    return { origin, data: rewrite(Array.isArray(data) ? { experiments: data } : data, origin) };
  };
  return {
    name: 'fixed',
    load() {
      const raw = source.load();
      return 'then' in raw ? raw.then(change) : change(raw);
    },
    close: () => source.close?.(),
  };
}

/** What to do about a name that is not declared. */
export function advice(word: string, names: readonly string[]): string {
  const meant = didYouMean(word, names);
  return meant === undefined
    ? `declared: ${names.length === 0 ? 'none' : listNames(names)}`
    : `did you mean ${quote(meant)}?`;
}
