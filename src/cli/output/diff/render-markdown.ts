import { printable } from '../printable.ts';
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
import type { DiffView } from './render-diff.ts';

/** Characters with a meaning in Markdown or HTML. */
const MARKS = /[\\`*_[\]<>|]/g;

/** Renders a diff as Markdown for a comment on a pull request. */
export function renderMarkdown(diff: SpecificationDiff, view: DiffView): string {
  const parts = ['## Experiments: who moves'];
  const { changed, timeLine = [] } = diff;
  for (const one of [...changed, ...timeLine]) parts.push(...experimentParts(one, view));
  for (const { name, message, harmful } of diff.namespaces) {
    parts.push(`${harmful ? '🔴 ' : ''}**namespace ${text(name)}**: ${code(message)}`);
  }
  for (const { name, message } of diff.holdouts ?? []) {
    parts.push(`**holdout ${text(name)}**: ${code(message)}`);
  }
  parts.push(...(diff.analyses ?? []).map(text));
  parts.push(...describeRest(diff).map(text));
  if (diff.counted !== undefined) {
    const { units, brokenLineCount, partial } = diff.counted;
    const broken =
      brokenLineCount > 0 ? `, ${formatPlural(brokenLineCount, 'broken line')} skipped` : '';
    parts.push(`${formatPlural(units, 'context')} read${broken}${partial ? ' (partial)' : ''}`);
  }
  return `${parts.join('\n\n')}\n`;
}

function experimentParts(one: ExperimentDiff, view: DiffView): string[] {
  const { changes, comparison, contexts, harmful, suggestion } = one;
  const parts = [`### ${harmful ? '🔴' : '🟢'} ${text(describeVerdict(one))}`];
  parts.push(changes.map((change) => `- ${code(change)}`).join('\n'));
  const notes = [describeMethod(comparison, view.units), describeSticky(comparison)];
  for (const note of notes) if (note !== '') parts.push(text(note));
  if (contexts !== undefined) {
    parts.push(
      `${text(describeContexts(contexts))}: ${text(describeMovement(contexts, comparison.sticky))}`,
    );
    parts.push(matrix(contexts, comparison, view.parked));
  }
  for (const movement of comparison.movements) {
    const described = text(describeMovement(movement, comparison.sticky));
    parts.push(`${describeWay(comparison, movement, code)}: ${described}`);
    const shows = movement.harmful > 0 || movement.parked > 0 || comparison.sticky;
    if (shows) parts.push(matrix(movement, comparison, view.parked));
  }
  if (suggestion === undefined) return harmful ? [...parts, describeNoSuggestion(one)] : parts;
  const lines = suggestionLines(suggestion).join('\n');
  return [
    ...parts,
    describeSuggestion(one),
    `\`\`\`\`text\n${lines}\n\`\`\`\``,
    text(describeOutcome(suggestion)),
  ];
}

function matrix(
  { rows, columns, shares }: Movement,
  comparison: Comparison,
  parked: ReadonlySet<string>,
): string {
  const lines = [
    ['from \\ to', ...columns.map(text)],
    ['---', ...columns.map(() => '---:')],
    ...rows.map((from, i) => [
      text(from),
      ...columns.map((to, j) => {
        const share = shares[i]?.[j] ?? 0;
        if (share === 0) return '';
        const isHarmful = isHarmfulMove(comparison, from, to, parked);
        return isHarmful ? `🔴 **${formatPercent(share)}**` : formatPercent(share);
      }),
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Escapes a text that could look like Markdown. */
function text(value: string): string {
  return printable(value).replaceAll(MARKS, (mark) => `\\${mark}`);
}

/** Renders a user's text as code, so that nothing in it becomes a link, a mention or a picture. */
function code(value: string): string {
  const line = printable(value);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  // Spaces separate the text's own backticks from the fence; Markdown does not show them.
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}
