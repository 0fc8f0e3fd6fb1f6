import type { Decision } from '../../assignment/explanation.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import { NOT_DECIDED } from '../../express/inspection/explain-quietly.ts';
import { NO_CONSENT } from './exposure-reasons.ts';
import { cut, firstLine } from './texts.ts';

/** The sentence for a decision that an override made. */
export function forcedBy(isGranted: boolean): string {
  return isGranted ? 'forced by a link' : 'forced by you';
}

/**
 * Returns the reason for a decision in one line.
 *
 * @param outcome undefined for an unknown experiment, and after an error
 */
export function reasonFor(
  decision: Decision,
  outcome: Outcome | undefined,
  isGranted: boolean,
): string {
  switch (decision.reason) {
    case 'unknown-experiment':
      return 'no experiment has this name';
    case 'override':
      return forcedBy(isGranted);
    case 'holdout':
      return `in the holdout ${decision.holdout ?? ''}`;
    case 'sticky':
      return 'kept from an earlier visit';
    case 'no-consent':
      return NO_CONSENT;
    case 'error':
      return failure(decision);
    case 'allocation':
      return outcome === undefined ? failure(decision) : allocation(outcome);
  }
}

function failure({ error }: Decision): string {
  if (error === NOT_DECIDED) return NOT_DECIDED;
  return error === undefined ? 'failed' : firstLine(`failed: ${error}`);
}

function allocation(outcome: Outcome): string {
  if (outcome.error !== undefined) return `failed; ${placeOf(outcome)}`;
  return outcome.drawn ? 'random on each request' : placeOf(outcome);
}

/** Returns the audience that decided, and the bucket if it was needed. */
function placeOf({ audience, bucket, variant, experiment }: Outcome): string {
  // Only a holdout decides without an audience: for a unit without its identity.
  if (audience === undefined) return 'the identity is missing';
  const { audiences } = experiment.spec;
  const place = audiences.indexOf(audience.spec);
  if (bucket !== undefined) {
    const range = audience.ranges.find(({ to }) => bucket <= to);
    const span = range === undefined ? '' : ` of ${range.from}–${range.to}`;
    return `audience ${place + 1}, bucket ${bucket}${span}`;
  }
  if (place < audiences.length - 1) return cut(`audience ${place + 1}: ${variant ?? ''}`);
  return cut(`${audiences.length === 1 ? 'everyone' : 'everyone else'}: ${variant ?? ''}`);
}
