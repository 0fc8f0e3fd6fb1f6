import { EvenhandError } from './evenhand-error.ts';

/**
 * The error for an identity that can't distinguish participants: missing, null, NaN, or not a plain
 * value.
 */
export class IdentityError extends EvenhandError {
  /** The experiment's name; undefined if there is none, as in `bucketOf()`. */
  readonly experiment: string | undefined;
  /** The identity's path in the context, such as `user.id`; undefined if it has none. */
  readonly identity: string | undefined;
  /** The problem, without the names and the remedies. */
  readonly reason: string;

  /** @param advice the remedies, for the message */
  constructor(
    experiment: string | undefined,
    identity: string | undefined,
    reason: string,
    advice?: string,
  ) {
    const where = experiment === undefined ? '' : `experiment ${JSON.stringify(experiment)}: `;
    const which = identity === undefined ? '' : ` ${JSON.stringify(identity)}`;
    const remedies = advice === undefined ? '' : `\n  ${advice}`;
    super('identity', `${where}the identity${which} ${reason}${remedies}`);
    this.experiment = experiment;
    this.identity = identity;
    this.reason = reason;
  }
}
