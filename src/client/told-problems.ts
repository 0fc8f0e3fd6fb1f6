import type { EvenhandError } from '../errors/evenhand-error.ts';

/** So many different problems of one kind are remembered; then all is forgotten. */
const MAX_PROBLEMS = 100;

/** Remembers what has been told, so that a problem met at every try is told once until it is over. */
export class ToldProblems {
  private readonly told = new Set<string>();

  /** Whether this problem has not been told yet; from now on it has. */
  isNew(problem: EvenhandError): boolean {
    if (this.told.has(problem.message)) return false;
    if (this.told.size >= MAX_PROBLEMS) this.told.clear();
    this.told.add(problem.message);
    return true;
  }

  /** All is well; gives whether it was not. */
  clear(): boolean {
    const any = this.told.size > 0;
    this.told.clear();
    return any;
  }
}
