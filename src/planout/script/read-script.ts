import { compileSource } from '../language/compile-script.ts';
import { inSource } from '../language/in-source.ts';
import type { KnownOperators } from '../operator-set.ts';
import { parseJsonScript } from './parse-script.ts';
import type { Script } from './script.ts';

/**
 * Compiles a script from source text in PlanOut's language or from parsed JSON.
 *
 * @param operators the operators that the script may call besides PlanOut's own
 * @throws PlanoutError `script` or `operator`, with line and column for source text or the path for JSON
 */
export function readScript(script: unknown, operators?: KnownOperators): Script {
  if (typeof script !== 'string') return parseJsonScript(script, operators);
  const { json, placeOf } = compileSource(script);
  try {
    return parseJsonScript(json, operators, script);
  } catch (error) {
    throw inSource(error, placeOf);
  }
}
