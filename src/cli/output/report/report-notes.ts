import { note } from '../../../ui/blocks.ts';
import { formatPlural } from '../../../ui/figures.ts';
import { html, type Html } from '../../../ui/html.ts';
import type { Job } from '../../../workbench/simulate/job.ts';
import type { PairSummary } from '../../../workbench/simulate/summary/summarize-pair.ts';
import type { Summary } from '../../../workbench/simulate/summary/summary.ts';
import { describeDependence } from '../simulate/describe-dependence.ts';
import type { ReportExperiment } from './report-experiment.ts';

/** The most dependent pairs with a note of their own. */
const MAX_PAIRS = 5;

/** Renders what a reader must know first, alarms before all others; or that there is no problem. */
export function reportNotes(
  summary: Summary,
  units: Job['units'],
  experiments: readonly ReportExperiment[],
): readonly Html[] {
  const alarms = [...interruption(summary), ...dependence(summary), ...splits(experiments)];
  const broken = brokenLines(summary);
  const found = [...alarms, ...broken];
  return [
    ...(found.length === 0 ? [noProblem(summary, experiments)] : found),
    ...hint(summary, units),
  ];
}

function interruption({ partial }: Summary): Html[] {
  return partial ? [note('bad', 'Partial.', 'The simulation was interrupted.')] : [];
}

function dependence({ pairs }: Summary): Html[] {
  const dependent = pairs.filter(({ verdict }) => verdict === 'dependent');
  const more = dependent.length - MAX_PAIRS;
  const rest =
    more > 0
      ? [note('bad', `${formatPlural(more, 'more dependent pair')}.`, 'See the matrix.')]
      : [];
  return [...dependent.slice(0, MAX_PAIRS).map(pairNote), ...rest];
}

function pairNote(pair: PairSummary): Html {
  return note(
    'bad',
    `${pair.a} and ${pair.b} depend on each other.`,
    describeDependence(pair, 'They'),
  );
}

function splits(experiments: readonly ReportExperiment[]): Html[] {
  return experiments
    .filter(isOff)
    .map(({ summary: { name }, id }) =>
      note(
        'bad',
        `The split of ${name} is off.`,
        html`The shares of its variants differ from the allocation more than chance explains.
          <a href="#${id}">See the figures</a>`,
      ),
    );
}

function isOff({ summary }: ReportExperiment): boolean {
  return summary.audiences.some(({ verdict }) => verdict === 'unfair');
}

function brokenLines({ brokenLines: lines, brokenLineCount }: Summary): Html[] {
  if (brokenLineCount === 0) return [];
  const items = lines.map(({ line, message }) => html`<li>line ${line}: ${message}</li> `);
  const more = brokenLineCount - lines.length;
  return [
    note(
      'bad',
      `${formatPlural(brokenLineCount, 'broken line')} skipped.`,
      html`<ul class="small">
        ${items}${more > 0 ? html`<li>and ${formatPlural(more, 'more line')}</li>` : ''}
      </ul>`,
    ),
  ];
}

function noProblem({ pairs }: Summary, experiments: readonly ReportExperiment[]): Html {
  const tested = experiments.filter(({ summary }) =>
    summary.audiences.some(({ verdict }) => verdict === 'fair'),
  ).length;
  const compared = pairs.filter(({ verdict }) => verdict === 'independent').length;
  if (tested === 0 && compared === 0) {
    return note('quiet', 'Nothing to test.', 'No audience is split, or there are too few units.');
  }
  const shares = `${formatPlural(tested, 'split looks', 'splits look')} right`;
  const between =
    compared === 0 ? '.' : `, and no dependence was found in ${formatPlural(compared, 'pair')}.`;
  return note('good', 'No problem found.', `${shares}${between}`);
}

function hint({ experiments }: Summary, units: Job['units']): Html[] {
  if (units.kind !== 'generated' || experiments.every(({ failed }) => failed === 0)) return [];
  return [
    note(
      'warn',
      'Some decisions failed.',
      html`Generated units only have identities. If rules need more, use <code>--context</code> or
        <code>--contexts</code>.`,
    ),
  ];
}
