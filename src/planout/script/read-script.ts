import { PlanoutError } from '../../errors/planout-error.ts';
import { compileSource } from '../language/compile-script.ts';
import { parseScript } from './parse-script.ts';
import type { Script } from './script.ts';

/**
 * Compiles a script from source text in PlanOut's language or from parsed JSON.
 *
 * @throws PlanoutError `script` or `operator`, with line and column for source text or the path for JSON
 */
export function readScript(script: unknown): Script {
  if (typeof script !== 'string') return parseScript(script);
  const { json, placeOf } = compileSource(script);
  try {
    return parseScript(json);
  } catch (error) {
    if (!(error instanceof PlanoutError) || error.path === undefined) throw error;
    const { code, reason, operator, parameter, path } = error;
    throw new PlanoutError(code, reason, {
      ...(operator === undefined ? {} : { operator }),
      ...(parameter === undefined ? {} : { parameter }),
      ...placeOf(path),
    });
  }
}
