import { identityKeys, lacksIdentity } from '../../../assignment/special/holdouts.ts';
import { Assigner, FAILED } from './assigner.ts';

/** Decides a holdout. A unit without its identity has no cell, which is not a failure. */
export class HoldoutAssigner extends Assigner {
  private readonly paths = identityKeys(this.experiment.spec.identity);

  override assign(context: object, unit: number): number {
    const cell = super.assign(context, unit);
    if (cell === FAILED && this.isUnidentified(context)) this.failure = undefined;
    return cell;
  }

  private isUnidentified(context: object): boolean {
    try {
      return lacksIdentity(context, this.paths);
    } catch {
      // The failure says more.
      return false;
    }
  }
}
