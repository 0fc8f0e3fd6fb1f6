import { atOnce } from '../runtime/steps.ts';
import { specificationSteps } from '../specification/specification.ts';
import type { Specification } from '../specification/types.ts';

/**
 * Returns the validated specification of what an application has: a snapshot, a specification, or the
 * content of `experiments.config.json`.
 *
 * @throws SpecError (`spec`) with every problem of the content
 */
export function specificationOf(given: object): Specification {
  if (isSpecification(given)) return given;
  // A snapshot, which may come from another copy of the package.
  if ('specification' in given && isSpecification(given.specification)) return given.specification;
  return atOnce(specificationSteps(given, { origin: 'specification' }));
}

/** Only a validated specification has compiled rules. */
function isSpecification(given: unknown): given is Specification {
  return given instanceof Object && 'rulesOf' in given && typeof given.rulesOf === 'function';
}
