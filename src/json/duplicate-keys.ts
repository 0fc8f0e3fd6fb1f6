import { quote } from '../errors/show-value.ts';
import type { Problem } from '../errors/spec-error.ts';
import { placedTokens } from './placed-tokens.ts';
import { positionsIn, withoutBom } from './positions.ts';

/**
 * Finds duplicate keys: JSON parsers use the last one and silently ignore the others.
 *
 * @param text valid JSON
 */
export function duplicateKeys(text: string): Required<Omit<Problem, 'origin'>>[] {
  const json = withoutBom(text);
  const position = positionsIn(json);
  const problems: Required<Omit<Problem, 'origin'>>[] = [];
  /** The offsets of the keys of each open object. */
  const open: Map<string, number>[] = [];
  for (const { kind, start, end, path } of placedTokens(json)) {
    if (kind === '{') open.push(new Map());
    else if (kind === '}') open.pop();
    else if (kind === 'key') {
      const keys = open.at(-1);
      const key = String(JSON.parse(json.slice(start, end)));
      const first = keys?.get(key);
      if (first === undefined) keys?.set(key, start);
      else {
        problems.push({
          path: path(),
          ...position(start),
          message: `the key ${quote(key)} is already in line ${position(first).line}, and that one is ignored; remove one of the two`,
        });
      }
    }
  }
  return problems;
}
