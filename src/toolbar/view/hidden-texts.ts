import { quote, showName } from '../../errors/show-value.ts';
import type { Inspection } from '../../express/inspection/inspection.ts';
import { QuietContext } from '../../express/inspection/quiet-context.ts';
import { MISSING, readPath } from '../../rules/values/attributes.ts';
import { namedPaths } from './context-json.ts';
import { HIDDEN, type Redactor } from './redactor.ts';
import { attempt } from './texts.ts';

/** Shorter texts are hidden only in quotation marks: they are parts of many words. */
const MIN_BARE = 4;

/** The most paths, and items of a list. */
const MAX_PATHS = 1000;
const MAX_ITEMS = 100;

/**
 * Returns a function that hides values in the messages of errors, which quote them: those that the redactor
 * does not show, at the paths that rules and identities name.
 *
 * @param names the experiments that the request asked for
 */
export function hidingIn(
  inspection: Inspection,
  names: readonly string[],
  redactor: Redactor,
): (message: string) => string {
  let texts: readonly string[] | undefined;
  return (message) => {
    // Most requests have no error.
    texts ??= hiddenTexts(inspection, names, redactor);
    return texts.reduce((shown, text) => shown.replaceAll(text, HIDDEN), message);
  };
}

/** Returns the texts to hide; the longest first, because one can be a part of another. */
function hiddenTexts(
  { snapshot, context }: Inspection,
  names: readonly string[],
  redactor: Redactor,
): string[] {
  const seen = new QuietContext(context);
  const texts = new Set<string>();
  const named = snapshot === undefined ? [] : namedPaths(snapshot, names);
  const units = [...redactor.units].map((path) => path.split('.'));
  for (const keys of [...named, ...units].slice(0, MAX_PATHS)) {
    // Rules can read a part of a text, such as `user.email.lower`.
    for (let end = keys.length; end > 0; end--) {
      const path = keys.slice(0, end);
      const value = attempt(
        () => readPath(seen, path),
        () => MISSING,
      );
      if (value === MISSING || redactor.isOpen(path.join('.'), value)) continue;
      for (const text of textsOf(value)) texts.add(text);
    }
  }
  return [...texts].toSorted((one, other) => other.length - one.length);
}

/** Returns the texts of a value in messages. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return attempt(
      () => value.slice(0, MAX_ITEMS).flatMap((item) => (Array.isArray(item) ? [] : textsOf(item))),
      () => [],
    );
  }
  if (typeof value === 'number' || typeof value === 'bigint') return textsOf(String(value));
  if (typeof value !== 'string' || value === '') return [];
  return [
    quote(value),
    JSON.stringify(value),
    ...(value.length < MIN_BARE ? [] : [showName(value), value]),
  ];
}
