import type { ExperimentSpec } from '../../specification/types.ts';

/**
 * Why an experiment has nothing left to find out: everybody has one variant, or its last day is over.
 * A switch in shorthand is there to be flipped, and gives everybody one state all the time.
 *
 * @param today as `2027-03-31`
 * @returns undefined where there is no reason
 */
export function staleReason(spec: ExperimentSpec, today: string): string | undefined {
  const reasons: string[] = [];
  const variant = spec.shorthand ? undefined : onlyVariant(spec);
  if (variant !== undefined) reasons.push(`everybody has ${variant}`);
  if (spec.expires !== undefined && spec.expires < today) {
    reasons.push(`it expired on ${spec.expires}`);
  }
  return reasons.length === 0 ? undefined : reasons.join(', and ');
}

/** The variant that all audiences give to all; undefined where there are several. */
function onlyVariant({ audiences }: ExperimentSpec): string | undefined {
  const given = new Set(
    audiences.flatMap(({ allocations }) =>
      allocations.filter(({ percent }) => percent > 0).map(({ variant }) => variant),
    ),
  );
  const [variant] = given;
  return given.size === 1 ? variant : undefined;
}
