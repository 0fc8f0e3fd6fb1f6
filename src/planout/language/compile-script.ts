import { OptionError, PlanoutError } from '../../errors.ts';
import { MAX_TEXT } from '../script/limits.ts';
import { showValue } from '../../show-value.ts';
import { Lexer, positionIn } from './lexer.ts';
import { Parser, type ScriptJson } from './parser.ts';

/** A script compiled from source text. */
export interface CompiledSource {
  readonly json: ScriptJson;
  /** Line and column, from 1, of the assignment or call that a part of the JSON comes from. */
  readonly placeOf: (path: string) => { readonly line: number; readonly column: number };
}

/**
 * Compiles a script in PlanOut's language to PlanOut's JSON serialization, which can be stored and run
 * by any of its interpreters. Which operators there are is not checked here but by `parseScript`.
 *
 * @throws PlanoutError `script`, with line and column, for what is no script
 * @throws OptionError `option` where the source is no string
 */
export function compileScript(source: string): ScriptJson {
  return compileSource(source).json;
}

/** Like {@link compileScript}, and tells where in the source each part comes from. */
export function compileSource(source: string): CompiledSource {
  if (typeof source !== 'string') {
    throw new OptionError(`compileScript takes the source text, not ${showValue(source)}`);
  }
  if (source.length > MAX_TEXT) {
    throw new PlanoutError('script', `the source has more than ${MAX_TEXT} characters`, {
      line: 1,
      column: 1,
    });
  }
  const parser = new Parser(new Lexer(source));
  const json = parser.parseScript();
  return { json, placeOf: (path) => positionIn(source, nearestPlace(json, path, parser.places)) };
}

/** The offset of the innermost part on the way to a pointer's whose offset is known. */
function nearestPlace(
  json: ScriptJson,
  path: string,
  places: ReadonlyMap<unknown, number>,
): number {
  let part: unknown = json;
  let nearest = 0;
  for (const key of path.split('/').slice(1)) {
    if (typeof part !== 'object' || part === null) break;
    part = Reflect.get(part, key.replaceAll('~1', '/').replaceAll('~0', '~'));
    nearest = places.get(part) ?? nearest;
  }
  return nearest;
}
