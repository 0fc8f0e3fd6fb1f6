import type { ExperimentPlan, LookMethod } from '../../../analysis/power/experiment-plan.ts';
import { chanceText, countText, percentText, countOf, valueText } from '../../../ui/words.ts';
import type { Colour } from '../colour.ts';
import { printable } from '../printable.ts';
import { renderTable } from '../table.ts';

const LOOKS: Readonly<Record<LookMethod, string>> = {
  fixed: 'once, at the end',
  hybrid: 'every day, with a planned end',
  sequential: 'every day, without an end',
};

/** The weeks that are listed. */
const MAX_WEEKS = 8;

const NONE = '–';

/** Renders a plan as text; the first line is its sentence. */
export function planText(plan: ExperimentPlan, colour: Colour): string {
  const { summary, notes } = plan;
  const remarks = notes.map(({ text }) => `- ${printable(text)}`);
  const parts = [
    `${colour.bold(printable(summary))}\n`,
    `${facts(plan).map(printable).join('\n')}\n`,
    looks(plan, colour),
    weeks(plan, colour),
    remarks.length === 0 ? '' : `${remarks.join('\n')}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function facts({ experiment, metric, baseline, test, control, shares }: ExperimentPlan): string[] {
  const isShare = metric.type === 'proportion' || metric.type === 'retention';
  const value = valueText(baseline.value, isShare);
  const deviation = isShare ? '' : `, standard deviation ${valueText(baseline.deviation, false)}`;
  // A metric that is not declared has no name of its own, and a declared name has no spaces.
  const name = metric.name.includes(' ') ? metric.name : `${metric.name}, ${metric.type}`;
  const { measured } = baseline;
  const from =
    measured === null
      ? ''
      : ` (measured: ${countOf(measured.units, 'unit')} of ${countOf(measured.days, 'day')} until ${measured.until.slice(0, 10)})`;
  const arms = Object.entries(shares).map(
    ([variant, share]) =>
      `${variant} ${percentText(share)}${variant === control ? ' (control)' : ''}`,
  );
  return [
    `experiment  ${experiment}: ${arms.join(', ')}`,
    `metric      ${name}: ${value}${deviation}${from}`,
    `test        ${percentText(test.confidence)} confidence, ${LOOKS[test.method]}${test.alternative === 'two-sided' ? '' : `, one-sided with a margin of ${percentText(metric.margin ?? 0)}`}`,
  ];
}

function looks({ methods, metric, test }: ExperimentPlan, colour: Colour): string {
  const rows = methods.map(({ method, unitsNeeded, detectableLift, power }) => [
    `${method === test.method ? '> ' : '  '}${LOOKS[method]}`,
    unitsNeeded === null ? NONE : countText(unitsNeeded),
    detectableLift === null ? NONE : percentText(detectableLift),
    power === null ? NONE : chanceText(power),
  ]);
  return renderTable(rows, {
    head: [
      '  results are read',
      'units needed',
      metric.margin === null ? 'lift detected' : 'harm excluded',
      'power',
    ],
    align: ['left', 'right', 'right', 'right'],
    colour,
  });
}

function weeks({ curves, metric }: ExperimentPlan, colour: Colour): string {
  if (curves.weeks.length === 0) return '';
  const rows = curves.weeks
    .slice(0, MAX_WEEKS)
    .map((week) => [
      `  ${week.weeks}`,
      countText(week.units),
      week.lift === null ? NONE : percentText(week.lift),
    ]);
  return renderTable(rows, {
    head: ['  weeks', 'units', metric.margin === null ? 'lift detected' : 'harm excluded'],
    align: ['left', 'right', 'right'],
    colour,
  });
}
