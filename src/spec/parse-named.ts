import { type Problem, SpecError } from '../errors.ts';
import { quote } from '../show-value.ts';
import { member, valueAt } from './json-pointer.ts';
import { parseSpecification, type SpecificationOrigin } from './specification.ts';
import type { Specification } from './types.ts';

/** An entry of a list of experiments or namespaces. */
const ENTRY = /^(?:\/(experiments|namespaces))?\/\d+(?=\/|$)/;

/**
 * Validates a specification whose experiments and namespaces people know by their names rather than by
 * their places in a list, as those of a database: problems tell the name.
 *
 * @throws SpecError `spec`, as `parseSpecification` does
 */
export function parseNamed(data: unknown, from: SpecificationOrigin): Specification {
  try {
    return parseSpecification(data, from);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const problems = error.problems.map((problem) => named(problem, data));
    throw new SpecError('spec', error.origin, problems);
  }
}

function named(problem: Problem, data: unknown): Problem {
  const [pointer, list] = ENTRY.exec(problem.path) ?? [];
  if (pointer === undefined) return problem;
  const entry = valueAt(data, pointer);
  const name = typeof entry === 'string' ? entry : member(entry, 'name');
  if (typeof name !== 'string') return problem;
  const kind = list === 'namespaces' ? 'namespace' : 'experiment';
  return { ...problem, message: `${kind} ${quote(name)}: ${problem.message}` };
}
