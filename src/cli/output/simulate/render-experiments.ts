import type { Colour } from '../colour.ts';
import { jsonString } from '../json.ts';
import { printable } from '../printable.ts';
import { type Cell, renderTable } from '../table.ts';
import { formatCount, formatPlural } from '../../../ui/figures.ts';
import { formatBar, formatShare, formatTest } from './format.ts';
import {
  type AudienceSummary,
  type ExperimentSummary,
  isSplit,
  onlyVariant,
} from '../../../workbench/simulate/summary/summarize-experiment.ts';
import { identityLabel } from '../../../specification/identity-paths.ts';

/** The most causes of failed decisions that are listed. */
const MAX_CAUSES = 3;

/**
 * Renders the shares of all experiments as tables for a terminal.
 *
 * @param kind a word in front of each name
 */
export function renderExperiments(
  experiments: readonly ExperimentSummary[],
  colour: Colour,
  kind = '',
): string {
  return experiments.map((experiment) => renderExperiment(experiment, colour, kind)).join('\n');
}

function renderExperiment(experiment: ExperimentSummary, colour: Colour, kind: string): string {
  const { name, audiences } = experiment;
  let text = `${colour.bold(kind + name)}${colour.dim(methodOf(experiment))}\n`;
  // Tables of empty audiences would be a page of zeros.
  for (const audience of audiences.filter(({ units }) => units > 0)) {
    text += renderAudience(audience, audiences.length > 1, colour);
  }
  const empty = audiences.filter(({ units }) => units === 0);
  if (empty.length > 0) {
    const list = empty.map(({ audience }) => audience + 1).join(', ');
    text += `  no units in ${empty.length === 1 ? 'audience' : 'audiences'} ${list}\n`;
  }
  for (const { holdout, variant, count, share } of experiment.heldOut ?? []) {
    text += `  held out by ${holdout}: ${formatPlural(count, 'unit')} (${formatShare(share)}) get ${variant} instead\n`;
  }
  return text + renderFailures(experiment, colour);
}

/** Returns the method that decides, for the line with the name; empty if no bucket decides. */
function methodOf(experiment: ExperimentSummary): string {
  if (!isSplit(experiment)) return '';
  const { identity, seed } = experiment;
  return identity === 'random'
    ? '  drawn at random'
    : `  by ${identityLabel(identity)}, seed ${jsonString(seed)}`;
}

function renderAudience(audience: AudienceSummary, named: boolean, colour: Colour): string {
  const only = onlyVariant(audience);
  if (only !== undefined) {
    const title = named ? titleOf(audience) : `everyone (${formatPlural(audience.units, 'unit')})`;
    return `  ${title}: ${only}\n`;
  }
  const rows = audience.variants.map(({ variant, percent, count, share }): Cell[] => [
    `  ${variant}`,
    `${percent}%`,
    formatCount(count),
    formatShare(share),
    formatBar(share),
  ]);
  const table = renderTable(rows, {
    head: ['  variant', 'allocated', 'units', 'share', ''],
    align: ['left', 'right', 'right', 'right', 'left'],
    colour,
  });
  const title = named ? `  ${titleOf(audience)}\n` : '';
  return `${title}${table}  ${verdictOf(audience, colour)}\n`;
}

function titleOf({ audience, rule, units }: AudienceSummary): string {
  const who = rule === undefined ? 'everyone else' : printable(rule);
  return `audience ${audience + 1}: ${who} (${formatPlural(units, 'unit')})`;
}

function verdictOf({ verdict, test }: AudienceSummary, colour: Colour): string {
  if (test === undefined) return colour.dim('too few units to test');
  const figures = `chi-square ${test.statistic.toFixed(2)}, ${formatTest(test)}`;
  return verdict === 'unfair'
    ? colour.red(`not as allocated (${figures})`)
    : `${colour.green('as allocated')} (${figures})`;
}

function renderFailures({ failed, failures }: ExperimentSummary, colour: Colour): string {
  if (failed === 0) return '';
  let text = `  ${colour.yellow(`decisions failed for ${formatPlural(failed, 'unit')}`)}\n`;
  for (const { audience, message, count, unit } of failures.slice(0, MAX_CAUSES)) {
    const indented = message.split('\n').map(printable).join('\n      ');
    text += `    audience ${audience + 1}, ${formatPlural(count, 'unit')}, first unit ${unit}:\n      ${indented}\n`;
  }
  const more = failures.length - MAX_CAUSES;
  return more > 0 ? `${text}    and ${formatPlural(more, 'other cause')}\n` : text;
}
