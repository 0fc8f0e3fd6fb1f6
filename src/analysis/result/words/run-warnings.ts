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

  uncheckedRows: (): ResultWarning => ({
    code: 'rows-unchecked',
    text:
      'The rows have no row of the kind "plan", so nothing shows that they belong to these metrics. ' +
      'Pass all rows of the statement that --sql prints.',
  }),

  fewerDays: (): ResultWarning => ({
    code: 'days-missing',
    text:
      'The time line leaves out days that not every file has. ' +
      'Run the statements of all shards with the same --until.',
  }),

  endsAsPlanned: (end: string, now: string): ResultWarning => ({
    code: 'ends-as-planned',
    text:
      `The analysis ends at the planned end (${end}), for which its intervals are valid, and not now (${now}). ` +
      'Pass --until for another end.',
  }),

  afterPlannedEnd: (end: string): ResultWarning => ({
    code: 'after-planned-end',
    text:
      `The analysis ends after the planned end (${end}), so its intervals are sequential. ` +
      'Without --until it ends at the planned end, for which the narrower fixed intervals are valid.',
  }),

  notCounted: (): ResultWarning => ({
    code: 'lines-not-counted',
    text: 'The lines that are not records could not be counted.',
  }),
} as const;
