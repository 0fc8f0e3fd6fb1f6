import { PlanoutError } from '../../errors/planout-error.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { MAX_DEPTH, MAX_TEXT } from '../limits.ts';
import { showValue } from '../../errors/show-value.ts';
import { pointerKeys } from '../../json/pointer.ts';
import { Lexer, positionIn } from './lexer.ts';
import { Parser, type ScriptJson } from './parser.ts';

/** A script compiled from source text. */
export interface CompiledSource {
  readonly json: ScriptJson;
  /** Returns the line and column, from 1, of the assignment or call that produced a part of the JSON. */
  readonly placeOf: (path: string) => { readonly line: number; readonly column: number };
}

/**
 * Compiles a script in PlanOut's language to PlanOut's JSON format, which every PlanOut interpreter can
 * run. Unknown operators are reported by `parseScript`, not here.
 *
 * @throws PlanoutError `script`, with line and column, for a syntax error
 * @throws OptionError `option` if the source is not a string
 */
export function compileScript(source: string): ScriptJson {
  return compileSource(source).json;
}

/** Compiles like {@link compileScript} and also returns the source position of each part. */
export function compileSource(source: string): CompiledSource {
  if (typeof source !== 'string') {
    throw new OptionError(
      `compileScript takes the source text as a string, not ${showValue(source)}`,
    );
  }
  if (source.length > MAX_TEXT) {
    throw new PlanoutError('script', `the source has more than ${MAX_TEXT} characters`, {
      line: 1,
      column: 1,
    });
  }
  const parser = new Parser(new Lexer(source));
  const json = parser.parseScript();
  refuseHigh(json);
  return { json, placeOf: (path) => positionIn(source, nearestPlace(json, path, parser.places)) };
}

/** The limit for levels of JSON. Each operator takes two: the operator and the list of its arguments. */
const MAX_LEVELS = 2 * MAX_DEPTH;

/**
 * Refuses trees that are too high. A chain such as `a + b + c` makes a high tree without nesting.
 * `parseScript` would refuse it too, but `JSON.stringify` would overflow the stack before. So this
 * function visits the tree level by level, without recursion.
 */
function refuseHigh(json: ScriptJson): void {
  let level: readonly unknown[] = [json];
  for (let height = 0; level.length > 0; height++) {
    if (height > MAX_LEVELS) {
      const reason = `the script nests or chains more than ${MAX_DEPTH} operators; split it into several assignments`;
      throw new PlanoutError('script', reason, { line: 1, column: 1 });
    }
    level = level.flatMap((part) =>
      typeof part === 'object' && part !== null ? Object.values(part) : [],
    );
  }
}

/** Returns the known offset of the innermost part that contains the place of a pointer. */
function nearestPlace(
  json: ScriptJson,
  path: string,
  places: ReadonlyMap<unknown, number>,
): number {
  let part: unknown = json;
  let nearest = 0;
  for (const key of pointerKeys(path)) {
    if (typeof part !== 'object' || part === null) break;
    part = Reflect.get(part, key);
    nearest = places.get(part) ?? nearest;
  }
  return nearest;
}
