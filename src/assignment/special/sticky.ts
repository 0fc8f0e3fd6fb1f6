import { listNames } from '../../errors/show-value.ts';
import type { Specification } from '../../specification/types.ts';
import type { Outcome } from '../outcome.ts';
import type { AssignmentPolicy } from '../policy.ts';
import type { Question } from './features.ts';
import { SpecialOutcome } from './special-outcome.ts';

/** Returns the outcome of a participant who keeps an earlier variant; undefined if there is none. */
export function keptVariant(question: Question): Outcome | undefined {
  const { experiment, context, policy, participant } = question;
  const kept = participant?.sticky.find(experiment, context);
  if (kept === undefined) return undefined;
  const { variant, unit, identityPath } = kept;
  policy.counts.sticky++;
  const facts = { reason: 'sticky', identityPath } as const;
  return new SpecialOutcome(experiment, variant, undefined, undefined, unit, undefined, facts);
}

/**
 * Keeps the variant of an outcome that a bucket decided. An audience that gives everyone one variant has
 * nothing to keep: its participants are decided again when it is split.
 */
export function keepVariant(outcome: Outcome, { participant }: Question): Outcome {
  const { experiment, variant, audience, bucket, unit, error } = outcome;
  if (bucket !== undefined && unit !== undefined) participant?.sticky.keep(outcome);
  if (outcome.personal) return outcome;
  // A participant who keeps a variant would have got that one.
  const facts = { personal: true } as const;
  return new SpecialOutcome(experiment, variant, audience, bucket, unit, error, facts);
}

/** Warns of sticky experiments whose variants nothing keeps. */
export function warnOfUnkept({ experiments }: Specification, policy: AssignmentPolicy): void {
  if (policy.keepsSticky) return;
  const names = experiments.filter(({ sticky }) => sticky === true).map(({ name }) => name);
  if (names.length === 0) return;
  policy.once.warn(
    'sticky without a place',
    `evenhand: "sticky": true has no effect yet (${listNames(names)}): nothing keeps the variants; set the option sticky: { secret } for a cookie, or sticky: { read, write }`,
  );
}
