import { isDeepStrictEqual } from 'node:util';
import type { AdditionLine } from '../../planout/namespaces/history.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { NamespaceExperimentSpec, NamespaceSpec } from '../../specification/types.ts';
import { formatPercent } from './format-percent.ts';

/** What was changed in a definition that somebody is in, or in a namespace's parameters. */
export interface DefinitionChange {
  /** As a sentence. */
  readonly message: string;
  /** Whether those who are in it may be given something else than before. */
  readonly harmful: boolean;
}

/**
 * What was changed, other than the history, in a namespace that is in both files: the experiments that
 * have segments, what their scripts read, and the defaults.
 */
export function definitionChanges(before: NamespaceSpec, after: NamespaceSpec): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  let hasScript = false;
  for (const { add, segments, experiment } of stillPresent(before, after)) {
    const [was, is] = [definitionOf(before, experiment), definitionOf(after, experiment)];
    if (segments === 0 || was === undefined || is === undefined) continue;
    if (was.script !== undefined) hasScript = true;
    const change = describeDefinition(was, is);
    if (change === undefined) continue;
    const share = `${formatPercent(segments / before.segments)} of the segments are in it`;
    changes.push({ ...change, message: `in ${quote(add)} ${change.message}; ${share}` });
  }
  const inputs = differing(before.inputs, after.inputs);
  if (inputs.length > 0) {
    const message = `scripts read something else by the names ${listNames(inputs)}`;
    changes.push({ message, harmful: hasScript });
  }
  const defaults = differing(before.defaults, after.defaults);
  if (defaults.length > 0) {
    changes.push({ message: `defaults changed: ${listNames(defaults)}`, harmful: false });
  }
  return changes;
}

/** The additions of the old history that nothing has taken out, in either. */
function stillPresent(before: NamespaceSpec, after: NamespaceSpec): readonly AdditionLine[] {
  const later = presentLines(after);
  return [...presentLines(before)].filter(([i]) => later.has(i)).map(([, line]) => line);
}

/** The additions that are present at the end, by their index in the history. */
function presentLines({ history }: NamespaceSpec): Map<number, AdditionLine> {
  const lines = new Map<number, AdditionLine>();
  const indexes = new Map<string, number>();
  for (const [i, line] of history.entries()) {
    if ('remove' in line) lines.delete(indexes.get(line.remove) ?? i);
    else {
      lines.set(i, line);
      indexes.set(line.add, i);
    }
  }
  return lines;
}

function definitionOf(
  { experiments }: NamespaceSpec,
  name: string,
): NamespaceExperimentSpec | undefined {
  return experiments.find((experiment) => experiment.name === name);
}

function describeDefinition(
  was: NamespaceExperimentSpec,
  is: NamespaceExperimentSpec,
): DefinitionChange | undefined {
  const advice = 'put it back, and add what is new under another name';
  if (was.script?.checksum !== is.script?.checksum) {
    return { message: `the script is another; ${advice}`, harmful: true };
  }
  const weights = ({ variants = [] }: NamespaceExperimentSpec) =>
    variants.map(({ name, weight }) => ({ name, weight }));
  if (!isDeepStrictEqual(weights(was), weights(is))) {
    return { message: `the variants or their weights are others; ${advice}`, harmful: true };
  }
  const changed = (is.variants ?? []).filter(
    ({ values }, i) => !isDeepStrictEqual(values, was.variants?.[i]?.values),
  );
  if (changed.length === 0) return undefined;
  const names = listNames(changed.map(({ name }) => name));
  return { message: `the values are others: ${names}`, harmful: false };
}

/** The keys whose values are not the same in both. */
function differing(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const keys = new Set([...was.keys(), ...is.keys()]);
  return [...keys].filter((key) => !isDeepStrictEqual(was.get(key), is.get(key)));
}
