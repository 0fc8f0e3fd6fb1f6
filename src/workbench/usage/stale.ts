import { laterSteps } from '../../specification/schedule/schedule.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/**
 * Returns the reason why an experiment is finished: everyone gets one variant, or its last day is over.
 * A switch in shorthand always gives everyone one state, so that is not a reason.
 *
 * @param today as `2027-03-31`
 * @returns undefined if there is no reason
 */
export function staleReason(spec: ExperimentSpec, today: string): string | undefined {
  const reasons: string[] = [];
  const variant = spec.shorthand ? undefined : onlyVariant(spec);
  if (variant !== undefined) reasons.push(`everyone gets ${variant}`);
  if (spec.expires !== undefined && spec.expires < today) {
    reasons.push(`it expired on ${spec.expires}`);
  }
  return reasons.length === 0 ? undefined : reasons.join(', and ');
}

/** Returns the only variant that participants can get, now and later; undefined if there are several. */
function onlyVariant(spec: ExperimentSpec): string | undefined {
  const lists = [spec, ...laterSteps(spec)];
  const given = new Set(
    lists
      .flatMap(({ audiences }) => audiences)
      .flatMap(({ allocations }) =>
        allocations.filter(({ percent }) => percent > 0).map(({ variant }) => variant),
      ),
  );
  const [variant] = given;
  return given.size === 1 ? variant : undefined;
}
