import { identityLabel } from '../../specification/identity-paths.ts';
import type { ExperimentSpec, HoldoutSpec } from '../../specification/types.ts';
import { DEFAULT_PARKED, kindOfMove } from '../../changes/parked.ts';
import type { Colour } from './colour.ts';
import { printable } from './printable.ts';
import { describeHoldouts } from '../../changes/describe-holdouts.ts';
import { describeReach } from '../../changes/describe-schedule.ts';
import { BUCKETS } from '../../hash/bucket.ts';
import { bucketsOf, percentIn, percentOf } from '../../changes/rollout/listing.ts';
import type { Rollout } from '../../changes/rollout/plan-rollout.ts';

const PARKED = new Set(DEFAULT_PARKED);

/** The remark on moves between shown variants. */
const HARM = '; their experience changes';

/**
 * Describes the effect of a rollout in words.
 *
 * @param holdouts those that list the experiment
 */
export function showRollout(
  { audience, before, after, moves, buckets }: Rollout,
  spec: ExperimentSpec,
  holdouts: readonly HoldoutSpec[],
  colour: Colour,
): string {
  const count = buckets ?? BUCKETS;
  const rule = spec.audiences[audience]?.rule;
  const who = rule === undefined ? '' : ` (${printable(rule)})`;
  const lines = [`${colour.bold(spec.name)}, audience ${audience + 1}${who}`];
  const [old, now] = [bucketsOf(before, count), bucketsOf(after, count)];
  for (const { name } of spec.variants) {
    const [from, to] = [percentOf(old, name), percentOf(now, name)];
    if (from !== to) lines.push(`  ${name} ${from}% → ${to}%`);
  }
  if (spec.sticky === true) {
    lines.push(
      '  sticky: participants keep the variants they have; the rest is about new participants',
    );
  }
  for (const { from, to, buckets: moved } of moves) {
    if (spec.sticky === true) {
      lines.push(`  ${percentIn(moved, count)}% of this audience get ${to} instead of ${from}`);
      continue;
    }
    const harm = kindOfMove(from, to, PARKED) === 'harmful' ? colour.yellow(HARM) : '';
    lines.push(`  ${percentIn(moved, count)}% of this audience move from ${from} to ${to}${harm}`);
  }
  if (count !== (spec.buckets ?? BUCKETS)) {
    lines.push(`  sets "buckets": ${count} for percents with two decimals, which moves no one`);
  }
  lines.push(
    spec.sticky === true
      ? '  everyone else gets the same variant as before; no other change affects fewer people'
      : '  everyone else keeps their variant; no other change moves fewer people',
  );
  const twice = after.find(({ variant }, i) => after.findIndex((a) => a.variant === variant) < i);
  if (twice !== undefined) {
    lines.push(`  ${twice.variant} is listed more than once so that no one else moves`);
  }
  for (const line of describeHoldouts(spec, holdouts)) lines.push(`  ${line}`);
  const warning = identityWarning(spec, new Set(old).size, new Set(now).size);
  if (warning !== undefined) lines.push(`  ${colour.yellow(warning)}`);
  lines.push(...describeReach(spec).map((line) => `  ${colour.yellow(line)}`));
  return `${lines.join('\n')}\n`;
}

/** Warns if the audience did not need an identity before, or if a random identity redraws people. */
function identityWarning(
  { identity }: ExperimentSpec,
  variantsBefore: number,
  variantsAfter: number,
): string | undefined {
  if (identity === 'random')
    return 'the identity is random, so participants get a variant at random on every request';
  return variantsBefore === 1 && variantsAfter > 1
    ? `this audience now needs the identity ${identityLabel(identity)}; without it, decisions fail`
    : undefined;
}
