import { OptionError, PlanoutError } from '../../errors.ts';
import { MAX_TEXT } from '../script/limits.ts';
import { showValue } from '../../show-value.ts';
import { Lexer } from './lexer.ts';
import { Parser, type ScriptJson } from './parser.ts';

/**
 * Compiles a script in PlanOut's language to PlanOut's JSON serialization, which can be stored and run
 * by any of its interpreters. Which operators there are is not checked here but by `parseScript`.
 *
 * @throws PlanoutError `script`, with line and column, for what is no script
 * @throws OptionError `option` where the source is no string
 */
export function compileScript(source: string): ScriptJson {
  if (typeof source !== 'string') {
    throw new OptionError(`compileScript takes the source text, not ${showValue(source)}`);
  }
  if (source.length > MAX_TEXT) {
    throw new PlanoutError('script', `the source has more than ${MAX_TEXT} characters`, {
      line: 1,
      column: 1,
    });
  }
  return new Parser(new Lexer(source)).parseScript();
}
