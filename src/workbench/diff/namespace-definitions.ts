import { isDeepStrictEqual } from 'node:util';
import type { AdditionLine } from '../../planout/namespaces/history.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { NamespaceExperimentSpec, NamespaceSpec } from '../../specification/types.ts';
import { formatPercent } from './format-percent.ts';

/** A change to a definition that has segments, or to a namespace's parameters. */
export interface DefinitionChange {
  /** The change as a sentence. */
  readonly message: string;
  /** True if units may get different values than before. */
  readonly harmful: boolean;
}

/**
 * Finds changes other than to the history in a namespace that is in both files: to the experiments that
 * have segments, the inputs of their scripts, and the defaults.
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
    const share = `${formatPercent(segments / before.segments)} of the segments`;
    changes.push({ ...change, message: `${quote(add)} (${share}): ${change.message}` });
  }
  const inputs = differing(before.inputs, after.inputs);
  if (inputs.length > 0) {
    const message = `changed inputs of scripts: ${listNames(inputs)}`;
    changes.push({ message, harmful: hasScript });
  }
  const defaults = differing(before.defaults, after.defaults);
  if (defaults.length > 0) {
    changes.push({ message: `changed defaults: ${listNames(defaults)}`, harmful: false });
  }
  return changes;
}

/** Returns the additions of the old history that neither history removes. */
function stillPresent(before: NamespaceSpec, after: NamespaceSpec): readonly AdditionLine[] {
  const later = presentLines(after);
  return [...presentLines(before)].filter(([i]) => later.has(i)).map(([, line]) => line);
}

/** Returns the additions that are still present at the end, by their index in the history. */
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
  const advice = 'restore the old definition and add the new one under another name';
  if (was.script?.checksum !== is.script?.checksum) {
    return { message: `the script has changed; ${advice}`, harmful: true };
  }
  const weights = ({ variants = [] }: NamespaceExperimentSpec) =>
    variants.map(({ name, weight }) => ({ name, weight }));
  if (!isDeepStrictEqual(weights(was), weights(is))) {
    return { message: `the variants or their weights have changed; ${advice}`, harmful: true };
  }
  const changed = (is.variants ?? []).filter(
    ({ values }, i) => !isDeepStrictEqual(values, was.variants?.[i]?.values),
  );
  if (changed.length === 0) return undefined;
  const names = listNames(changed.map(({ name }) => name));
  return { message: `changed values: ${names}`, harmful: false };
}

/** Returns the keys whose values differ. */
function differing(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const keys = new Set([...was.keys(), ...is.keys()]);
  return [...keys].filter((key) => !isDeepStrictEqual(was.get(key), is.get(key)));
}
