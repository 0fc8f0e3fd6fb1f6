import { SpecError } from '../errors/spec-error.ts';
import { findSyntaxProblem } from './syntax.ts';
import { positionsIn, withoutBom } from './positions.ts';

/**
 * Parses JSON text. Ignores a byte order mark at the start.
 *
 * @param origin the path of the file or the name of the source, for the message
 * @throws SpecError `json` with the line and column of the first mistake, and its remedy
 */
export function parseJson(text: string, origin: string): unknown {
  const json = withoutBom(text);
  try {
    const data: unknown = JSON.parse(json);
    return data;
  } catch (cause) {
    const problem = findSyntaxProblem(json) ?? { offset: 0, reason: String(cause) };
    throw new SpecError('json', origin, [
      { path: '', ...positionsIn(json)(problem.offset), message: problem.reason },
    ]);
  }
}
