import { formatCount, formatPlural } from '../simulate/format.ts';
import type { AudienceMovement, Comparison } from '../../../workbench/diff/compare-experiment.ts';
import type { ContextMovement } from '../../../workbench/diff/count-moves.ts';
import type {
  ExperimentDiff,
  SpecificationDiff,
} from '../../../workbench/diff/diff-specifications.ts';
import { formatPercent } from '../../../workbench/diff/format-percent.ts';
import type { Movement } from '../../../workbench/diff/movement.ts';
import type { Suggestion } from '../../../workbench/diff/suggest-allocations.ts';

/** What the movement comes to, in a sentence: for terminal and page. */
export function describeMovement({ harmful, parked }: Movement): string {
  const parts: string[] = [];
  if (harmful > 0) parts.push(`${formatPercent(harmful)} move from one shown variant to another`);
  if (parked > 0) parts.push(`${formatPercent(parked)} move from or to parked variants`);
  return parts.length === 0 ? 'nobody moves' : parts.join(', ');
}

/**
 * Who a movement is about.
 *
 * @param show makes a rule safe for where it is shown
 */
export function describeWay(
  comparison: Comparison,
  { from, to }: AudienceMovement,
  show: (rule: string) => string,
): string {
  const { before, after, sameRules } = comparison;
  const name = (index: number, rule: string | undefined): string =>
    `audience ${index + 1}, ${rule === undefined ? 'whoever is left' : show(rule)}`;
  const source = name(from, before.spec.audiences[from]?.rule);
  const target = name(to, after.spec.audiences[to]?.rule);
  if (sameRules) return after.spec.audiences.length === 1 ? 'everybody' : target;
  return `who may go from ${source} to ${target}`;
}

/** How the shares of a comparison were found. */
export function describeMethod({ exact }: Comparison, units: number): string {
  return exact ? '' : `counted on ${formatCount(units)} units with made-up identities`;
}

/** Where the shares of real contexts come from. */
export function describeContexts({ units, failed }: ContextMovement): string {
  const undecided = failed === 0 ? '' : `, ${formatCount(failed)} more could not be decided`;
  return `${formatPlural(units, 'context')}${undecided}`;
}

/** What stands above a suggestion. */
export function describeSuggestion({ harmful }: ExperimentDiff): string {
  return harmful ? 'Instead:' : 'Fewer would move with:';
}

/** The lines of JSON that a suggestion is about, in the order in which to change them. */
export function suggestionLines({ identity, seed, audiences }: Suggestion): string[] {
  const lines: string[] = [];
  if (identity !== undefined) lines.push(`"identity": ${JSON.stringify(identity)}`);
  if (seed !== undefined) lines.push(`"seed": ${JSON.stringify(seed)}`);
  for (const { audience, allocations } of audiences) {
    lines.push(`audience ${audience + 1}:`, '"allocations": [');
    for (const [i, { variant, percent }] of allocations.entries()) {
      const comma = i < allocations.length - 1 ? ',' : '';
      lines.push(`  { "variant": ${JSON.stringify(variant)}, "percent": ${percent} }${comma}`);
    }
    lines.push(']');
  }
  return lines;
}

/** What comes of a suggestion, which has been compared like the change itself. */
export function describeOutcome({ comparison: { worst, movements } }: Suggestion): string {
  const parked = Math.max(0, ...movements.map((movement) => movement.parked));
  const others = parked > 0 ? `; up to ${formatPercent(parked)} move from or to parked ones` : '';
  const harmed =
    worst === 0
      ? 'nobody moves from one shown variant to another'
      : `less harm, but still up to ${formatPercent(worst)} move from one shown variant to another`;
  return `Checked: ${harmed}${others}.`;
}

/** What to do where nothing better than the change is known. */
export const NO_SUGGESTION =
  'These percents can’t be had without moving people between shown variants. Let the growth come from ' +
  'a parked variant, or start anew: a new experiment with a name and a seed of its own.';

/** The first line of an experiment. */
export function describeVerdict({ name, harmful, comparison, contexts }: ExperimentDiff): string {
  const share = Math.max(contexts?.harmful ?? 0, contexts === undefined ? comparison.worst : 0);
  if (!harmful) return `${name}: nobody moves from one shown variant to another`;
  const most = share === 0 ? comparison.worst : share;
  const upTo = contexts === undefined && comparison.movements.length > 1 ? 'up to ' : '';
  return `${name}: ${upTo}${formatPercent(most)} move from one shown variant to another`;
}

/** What is in one file only, and what is the same in both. */
export function describeRest(diff: SpecificationDiff): string[] {
  const { added, removed, unchanged, changed, namespaces, unchangedNamespaces } = diff;
  const lines: string[] = [];
  if (added.length > 0) lines.push(`new: ${added.join(', ')}`);
  if (removed.length > 0) lines.push(`gone: ${removed.join(', ')}`);
  if (unchanged > 0) lines.push(`${formatPlural(unchanged, 'experiment')} unchanged`);
  if (unchangedNamespaces > 0) {
    lines.push(`${formatPlural(unchangedNamespaces, 'namespace')} unchanged`);
  }
  if (lines.length + changed.length + namespaces.length === 0) lines.push('no experiments');
  return lines;
}
