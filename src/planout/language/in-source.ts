import { PlanoutError } from '../../errors/planout-error.ts';
import type { CompiledSource } from './compile-script.ts';

/** Returns an error about a part of a script with the position in the source in place of the path. */
export function inSource(error: unknown, placeOf: CompiledSource['placeOf']): unknown {
  if (!(error instanceof PlanoutError) || error.path === undefined) return error;
  const { code, reason, operator, parameter, path, cause } = error;
  const place = { operator, parameter, ...placeOf(path) };
  return new PlanoutError(code, reason, place, undefined, { cause });
}
