import { quote } from '../../../errors/show-value.ts';
import type { ResultWarning } from '../result.ts';

/** Warnings on what happened while the records were read. */
export const runWarnings = {
  otherChecksum: (declared: string, analysed: string): ResultWarning => ({
    code: 'other-checksum',
    text:
      `There are no exposures with the checksum of the specification (${declared}). ` +
      `The analysis uses ${quote(analysed)}, which has the latest exposure. Its shares may be unknown.`,
  }),

  noTimeLine: (reason: string): ResultWarning => ({
    code: 'no-time-line',
    text: `The time line is missing: ${reason}.`,
  }),

  notCounted: (): ResultWarning => ({
    code: 'lines-not-counted',
    text: 'The lines that are not records could not be counted.',
  }),
} as const;
