import type { CountedShare, Method } from '../../trials/tally.ts';
import type { ComparisonReport, TrialReport } from '../../trials/trial-report.ts';
import type { Colour } from '../output/colour.ts';
import { formatCount, formatPlural } from '../../ui/figures.ts';
import { type Cell, renderTable } from '../output/table.ts';

/** The methods in words. */
const METHOD_TEXTS: Readonly<Record<Method, string>> = {
  fixed: 't test at 5%',
  hybrid: 'Evenhand, planned end',
  sequence: 'Evenhand, no planned end',
};

/** Renders the results of simulated experiments as tables for a terminal. */
export function renderTrials(report: TrialReport, colour: Colour): string {
  const { experiment, runs, units, looks, splitAlarms, partial } = report;
  const looked = looks === 1 ? 'looked at once' : `looked at on ${looks} days`;
  let text = `${colour.bold(experiment)}: ${formatPlural(runs, 'simulated experiment')} of ${formatPlural(units, 'unit')}, ${looked}\n`;
  if (partial) {
    text += `${colour.yellow('partial')}: stopped after ${formatCount(runs)} of ${formatCount(report.plannedRuns)}\n`;
  }
  text += `the split looked off in ${countText(splitAlarms)}; 0.1% are expected\n`;
  for (const comparison of report.comparisons) {
    text += `\n${renderComparison(comparison, report, colour)}`;
  }
  return text;
}

function renderComparison(
  comparison: ComparisonReport,
  { control, looks }: TrialReport,
  colour: Colour,
): string {
  const { metric, variant, planted, estimate, varianceReduction, methods } = comparison;
  let text = `${colour.bold(metric)}, ${variant} against ${control}: planted ${signed(planted)}`;
  if (estimate !== null) {
    const { mean, low, high } = estimate;
    text += `, estimated ${signed(mean)} on average (${signed(low)} to ${signed(high)})`;
  }
  text += '\n';
  if (varianceReduction !== null) {
    text += `CUPED removes ${percent(varianceReduction)} of the variance on average\n`;
  }
  const isNull = planted === 0;
  const several = looks > 1;
  const columns: readonly (readonly [string, (row: (typeof methods)[number]) => string])[] = [
    [isNull ? 'false alarms' : 'found', ({ decided }) => shareText(decided)],
    ...(several ? [['at end', shareOf('decidedAtEnd')] as const] : []),
    ...(isNull ? [] : [['wrong', shareOf('wrong')] as const]),
    ['interval right', shareOf('coversAtEnd')],
    ...(several ? [['at all looks', shareOf('coversAlways')] as const] : []),
    ['width', ({ width }) => (width === null ? '' : percent(width))],
  ];
  return (
    text +
    renderTable(
      methods.map((row): Cell[] => [
        `  ${METHOD_TEXTS[row.method]}`,
        ...columns.map(([, cell]) => cell(row)),
      ]),
      {
        head: ['', ...columns.map(([head]) => head)],
        align: ['left', ...columns.map(() => 'right' as const)],
        colour,
      },
    )
  );
}

type ShareField = 'decided' | 'decidedAtEnd' | 'wrong' | 'coversAtEnd' | 'coversAlways';

function shareOf(field: ShareField) {
  return (row: Readonly<Record<ShareField, CountedShare>>): string => shareText(row[field]);
}

/** Formats a share with its 95% interval: `4.5% (2–8%)`. */
function shareText({ share, low, high }: CountedShare): string {
  return `${percent(share)} (${Math.round(low * 100)}–${Math.round(high * 100)}%)`;
}

function countText({ count, of }: CountedShare): string {
  return `${formatCount(count)} of ${formatCount(of)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
}
