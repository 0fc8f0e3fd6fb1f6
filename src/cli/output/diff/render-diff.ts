import type { Colour } from '../colour.ts';
import { printable } from '../printable.ts';
import { type Cell, renderTable } from '../table.ts';
import { formatPlural } from '../../../ui/figures.ts';
import {
  describeContexts,
  describeMethod,
  describeMovement,
  describeSticky,
  isHarmfulMove,
  describeOutcome,
  describeRest,
  describeSuggestion,
  describeVerdict,
  describeWay,
  describeNoSuggestion,
  suggestionLines,
} from './describe-diff.ts';
import type {
  ExperimentDiff,
  SpecificationDiff,
} from '../../../workbench/diff/diff-specifications.ts';
import { formatPercent } from '../../../workbench/diff/format-percent.ts';
import type { Movement } from '../../../workbench/diff/movement.ts';
import type { Comparison } from '../../../workbench/diff/compare-experiment.ts';

/** The settings that a diff was made with, for its texts. */
export interface DiffView {
  /** The number of generated units, if any were needed. */
  readonly units: number;
  readonly parked: ReadonlySet<string>;
}

/** Renders a diff for a terminal. */
export function renderDiff(diff: SpecificationDiff, view: DiffView, colour: Colour): string {
  const { changed, timeLine = [] } = diff;
  const parts = [...changed, ...timeLine].map((one) => renderExperiment(one, view, colour));
  for (const { name, message, harmful } of diff.namespaces) {
    const text = printable(`namespace ${name}: ${message}`);
    parts.push(`${harmful ? colour.red(text) : text}\n`);
  }
  for (const { name, message } of diff.holdouts ?? []) parts.push(`holdout ${name}: ${message}\n`);
  const analyses = (diff.analyses ?? []).map((change) => `${printable(change)}\n`);
  if (analyses.length > 0) parts.push(analyses.join(''));
  const rest = describeRest(diff);
  if (rest.length > 0) parts.push(rest.map((line) => `${line}\n`).join(''));
  const counted = renderCounted(diff, colour);
  if (counted !== '') parts.push(counted);
  return parts.join('\n');
}

function renderExperiment(one: ExperimentDiff, view: DiffView, colour: Colour): string {
  const { changes, comparison, contexts, harmful, suggestion } = one;
  const verdict = describeVerdict(one);
  let text = `${harmful ? colour.red(verdict) : colour.bold(verdict)}\n`;
  text += changes.map((change) => `  ${printable(change)}\n`).join('');
  const notes = [describeMethod(comparison, view.units), describeSticky(comparison)];
  for (const note of notes) if (note !== '') text += `  ${colour.dim(note)}\n`;
  if (contexts !== undefined) {
    text += `\n  ${describeContexts(contexts)}: ${describeMovement(contexts, comparison.sticky)}\n`;
    text += renderMatrix(contexts, comparison, view.parked, colour);
  }
  for (const movement of comparison.movements) {
    const way = describeWay(comparison, movement, printable);
    text += `\n  ${way}: ${describeMovement(movement, comparison.sticky)}\n`;
    if (moves(movement)) text += renderMatrix(movement, comparison, view.parked, colour);
  }
  if (suggestion === undefined) return harmful ? `${text}\n  ${describeNoSuggestion(one)}\n` : text;
  const lines = suggestionLines(suggestion).map((line) => `    ${colour.cyan(line)}\n`);
  return `${text}\n  ${describeSuggestion(one)}\n${lines.join('')}  ${describeOutcome(suggestion)}\n`;
}

function moves({ harmful, parked, rows, columns, shares }: Movement): boolean {
  if (harmful > 0 || parked > 0) return true;
  return shares.some((row, i) => row.some((share, j) => share > 0 && rows[i] !== columns[j]));
}

function renderMatrix(
  { rows, columns, shares }: Movement,
  comparison: Comparison,
  parked: ReadonlySet<string>,
  colour: Colour,
): string {
  const table = rows.map((from, i): Cell[] => [
    `    ${from} →`,
    ...columns.map((to, j): Cell => {
      const share = shares[i]?.[j] ?? 0;
      const text = share === 0 ? '·' : formatPercent(share);
      const isHarmful = share > 0 && isHarmfulMove(comparison, from, to, parked);
      // The mark replaces red if there are no colours.
      return isHarmful ? { text: `! ${text}`, paint: colour.red } : text;
    }),
  ]);
  const head = ['', ...columns];
  return renderTable(table, {
    head,
    align: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    colour,
  });
}

function renderCounted({ counted }: SpecificationDiff, colour: Colour): string {
  if (counted === undefined) return '';
  const { units, brokenLines, brokenLineCount, partial } = counted;
  let text = `${partial ? colour.yellow('PARTIAL: interrupted. ') : ''}${formatPlural(units, 'context')} read\n`;
  if (brokenLineCount === 0) return text;
  text += `${colour.red(`${formatPlural(brokenLineCount, 'broken line')} skipped:`)}\n`;
  for (const { line, message } of brokenLines) text += `  line ${line}: ${printable(message)}\n`;
  return text;
}
