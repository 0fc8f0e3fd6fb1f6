import type { NamespaceExplanation } from '../../assignment/namespaces/namespace-explanation.ts';
import type { Colour } from './colour.ts';
import { printable } from './printable.ts';
import { renderTable } from './table.ts';

/** Explains a participant's place in a namespace in words, and lists its parameters. */
export function showNamespace(
  explanation: NamespaceExplanation,
  params: Readonly<Record<string, unknown>>,
  segments: number,
  colour: Colour,
): string {
  const { namespace, unit, segment, experiment, salt, inExperiment, error, overrides } =
    explanation;
  const place =
    experiment === undefined ? colour.dim('no experiment') : colour.bold(printable(experiment));
  const facts = Object.entries({
    unit: unit?.text === undefined ? undefined : `${unit.paths.join(', ')} is ${json(unit.text)}`,
    segment: segment === undefined ? undefined : `${segment} of 0–${segments - 1}`,
    salt: salt === undefined ? undefined : json(salt),
    override: overrides === undefined ? undefined : describeOverrides(overrides),
  }).filter(([, text]) => text !== undefined);
  const lines = facts.map(([name, text]) => `  ${colour.dim(name.padEnd(10))} ${text}`);
  if (experiment !== undefined && !inExperiment && error === undefined) {
    lines.push('  the experiment excludes this unit');
  }
  for (const line of error?.split('\n') ?? []) lines.push(colour.red(`  ${printable(line)}`));
  const head = `${colour.bold(printable(namespace))}: ${place}\n\n${lines.join('\n')}\n`;
  if (error !== undefined) return head;
  const rows = Object.entries(params).map(([name, value]) => [name, json(value)]);
  const table = rows.length === 0 ? 'no parameters\n' : renderTable(rows, { head: HEAD, colour });
  return `${head}\n${table}`;
}

const HEAD = ['parameter', 'value'];

function describeOverrides({
  experiment,
  params,
}: NonNullable<NamespaceExplanation['overrides']>): string {
  const forced = Object.entries(params).map(
    ([name, value]) => `${printable(name)} is ${json(value)}`,
  );
  return [
    ...(experiment === undefined ? [] : [`the experiment ${printable(experiment)}`]),
    ...forced,
  ].join(', ');
}

function json(value: unknown): string {
  return printable(JSON.stringify(value) ?? 'undefined');
}
