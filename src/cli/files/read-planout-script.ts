import { OptionError } from '../../errors/usage-errors.ts';
import { compileScript } from '../../planout/language/compile-script.ts';
import type { ScriptJson } from '../../planout/language/parser.ts';
import { readScript as readAny } from '../../planout/script/read-script.ts';
import type { Script } from '../../planout/script/script.ts';
import { parseJson } from '../../json/parse.ts';
import type { ConfigText } from './config-file.ts';
import { aboutText } from '../output/problems.ts';

/**
 * Compiles source text in PlanOut's language and checks that it can run.
 *
 * @throws PlanoutError (`script` or `operator`)
 * @throws OptionError (`option`) if the text is JSON
 */
export function compileSource({ text, origin, operators }: ConfigText): ScriptJson {
  if (isJson(text)) {
    throw new OptionError(
      `${origin} is JSON, so it is already compiled; run it with "evenhand planout run"`,
    );
  }
  return aboutText(text, origin, () => {
    readAny(text, operators);
    return compileScript(text);
  });
}

/**
 * Reads a script from source text in PlanOut's language or from JSON.
 *
 * @throws PlanoutError (`script` or `operator`)
 * @throws SpecError (`json`) for malformed JSON
 */
export function readScript({ text, origin, operators }: ConfigText): Script {
  return aboutText(text, origin, () =>
    readAny(isJson(text) ? parseJson(text, origin) : text, operators),
  );
}

/** Tells JSON from source text: no statement of PlanOut's language begins with a brace and a quote. */
export function isJson(text: string): boolean {
  return /^\ufeff?\s*\{\s*["}]/.test(text);
}
