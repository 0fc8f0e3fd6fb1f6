import { quote } from '../../errors/show-value.ts';
import type { Output } from '../host/host.ts';
import { type Colour, createColour } from './colour.ts';
import { printable } from './printable.ts';
import {
  type ExperimentUsage,
  isUnused,
  type ReportedPlace,
  type UnknownPlace,
  type UsageReport,
} from '../../workbench/usage/usage-report.ts';

/** Prints the uses of each experiment, then everything that needs attention. */
export function printUsage(output: Output, report: UsageReport, origin: string): void {
  const colour = createColour(output.colour);
  const { experiments, unknown, dynamic, files } = report;
  const unused = experiments.filter(isUnused);
  const stale = experiments.filter((usage) => usage.stale !== undefined);
  const used = experiments.filter((usage) => !isUnused(usage));
  const sections = [
    used.map((usage) => usedText(usage, colour)),
    section(
      `${colour.yellow('computed names')}, which may be any experiment`,
      dynamic.map((place) => placeText(place, colour)),
    ),
    section(
      colour.red(`not in ${printable(origin)}`),
      unknown.map((place) => `${placeText(place, colour)}: ${unknownText(place)}`),
    ),
    section(
      colour.yellow('unused'),
      unused.map(({ name }) => name),
    ),
    section(
      `${colour.yellow('stale')}: keep the variant and remove the rest`,
      stale.map((usage) => staleText(usage)),
    ),
  ];
  for (const lines of sections) {
    if (lines.length > 0) output.write(`${lines.join('\n')}\n\n`);
  }
  const counts = [
    count(experiments.length, 'experiment'),
    `${count(files, 'file')} of code`,
    ...(unknown.length > 0 ? [colour.red(`${unknown.length} unknown`)] : []),
    ...(unused.length > 0 ? [colour.yellow(`${unused.length} unused`)] : []),
    ...(stale.length > 0 ? [colour.yellow(`${stale.length} stale`)] : []),
  ];
  output.write(`${counts.join(', ')}\n`);
}

function usedText({ name, places, askedBy }: ExperimentUsage, colour: Colour): string {
  return [
    colour.bold(name),
    ...places.map((place) => `  ${placeText(place, colour)}`),
    ...(askedBy === undefined ? [] : [`  ${colour.dim('rules of')} ${askedBy.join(', ')}`]),
  ].join('\n');
}

function placeText({ file, line, column, call }: ReportedPlace, colour: Colour): string {
  return `${printable(file)}:${line}:${column} ${colour.dim(call)}`;
}

function unknownText({ name = '', variant, meant }: UnknownPlace): string {
  const what =
    variant === undefined
      ? `unknown experiment ${quote(name)}`
      : `experiment ${quote(name)} has no variant ${quote(variant)}`;
  return meant === undefined ? what : `${what}; did you mean ${quote(meant)}?`;
}

function staleText({ name, stale = '', places }: ExperimentUsage): string {
  const where = places.length === 0 ? '' : `, ${count(places.length, 'place')} to clean up`;
  return `${name}: ${stale}${where}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
