import { identityPaths } from '../../../specification/identity-paths.ts';
import { jsonString } from '../json.ts';
import { formatCount, formatPlural } from '../../../ui/figures.ts';
import type { AudienceMovement, Comparison } from '../../../workbench/diff/compare-experiment.ts';
import type { ContextMovement } from '../../../workbench/diff/count-moves.ts';
import type {
  ExperimentDiff,
  SpecificationDiff,
} from '../../../workbench/diff/diff-specifications.ts';
import { formatPercent } from '../../../workbench/diff/format-percent.ts';
import type { Movement } from '../../../workbench/diff/movement.ts';
import { isDeclared } from '../../../workbench/diff/sticky-moves.ts';
import { kindOfMove } from '../../../changes/parked.ts';
import type { Suggestion } from '../../../workbench/diff/suggest-allocations.ts';

/**
 * Describes a movement in a few words, for the terminal and for Markdown.
 *
 * @param sticky true if participants keep the variants they have
 */
export function describeMovement({ harmful, parked }: Movement, sticky: boolean): string {
  const parts: string[] = [];
  if (harmful > 0) parts.push(`${formatPercent(harmful)} move between shown variants`);
  if (parked > 0) parts.push(`${formatPercent(parked)} move to or from parked variants`);
  if (parts.length > 0) return parts.join(', ');
  return sticky ? 'no one whose variant is kept moves' : 'no one moves';
}

/**
 * Describes the participants that a movement is about.
 *
 * @param show makes a rule safe for the output format
 */
export function describeWay(
  comparison: Comparison,
  { from, to }: AudienceMovement,
  show: (rule: string) => string,
): string {
  const { before, after, sameRules, identityMove } = comparison;
  const who = identityMove && ` with ${identityMove.from} and ${identityMove.to}`;
  const name = (index: number, rule: string | undefined): string =>
    `audience ${index + 1} (${rule === undefined ? 'everyone else' : show(rule)})`;
  const source = name(from, before.spec.audiences[from]?.rule);
  const target = name(to, after.spec.audiences[to]?.rule);
  if (!sameRules) return `possible transition from ${source} to ${target}${who ?? ''}`;
  return `${after.spec.audiences.length === 1 ? 'everyone' : target}${who ?? ''}`;
}

/** Describes how the shares of a comparison were computed; empty if they are exact. */
export function describeMethod({ exact }: Comparison, units: number): string {
  return exact ? '' : `estimated from ${formatCount(units)} units with generated identities`;
}

/** Describes who keeps a variant through the change; empty if the experiment is not sticky. */
export function describeSticky({ sticky }: Comparison): string {
  return sticky
    ? 'sticky: participants keep their variants; the shares are about new participants, and people whose ' +
        'variant was not kept'
    : '';
}

/** Returns true if people who go from one variant to another notice it. */
export function isHarmfulMove(
  { sticky, after }: Comparison,
  from: string,
  to: string,
  parked: ReadonlySet<string>,
): boolean {
  const stay = sticky && isDeclared(after.spec, from);
  return !stay && kindOfMove(from, to, parked) === 'harmful';
}

/** Describes the real contexts that were counted. */
export function describeContexts({ units, failed }: ContextMovement): string {
  const undecided = failed === 0 ? '' : `, decisions failed for ${formatCount(failed)} more`;
  return `${formatPlural(units, 'context')}${undecided}`;
}

/** Returns the line above a suggestion. */
export function describeSuggestion({ harmful }: ExperimentDiff): string {
  return harmful ? 'Use this instead:' : 'Fewer people would move with:';
}

/** Returns the lines of JSON to change, in order. */
export function suggestionLines({ identity, seed, buckets, audiences }: Suggestion): string[] {
  const lines: string[] = [];
  if (identity !== undefined) {
    const paths = identityPaths(identity).map(jsonString);
    lines.push(
      `"identity": ${typeof identity === 'string' ? paths.join() : `[${paths.join(', ')}]`}`,
    );
  }
  if (seed !== undefined) lines.push(`"seed": ${jsonString(seed)}`);
  if (buckets !== undefined) lines.push(`"buckets": ${buckets}`);
  for (const { audience, allocations } of audiences) {
    lines.push(`audience ${audience + 1}:`, '"allocations": [');
    for (const [i, { variant, percent }] of allocations.entries()) {
      const comma = i < allocations.length - 1 ? ',' : '';
      lines.push(`  { "variant": ${jsonString(variant)}, "percent": ${percent} }${comma}`);
    }
    lines.push(']');
  }
  return lines;
}

/** Describes the effect of a suggestion, which was compared in the same way as the change. */
export function describeOutcome({ comparison: { worst, movements } }: Suggestion): string {
  const parked = Math.max(0, ...movements.map((movement) => movement.parked));
  const others =
    parked > 0 ? `; up to ${formatPercent(parked)} move to or from parked variants` : '';
  const harmed =
    worst === 0
      ? 'no one moves between shown variants'
      : `fewer people, but still up to ${formatPercent(worst)}, move between shown variants`;
  return `Checked: ${harmed}${others}.`;
}

/** The advice if no better way is known. */
const NO_SUGGESTION =
  'This change always moves people between shown variants. To avoid that, take the buckets from a parked ' +
  'variant, or start a new experiment with its own name and seed.';

/** The advice about a change of holdouts. */
const HOLDOUT_ADVICE =
  'A holdout that grows, shrinks or ends moves people between variants. To avoid that, choose its percent ' +
  'before its experiments start, and end it together with them.';

/** Returns the advice if there is no better way. */
export function describeNoSuggestion({ onlyHoldouts, moment }: ExperimentDiff): string {
  if (moment?.kind === 'late') return `To avoid that, deploy the new file before ${moment.at}.`;
  return onlyHoldouts === true ? HOLDOUT_ADVICE : NO_SUGGESTION;
}

/** Returns the first line of an experiment. */
export function describeVerdict(one: ExperimentDiff): string {
  return `${describeMove(one)}${describeMoment(one)}`;
}

function describeMoment({ moment }: ExperimentDiff): string {
  if (moment === undefined) return '';
  return moment.kind === 'step'
    ? ` at the step of ${moment.at}`
    : ` if the new file is deployed after ${moment.at}`;
}

function describeMove({ name, harmful, comparison, contexts }: ExperimentDiff): string {
  const share = Math.max(contexts?.harmful ?? 0, contexts === undefined ? comparison.worst : 0);
  if (!harmful) {
    const who = comparison.sticky ? 'no one whose variant is kept' : 'no one';
    return `${name}: ${who} moves between shown variants`;
  }
  const most = share === 0 ? comparison.worst : share;
  const isPartial = comparison.movements.length > 1 || comparison.identityMove !== undefined;
  const upTo = contexts === undefined && isPartial ? 'up to ' : '';
  return `${name}: ${upTo}${formatPercent(most)} move between shown variants`;
}

/** Lists what is in one file only, and counts what is the same in both. */
export function describeRest(diff: SpecificationDiff): string[] {
  const { added, removed, unchanged, changed, namespaces, unchangedNamespaces } = diff;
  const { holdouts = [], analyses = [] } = diff;
  const lines: string[] = [];
  if (added.length > 0) lines.push(`added: ${added.join(', ')}`);
  if (removed.length > 0) lines.push(`removed: ${removed.join(', ')}`);
  if (unchanged > 0) lines.push(`${formatPlural(unchanged, 'experiment')} unchanged`);
  if (unchangedNamespaces > 0) {
    lines.push(`${formatPlural(unchangedNamespaces, 'namespace')} unchanged`);
  }
  if (lines.length + changed.length + namespaces.length + holdouts.length + analyses.length === 0)
    lines.push('no experiments');
  return lines;
}
