import { PlanoutError } from '../../errors/planout-error.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { MAX_DEPTH, MAX_TEXT } from '../limits.ts';
import { showValue } from '../../errors/show-value.ts';
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
  refuseHigh(json);
  return { json, placeOf: (path) => positionIn(source, nearestPlace(json, path, parser.places)) };
}

/** An operator's arguments lie in a list or map inside it: so many levels of JSON are too many. */
const MAX_LEVELS = 2 * MAX_DEPTH;

/**
 * A chain such as `a + b + c` makes a high tree without nesting. One that `parseScript` would refuse
 * anyway is refused here, as nobody could write it as JSON: that takes a stack. Goes through the tree
 * level by level, without one.
 */
function refuseHigh(json: ScriptJson): void {
  let level: readonly unknown[] = [json];
  for (let height = 0; level.length > 0; height++) {
    if (height > MAX_LEVELS) {
      const reason = `the script is nested more than ${MAX_DEPTH} levels deep, or chains more operators`;
      throw new PlanoutError('script', reason, { line: 1, column: 1 });
    }
    level = level.flatMap((part) =>
      typeof part === 'object' && part !== null ? Object.values(part) : [],
    );
  }
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
