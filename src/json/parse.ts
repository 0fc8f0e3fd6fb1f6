import { SpecError } from '../errors/spec-error.ts';
import { findSyntaxProblem } from './syntax.ts';
import { positionsIn, withoutBom } from './positions.ts';

/**
 * Parses JSON text; a byte order mark before it is ignored.
 *
 * @param origin where the text came from, for the message: a file's path, or a source's name
 * @throws SpecError `json` with the line and column of the first mistake, and what to do about it
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
