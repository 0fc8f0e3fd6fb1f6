import { lacksIdentity } from '../../../assignment/special/holdouts.ts';
import { identityLabel } from '../../../specification/identity-paths.ts';
import { Assigner, FAILED } from './assigner.ts';

/** Decides a holdout. A unit without its identity has no cell, which is not a failure. */
export class HoldoutAssigner extends Assigner {
  private readonly keys: readonly string[] = identityLabel(this.experiment.spec.identity).split(
    '.',
  );

  override assign(context: object, unit: number): number {
    const cell = super.assign(context, unit);
    if (cell === FAILED && this.isUnidentified(context)) this.failure = undefined;
    return cell;
  }

  private isUnidentified(context: object): boolean {
    try {
      return lacksIdentity(context, this.keys);
    } catch {
      // The failure says more.
      return false;
    }
  }
}
