import { EvenhandError } from './evenhand-error.ts';

/** An identity that can't tell participants apart: missing, null, NaN, or not a plain value. */
export class IdentityError extends EvenhandError {
  /** The experiment's name; undefined where none is involved, as in `bucketOf()`. */
  readonly experiment: string | undefined;
  /** The identity's path in the context, `user.id`; undefined where it has none. */
  readonly identity: string | undefined;

  constructor(experiment: string | undefined, identity: string | undefined, reason: string) {
    const where = experiment === undefined ? '' : `experiment ${JSON.stringify(experiment)}: `;
    const which = identity === undefined ? '' : ` ${JSON.stringify(identity)}`;
    super('identity', `${where}the identity${which} ${reason}`);
    this.experiment = experiment;
    this.identity = identity;
  }
}
