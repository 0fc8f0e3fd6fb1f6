import type { ExperimentSpec } from '../../specification/types.ts';
import { DEFAULT_PARKED, kindOfMove } from '../../changes/parked.ts';
import type { Colour } from './colour.ts';
import { printable } from './printable.ts';
import { bucketsOf, percentOf } from '../../changes/rollout/listing.ts';
import type { Rollout } from '../../changes/rollout/plan-rollout.ts';

const PARKED = new Set(DEFAULT_PARKED);

/** What is said of moves from one shown variant to another. */
const HARM = ', whose experience changes';

/** What a rollout does, in words for people. */
export function showRollout(
  { audience, before, after, moves }: Rollout,
  spec: ExperimentSpec,
  colour: Colour,
): string {
  const rule = spec.audiences[audience]?.rule;
  const who = rule === undefined ? '' : ` (${printable(rule)})`;
  const lines = [`${colour.bold(spec.name)}, audience ${audience + 1}${who}`];
  const [old, now] = [bucketsOf(before), bucketsOf(after)];
  for (const { name } of spec.variants) {
    const [from, to] = [percentOf(old, name), percentOf(now, name)];
    if (from !== to) lines.push(`  ${name} ${from}% → ${to}%`);
  }
  for (const { from, to, buckets } of moves) {
    const harm = kindOfMove(from, to, PARKED) === 'harmful' ? colour.yellow(HARM) : '';
    lines.push(`  ${buckets}% of this audience move from ${from} to ${to}${harm}`);
  }
  lines.push('  everybody else keeps their variant; no other change moves fewer');
  const twice = after.find(({ variant }, i) => after.findIndex((a) => a.variant === variant) < i);
  if (twice !== undefined) {
    lines.push(`  ${twice.variant} is listed more than once, so that those in between stay put`);
  }
  const warning = identityWarning(spec, new Set(old).size, new Set(now).size);
  if (warning !== undefined) lines.push(`  ${colour.yellow(warning)}`);
  return `${lines.join('\n')}\n`;
}

/** An audience that gave everybody one variant needed no identity; one that deals does. */
function identityWarning(
  { identity }: ExperimentSpec,
  variantsBefore: number,
  variantsAfter: number,
): string | undefined {
  if (identity === 'random')
    return 'the identity is random, so who gets it is drawn anew each time';
  return variantsBefore === 1 && variantsAfter > 1
    ? `from now on this audience needs the identity ${identity}; without it, deciding fails`
    : undefined;
}
