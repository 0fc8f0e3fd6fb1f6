import { showName } from '../../../errors/show-value.ts';
import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import { RECORD_CAUSES, type RecordCause } from '../../rows/moment-rows.ts';
import type { DataNote } from '../result.ts';
import { countOf, countText, listText } from '../../../ui/words.ts';

/** Returns the sentence on a count of records or units, more than 0. */
type Sentence = (count: number, plan: AnalysisPlan) => string;

const are = (count: number): string => (count === 1 ? 'is' : 'are');
const were = (count: number): string => (count === 1 ? 'was' : 'were');
const have = (count: number): string => (count === 1 ? 'has' : 'have');

const SENTENCES: Readonly<Record<RecordCause, Sentence>> = {
  exposures: (n) => `${countOf(n, 'exposure')} of the experiment ${were(n)} read.`,
  outcomes: (n) => `${countOf(n, 'outcome')} of exposed units ${were(n)} read for the metrics.`,
  repeated_exposures: (n) =>
    `${countOf(n, 'exposure')} ${were(n)} delivered again with the same id; each counts once.`,
  repeated_outcomes: (n) =>
    `${countOf(n, 'outcome')} ${were(n)} delivered again with the same id; each counts once.`,
  overridden: (n) =>
    `${countOf(n, 'exposure')} of an overridden variant ${are(n)} left out, because no split decided it.`,
  random: (n) =>
    `${countOf(n, 'exposure')} with the identity "random" ${are(n)} left out, because such units can't be joined with outcomes.`,
  cut: (n) =>
    `${countOf(n, 'exposure')} ${are(n)} left out because the unit's text was cut when it was recorded.`,
  other_checksum: (n) =>
    `${countOf(n, 'exposure')} ${have(n)} another checksum, from an earlier or later version of the experiment, and ${are(n)} left out.`,
  other_identity: (n, { identity }) =>
    `${countOf(n, 'exposure')} ${have(n)} another identity than ${identity} and ${are(n)} left out.`,
  undeclared_variant: (n) =>
    `${countOf(n, 'exposure')} of variants that the specification does not declare ${are(n)} left out.`,
  after_until: (n) => `${countOf(n, 'exposure')} after the end of the analysis ${are(n)} left out.`,
  sticky_units: (n) =>
    `${countOf(n, 'unit')} kept an earlier variant. They are analysed, but not tested against the split.`,
  held_out_units: (n, { holdouts }) =>
    `${countOf(n, 'unit')} ${are(n)} held out by ${listText(holdouts)} and ${are(n)} not part of the comparison.`,
  hashed_units: (n) =>
    `${countOf(n, 'unit')} ${have(n)} a keyed hash as ${n === 1 ? 'its' : 'their'} text. Outcomes join only if they were hashed with the same secret.`,
  bot_units: (n, { maxOutcomes = 0 }) =>
    `${countOf(n, 'unit')} with more than ${countOf(maxOutcomes, 'outcome')} ${are(n)} left out as probable bots.`,
  most_outcomes: (n) => `The busiest unit has ${countOf(n, 'outcome')}.`,
  values_missing: (n) =>
    `${countOf(n, 'outcome')} ${have(n)} no usable number as ${n === 1 ? 'its' : 'their'} value and ${n === 1 ? 'counts' : 'count'} as 0.`,
};

/** Returns the notes on counts of records, in a fixed order. Unknown causes and counts of 0 are left out. */
export function recordNotes(records: ReadonlyMap<string, number>, plan: AnalysisPlan): DataNote[] {
  return RECORD_CAUSES.flatMap((code) => {
    const count = records.get(code) ?? 0;
    return count > 0 ? [{ code, count, text: SENTENCES[code](count, plan) }] : [];
  });
}

/** Returns the note on units that saw several variants. */
export function mixedNote(mixed: number, total: number, { mixed: kept }: AnalysisPlan): DataNote {
  const them = mixed === 1 ? 'it' : 'them';
  const text =
    kept === 'drop'
      ? `${countOf(mixed, 'unit')} of ${countText(total)} saw several variants; the analysis leaves ${them} out.`
      : `${countOf(mixed, 'unit')} of ${countText(total)} saw several variants and ${mixed === 1 ? 'counts' : 'count'} for the first.`;
  return { code: 'mixed_units', count: mixed, text };
}

/** Returns the note on the units of variants that are not compared. */
export function notComparedNote(units: Readonly<Record<string, number>>): DataNote {
  const names = Object.keys(units);
  const count = Object.values(units).reduce((sum, one) => sum + one, 0);
  const text =
    `${countOf(count, 'unit')} of ${listText(names.map(showName))} ${are(count)} not compared; ` +
    `${count === 1 ? 'it counts' : 'they count'} in the test of the split only.`;
  return { code: 'not_compared_units', count, text };
}

/** Returns the note on a segment with as many values as are returned. */
export function segmentNote(name: string, values: number): DataNote {
  const text = `Only the ${countText(values)} values of ${name} with the most units are shown, if it has more.`;
  return { code: 'segment_values', count: values, text };
}

/** Returns the note on lines of files that are not records. */
export function unreadableNote(file: string, lines: number, first: number | undefined): DataNote {
  const place = first === undefined ? '' : `, the first in line ${countText(first)}`;
  const text = `${countOf(lines, 'line')} of ${file} ${lines === 1 ? 'is not a record and was' : 'are not records and were'} skipped${place}.`;
  return { code: 'unreadable_lines', count: lines, text };
}
