import { formatCount, formatP, formatPoints, formatShare, trimZeros } from '../../../ui/figures.ts';
import { formatValue } from '../../../analysis/output/format.ts';
import { shownDifference } from '../../../analysis/output/shown-difference.ts';
import {
  audienceTitle,
  confidenceText,
  describeComparison,
  describeUnadjusted,
  describeUnits,
  isWithheld,
  listedWarnings,
  metricGroups,
  noPercentage,
  resultTone,
  SPLIT_CAUSES,
  toneOf,
  withheldReason,
} from '../../../analysis/output/words.ts';
import type { Comparison, MetricResult, Result } from '../../../analysis/result/result.ts';
import type { Colour } from '../colour.ts';
import { printable } from '../printable.ts';
import { type Cell, renderTable } from '../table.ts';
import { wrapLines } from '../wrap.ts';
import { segmentText } from './segment-text.ts';

/** The form of a result in a terminal. */
export interface ResultTextOptions {
  readonly colour: Colour;
  /** The width of lines in characters; undefined for files and pipes, whose lines are not broken. */
  readonly width?: number;
}

/**
 * Renders a result for a terminal: the verdict, the split, the metrics by their role, what was left out of
 * the data, and warnings.
 */
export function resultText(result: Result, { colour, width }: ResultTextOptions): string {
  const tone = resultTone(result);
  const paint = { good: colour.green, bad: colour.red, warn: colour.yellow, quiet: colour.bold }[
    tone
  ];
  const line = (text: string): string => wrapLines(printable(text), width);
  const reason = withheldReason(result);
  const parts = [
    `${colour.bold(printable(result.experiment))}  ${colour.dim(printable(describeComparison(result)))}\n` +
      `${paint(line(result.summary))}\n${reason === '' ? '' : `${line(reason)}\n`}`,
    splitText(result, colour, line),
  ];
  if (!isWithheld(result)) {
    parts.push(
      ...metricTables(result, colour),
      `${colour.dim(line(result.look.text))}\n${unadjustedText(result, line)}`,
    );
    parts.push(...segmentText(result, colour));
  }
  parts.push(dataText(result, line));
  const warnings = listedWarnings(result).map(
    ({ text }) => `${colour.yellow('!')} ${line(text)}\n`,
  );
  if (warnings.length > 0) parts.push(warnings.join(''));
  return parts.filter((part) => part !== '').join('\n');
}

function splitText({ split }: Result, colour: Colour, line: (text: string) => string): string {
  const { status, text, audiences } = split;
  if (status !== 'off') {
    const mark = status === 'right' ? `${colour.green('✓')} ` : '';
    return `${mark}${line(text)}\n`;
  }
  const tables = audiences.map((audience) => {
    const { test, pValueHolm, variants } = audience;
    const figures = test === null ? '' : `  ${formatP(pValueHolm ?? test.pValue, test.lnPValue)}`;
    const rows = variants.map(({ variant, units, share, expectedShare }) => [
      variant,
      formatCount(units),
      trimZeros(formatShare(expectedShare)),
      formatShare(share),
      formatPoints(share - expectedShare),
    ]);
    const table = renderTable(rows, {
      head: ['variant', 'units', 'should be', 'is', 'points off'],
      align: ['left', 'right', 'right', 'right', 'right'],
      colour,
    });
    return `${printable(audienceTitle(audience, audiences.length))}${figures}\n${table}`;
  });
  const causes = SPLIT_CAUSES.map((cause) => `  - ${cause}\n`).join('');
  return `${colour.red(`✗ ${line(text)}`)}\n${tables.join('')}Look for:\n${causes}`;
}

function metricTables(result: Result, colour: Colour): string[] {
  const { control, variants, metrics } = result;
  const treatments = variants.filter((name) => name !== control);
  return metricGroups(metrics).map(({ title, metrics: group }) => {
    const rows = group.flatMap((metric) =>
      metric.comparisons.map((comparison) => metricRow(result, metric, comparison, colour)),
    );
    const head = [
      title,
      printable(control),
      treatments.length === 1 ? printable(treatments[0] ?? '') : 'treatment',
      'difference',
      `${confidenceText(result.look)} interval`,
      'verdict',
    ];
    return renderTable(rows, {
      head,
      align: ['left', 'right', 'right', 'right', 'left', 'left'],
      colour,
    });
  });
}

function metricRow(
  { control, variants }: Result,
  metric: MetricResult,
  comparison: Comparison,
  colour: Colour,
): Cell[] {
  const { name, type, arms } = metric;
  const { variant, verdict, verdictText } = comparison;
  const valueOf = (one: string): string =>
    formatValue(type, arms.find((arm) => arm.variant === one)?.value ?? null);
  const tone = toneOf(verdict);
  const paint = tone === 'good' ? colour.green : tone === 'bad' ? colour.red : colour.dim;
  const note = noPercentage(comparison);
  return [
    variants.length === 2 ? name : `${name}, ${variant}`,
    valueOf(control),
    valueOf(variant),
    ...shownDifference(type, comparison),
    { text: note === '' ? verdictText : `${verdictText} (${note})`, paint },
  ];
}

function dataText({ units, data }: Result, line: (text: string) => string): string {
  const notes = data.map(({ text }) => `- ${line(text)}\n`);
  return `${line(describeUnits(units))}\n${notes.join('')}`;
}

/** Lists the differences without CUPED, because the plain values in the tables do not show the adjusted ones. */
function unadjustedText({ metrics }: Result, line: (text: string) => string): string {
  return metrics
    .map((metric) => ({ name: metric.name, plain: describeUnadjusted(metric) }))
    .filter(({ plain }) => plain !== '')
    .map(({ name, plain }) => `${line(`${name} without CUPED: ${plain}`)}\n`)
    .join('');
}
