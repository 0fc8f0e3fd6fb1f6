import type { AudienceTrace, Decision } from '../../assignment/explanation.ts';
import { BUCKETS } from '../../hash/bucket.ts';
import type { ClauseTrace } from '../../rules/trace.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { Colour } from './colour.ts';
import { printable } from './printable.ts';
import { describePlace } from '../../changes/describe-schedule.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';

/** Explains a decision in words: the variant, and each step to it. */
export function showDecision(decision: Decision, spec: ExperimentSpec, colour: Colour): string {
  const { variant, audiences, error } = decision;
  const result =
    variant === undefined ? colour.red('no variant') : colour.bold(colour.green(variant));
  const lines = [`${colour.bold(spec.name)}: ${result}`, ''];
  if (decision.overridden) lines.push('  the override decides; audiences are not evaluated');
  if (decision.holdout !== undefined) {
    lines.push(`  the holdout ${decision.holdout} decides; audiences are not evaluated`);
  }
  for (const audience of audiences) lines.push(...showAudience(audience, spec, colour));
  lines.push(...showBucket(decision, spec, colour));
  if (spec.sticky === true && decision.bucket !== undefined) {
    lines.push('', '  sticky: a participant who already has another variant keeps that one');
  }
  // The error of a decision also has the name of the experiment and the remedies.
  const told = audiences.some((one) => one.error !== undefined && error?.includes(one.error));
  if (error !== undefined && !told) lines.push('', colour.red(indent(error, '  ')));
  return `${lines.join('\n')}\n`;
}

function showAudience(
  { audience, outcome, rule, clauses, error }: AudienceTrace,
  { audiences }: ExperimentSpec,
  colour: Colour,
): string[] {
  const words = {
    matched: colour.green('matched'),
    'not-matched': colour.dim('not matched'),
    error: colour.red('failed'),
    fallback: audiences.length === 1 ? 'takes everyone' : 'takes everyone else',
  };
  const place = `audience ${audience + 1} of ${audiences.length}`;
  const lines = [`  ${place}: ${words[outcome]}`];
  const [only] = clauses;
  // The only clause of a rule would repeat the rule.
  if (rule !== undefined && (clauses.length !== 1 || only?.clause !== rule)) {
    lines.push(`    rule ${printable(rule)}`);
  }
  for (const clause of clauses) {
    // The clauses of a segment follow the one that uses it.
    lines.push(`    ${clause.segment === undefined ? '' : '  '}${showClause(clause, colour)}`);
  }
  if (error !== undefined) lines.push(colour.red(indent(error, '    ')));
  return lines;
}

function showClause({ clause, outcome, values }: ClauseTrace, colour: Colour): string {
  const marks = { true: colour.green('✓'), false: colour.red('✗'), error: colour.red('!') };
  const met = Object.entries(values).map(
    ([path, value]) => `${printable(path)} is ${printable(JSON.stringify(value))}`,
  );
  const because = met.length === 0 ? '' : colour.dim(`  (${met.join(', ')})`);
  return `${marks[`${outcome}`]} ${printable(clause)}${because}`;
}

function showBucket(
  { identity, seed, bucket, buckets, allocation, schedule }: Decision,
  { identity: path }: ExperimentSpec,
  colour: Colour,
): string[] {
  const lines: string[] = [];
  const add = (name: string, text: string) =>
    lines.push(`  ${colour.dim(name.padEnd(10))} ${text}`);
  for (const { path: skipped, reason } of identity?.skipped ?? []) {
    add('skipped', `${skipped} ${SKIPPED[reason]}`);
  }
  if (identity?.text !== undefined) add('identity', `${identity.path} is ${quoted(identity.text)}`);
  // Without a bucket, no random number was drawn.
  else if (path === RANDOM_IDENTITY && bucket !== undefined) add('identity', 'random');
  if (bucket !== undefined && seed !== undefined && identity?.text !== undefined) {
    add('seed', quoted(seed));
  }
  if (bucket !== undefined) add('bucket', `${bucket} of 0–${(buckets ?? BUCKETS) - 1}`);
  if (allocation !== undefined) {
    const { variant, from, to } = allocation;
    add('allocation', `${variant} has ${from === to ? `bucket ${from}` : `buckets ${from}–${to}`}`);
  }
  if (schedule !== undefined) add('schedule', describePlace(schedule));
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The reasons why an identity of a list was not available, after its path. */
const SKIPPED = {
  none: 'is None',
  missing: 'is missing',
  'no-consent': 'is withheld without consent',
} as const;

function quoted(text: string): string {
  return printable(JSON.stringify(text));
}

function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => by + printable(line))
    .join('\n');
}
