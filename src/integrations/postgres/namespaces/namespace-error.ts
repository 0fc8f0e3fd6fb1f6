import { PlanoutError } from '../../../errors/planout-error.ts';

/** What is wrong where a {@link NamespaceError} arose. */
export type NamespaceProblem =
  | 'unknown-namespace'
  | 'namespace-exists'
  | 'unknown-experiment'
  | 'experiment-exists'
  | 'unknown-definition'
  | 'definition-exists'
  | 'not-enough-segments'
  | 'inconsistent';

/** A change of a namespace in a database that can't be made; nothing has changed then. */
export class NamespaceError extends PlanoutError {
  /** Machine-readable, and never reused for something else. */
  readonly problem: NamespaceProblem;

  constructor(problem: NamespaceProblem, reason: string) {
    super('namespace', reason);
    this.problem = problem;
  }
}
