import type { Outcome } from '../../assignment/outcome.ts';
import type { Asked } from '../../express/inspection/inspection.ts';
import type { ExposureMode } from '../../specification/types.ts';
import type { ViewedExposure } from './toolbar-view.ts';

/** The facts that exposures of one request share. */
export interface ExposureFacts {
  /** True if exposures are recorded: with the options `exposures` or `hooks`. */
  readonly records: boolean;
  /** The reason why no person sees the response; undefined if the option `ignore` is left. */
  readonly unseen: 'head' | 'prefetch' | undefined;
}

const UNSEEN = {
  head: 'a HEAD request shows no page',
  prefetch: 'the browser prefetched the page',
} as const;

const IGNORED = '`exposures.ignore` skips this request';

/** The reason for a visitor who has not consented. */
export const NO_CONSENT = 'no consent to the tracking cookie';

/** Returns what became of the exposure of an experiment. */
export function viewExposure(
  asked: Asked,
  outcome: Outcome | undefined,
  facts: ExposureFacts,
): ViewedExposure {
  return (
    knownFate(asked, outcome?.reason === 'override', facts) ?? {
      recorded: false,
      why: reasonOf(asked, outcome),
    }
  );
}

/** Returns what became of an exposure that was reported, or that nothing records; otherwise undefined. */
export function knownFate(
  { exposure }: Asked,
  overridden: boolean,
  { records, unseen }: ExposureFacts,
): ViewedExposure | undefined {
  if (!records) return { recorded: false, why: 'the option `exposures` is not set' };
  switch (exposure) {
    case 'recorded':
    case 'without-unit':
      return { recorded: true, overridden };
    case 'known':
      return { recorded: false, why: 'recorded earlier for this unit' };
    case 'unseen':
      return { recorded: false, why: unseen === undefined ? IGNORED : UNSEEN[unseen] };
    case 'failed':
      return { recorded: false, why: 'the record could not be made; see the log' };
    case 'not-compared':
    case undefined:
      return undefined;
  }
}

function reasonOf(asked: Asked, outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'no variant was decided';
  const { reason, variant, holdout, experiment } = outcome;
  if (asked.exposure !== undefined) {
    if (reason === 'no-consent') return NO_CONSENT;
    if (variant === undefined) return 'no variant was decided';
    return holdout === undefined
      ? 'the audience gives everyone one variant, so there is nothing to compare'
      : `the exposure of the holdout ${holdout} counts instead`;
  }
  return unreported(asked, experiment.spec.exposure);
}

/** Returns the reason why no exposure was reported. */
export function unreported({ calls }: Asked, mode: ExposureMode): string {
  if (mode === 'off') return '`exposure` is "off"';
  if (mode === 'manual') return '`exposure` is "manual", and `expose()` was not called';
  const members = new Set(Array.from(calls, (call) => call.slice(call.lastIndexOf('.') + 1)));
  const quiet = QUIET.filter((one) => members.has(one)).map((one) => `\`${one}\``);
  return quiet.length === 0 ? 'no variant was used' : `only read with ${quiet.join(' and ')}`;
}

/** The calls that record no exposure. */
const QUIET = ['peek()', 'variants()', 'explain()'] as const;
