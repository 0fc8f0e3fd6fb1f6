import { markdownTable, markdownText } from '../../ui/markdown.ts';
import type { Comparison, MetricResult, Result } from '../result/result.ts';
import { formatValue } from './format.ts';
import { shownDifference } from './shown-difference.ts';
import {
  confidenceText,
  describeComparison,
  describeUnadjusted,
  describeUnits,
  isWithheld,
  listedWarnings,
  metricGroups,
  resultTone,
  toneOf,
  withheldReason,
} from './words.ts';

const MARKS = { good: '🟢', bad: '🔴', warn: '🟡', quiet: '⚪' } as const;

/**
 * Renders a result as Markdown for a comment on a pull request: the verdict, the split, the metrics, and
 * what was left out. All names and texts are escaped.
 */
export function resultMarkdown(result: Result): string {
  const { experiment, summary, split, units, data, look } = result;
  const warnings = listedWarnings(result);
  const reason = withheldReason(result);
  const parts = [
    `### ${MARKS[resultTone(result)]} ${markdownText(experiment)}`,
    `**${markdownText(summary)}**${reason === '' ? '' : ` ${reason}`}`,
    `${splitMark(split.status)}${markdownText(sentence(split.text))} ${markdownText(describeUnits(units))}.`,
  ];
  if (!isWithheld(result)) {
    parts.push(metricTable(result));
    for (const metric of result.metrics) {
      const plain = describeUnadjusted(metric);
      if (plain !== '') parts.push(markdownText(`${metric.name} without CUPED: ${plain}`));
    }
    parts.push(`${markdownText(describeComparison(result))}. ${markdownText(look.text)}`);
  }
  if (warnings.length > 0) {
    parts.push(warnings.map(({ text }) => `- ⚠️ ${markdownText(text)}`).join('\n'));
  }
  if (data.length > 0) {
    const notes = data.map(({ text }) => `- ${markdownText(text)}`).join('\n');
    parts.push(`<details><summary>Data</summary>\n\n${notes}\n\n</details>`);
  }
  return `${parts.join('\n\n')}\n`;
}

/** Ends a text with a full stop. */
function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function splitMark(status: Result['split']['status']): string {
  if (status === 'right') return '✅ ';
  return status === 'off' ? '🔴 ' : '';
}

function metricTable({ metrics, control, variants, look }: Result): string {
  const treatments = variants.filter((name) => name !== control);
  const isOne = treatments.length === 1;
  const head = [
    'Metric',
    markdownText(control),
    markdownText(isOne ? (treatments[0] ?? '') : 'treatment'),
    'difference',
    `${confidenceText(look)} interval`,
    'verdict',
  ];
  const rows = metricGroups(metrics).flatMap(({ title, metrics: group }) => [
    [`_${markdownText(title)}_`, '', '', '', '', ''],
    ...group.flatMap((metric) =>
      metric.comparisons.map((comparison) => row(metric, comparison, control, isOne)),
    ),
  ]);
  return markdownTable(head, rows);
}

function row(
  metric: MetricResult,
  comparison: Comparison,
  control: string,
  isOne: boolean,
): string[] {
  const { name, type, arms } = metric;
  const { variant, verdict, verdictText } = comparison;
  const valueOf = (one: string): string =>
    formatValue(type, arms.find((arm) => arm.variant === one)?.value ?? null);
  const tone = toneOf(verdict);
  return [
    markdownText(isOne ? name : `${name}, ${variant}`),
    valueOf(control),
    valueOf(variant),
    ...shownDifference(type, comparison),
    `${tone === 'quiet' ? '' : `${MARKS[tone]} `}${markdownText(verdictText)}`,
  ];
}
