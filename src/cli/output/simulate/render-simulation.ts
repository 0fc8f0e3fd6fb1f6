import type { Colour } from '../colour.ts';
import { formatInstant } from '../../../specification/instant.ts';
import { printable } from '../printable.ts';
import { type Cell, renderTable } from '../table.ts';
import { FAILED } from '../../../workbench/simulate/plan/assigner.ts';
import { formatCount, formatPlural } from '../../../ui/figures.ts';
import type { Job } from '../../../workbench/simulate/job.ts';
import type { Plan } from '../../../workbench/simulate/plan/plan.ts';
import { renderExperiments } from './render-experiments.ts';
import { renderPairs } from './render-pairs.ts';
import type { Summary } from '../../../workbench/simulate/summary/summary.ts';

/** Renders a simulation for a terminal. */
export function renderSimulation(
  summary: Summary,
  plan: Plan,
  { units, preview, now }: Job,
  colour: Colour,
): string {
  const parts = [
    headline(summary, units, colour) + describeInstant(plan, now),
    preview > 0 ? renderPreview(summary, plan, units.kind, colour) : '',
    renderExperiments(summary.experiments, colour),
    renderExperiments(summary.holdouts ?? [], colour, 'holdout '),
    renderPairs(summary.pairs, summary.pairsLeftOut, colour),
    renderBroken(summary, colour),
    units.kind === 'generated' ? renderHint(summary, colour) : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** Describes the simulated units in one line; an interrupted simulation also shows the goal. */
export function describeUnits({ units, partial }: Summary, source: Job['units']): string {
  const of = source.kind === 'generated' && partial ? ` of ${formatCount(source.count)}` : '';
  const from =
    source.kind === 'generated' ? 'with generated identities' : `from ${printable(source.shown)}`;
  return `${formatCount(units)}${of} ${units === 1 && of === '' ? 'unit' : 'units'} ${from}`;
}

function headline(summary: Summary, source: Job['units'], colour: Colour): string {
  const partial = summary.partial ? colour.yellow('PARTIAL: interrupted. ') : '';
  return `${partial}${describeUnits(summary, source)}\n`;
}

/** Names the instant whose audiences decided, if it matters. */
function describeInstant({ assigners }: Plan, now: number): string {
  const matters = assigners.some(({ experiment }) => experiment.spec.schedule !== undefined);
  return matters ? `audiences in force at ${formatInstant(now)}\n` : '';
}

function renderPreview(
  { preview }: Summary,
  { assigners }: Plan,
  kind: Job['units']['kind'],
  colour: Colour,
): string {
  // Lines are counted from 1, as in editors.
  const first = kind === 'file' ? 1 : 0;
  const rows = preview.map(({ unit, cells }): Cell[] => [
    unit + first,
    ...assigners.map(({ cells: known }, i) => {
      const cell = cells[i] ?? FAILED;
      return known[cell]?.variant ?? { text: 'failed', paint: colour.yellow };
    }),
  ]);
  return renderTable(rows, {
    head: [
      kind === 'file' ? 'line' : 'unit',
      ...assigners.map(({ experiment }) => experiment.name),
    ],
    align: ['right'],
    colour,
  });
}

function renderBroken({ brokenLines, brokenLineCount }: Summary, colour: Colour): string {
  if (brokenLineCount === 0) return '';
  const lines = brokenLines.map(({ line, message }) => `  line ${line}: ${printable(message)}\n`);
  const more = brokenLineCount - brokenLines.length;
  const rest = more > 0 ? `  and ${formatPlural(more, 'more line')}\n` : '';
  const title = `${formatPlural(brokenLineCount, 'broken line')} skipped:`;
  return `${colour.red(title)}\n${lines.join('')}${rest}`;
}

function renderHint({ experiments }: Summary, colour: Colour): string {
  if (experiments.every(({ failed }) => failed === 0)) return '';
  return colour.yellow(
    `Generated units only have identities. If rules need more, add values that all units share with\n` +
      `--context '{"country": "DE"}', or use real contexts with --contexts sample.ndjson.\n`,
  );
}
