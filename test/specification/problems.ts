import { SpecError } from '../../src/errors/spec-error.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';

/** Returns the problems of a specification, each as its path and the first line of its message. */
export function problemsOf(data: object): string[] {
  try {
    parseExperiments(data);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message.split('\n', 1)[0]}`);
  }
  return [];
}
