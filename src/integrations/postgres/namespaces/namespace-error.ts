import { PlanoutError } from '../../../errors/planout-error.ts';

/** The cause of a {@link NamespaceError}. */
export type NamespaceProblem =
  | 'unknown-namespace'
  | 'namespace-exists'
  | 'unknown-experiment'
  | 'experiment-exists'
  | 'unknown-definition'
  | 'definition-exists'
  | 'not-enough-segments'
  | 'inconsistent';

/** A change of a namespace in a database that is not possible. Nothing was changed. */
export class NamespaceError extends PlanoutError {
  /** The machine-readable cause, which is never reused for another one. */
  readonly problem: NamespaceProblem;

  constructor(problem: NamespaceProblem, reason: string) {
    super('namespace', reason);
    this.problem = problem;
  }
}
