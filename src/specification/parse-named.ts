import { type Problem, SpecError } from '../errors/spec-error.ts';
import { quote } from '../errors/show-value.ts';
import { member, valueAt } from '../json/pointer.ts';
import { type SpecificationOrigin, specificationSteps } from './specification.ts';
import { atOnce, type Steps } from '../runtime/steps.ts';
import type { Specification } from './types.ts';

/** An entry of a list of experiments or namespaces. */
const ENTRY = /^(?:\/(experiments|namespaces))?\/\d+(?=\/|$)/;

/**
 * In steps, validates a specification whose experiments and namespaces people know by their names rather than by
 * their places in a list, as those of a database: problems tell the name.
 *
 * @throws SpecError `spec`, as {@link specificationSteps} does
 */
export function* namedSteps(data: unknown, from: SpecificationOrigin): Steps<Specification> {
  try {
    return yield* specificationSteps(data, from);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const problems = error.problems.map((problem) => named(problem, data));
    throw new SpecError('spec', error.origin, problems);
  }
}

/**
 * The same at once.
 *
 * @throws SpecError `spec`, as {@link namedSteps} does
 */
export function parseNamed(data: unknown, from: SpecificationOrigin): Specification {
  return atOnce(namedSteps(data, from));
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
