import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { member } from '../../json/own.ts';
import { isObject } from '../../options/check-options.ts';
import type { ConfigFile } from '../files/config-file.ts';
import { findExperiment, listPath } from '../../changes/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';

/**
 * Returns the part of a file that `put` stores: the named experiments, or all experiments and the
 * declared context. Namespaces are left out, with a warning: the database keeps their histories itself.
 * So are metrics and analyses, for which it has no place; analyses read them from the file.
 *
 * @throws OptionError (`option`) for an unknown name, or if an experiment uses segments or is in a
 * holdout
 */
export function pickEntries(host: Host, config: ConfigFile, names: readonly string[]): unknown {
  refuseSegments(config, names);
  refuseHoldouts(config, names);
  const list: unknown = listPath(config).reduce(member, config.data);
  const all: readonly unknown[] = Array.isArray(list) ? list : [];
  const chosen =
    names.length > 0 ? names.map((name) => all[findExperiment(config, name).index]) : all;
  const entries = chosen.map(withoutAnalysis);
  const hasAnalyses = entries.some((entry, i) => entry !== chosen[i]);
  if (hasAnalyses || (names.length === 0 && config.specification.metrics !== undefined)) {
    const warning = createColour(host.stderr.colour).yellow('warning');
    host.stderr.write(
      `${warning} put does not store the metrics and analyses of ${config.origin}; keep them in the file, and pass it to "evenhand analyze"\n`,
    );
  }
  if (names.length > 0) return entries;
  const { namespaces } = config.specification;
  if (namespaces.length > 0) {
    const warning = createColour(host.stderr.colour).yellow('warning');
    const count = namespaces.length === 1 ? '1 namespace' : `${namespaces.length} namespaces`;
    host.stderr.write(
      `${warning} put does not store the ${count} of ${config.origin}; use "evenhand postgres namespace"\n`,
    );
  }
  const context = Array.isArray(config.data) ? undefined : member(config.data, 'context');
  return { experiments: entries, ...(context !== undefined && { context }) };
}

/** Returns an experiment without its analysis, which has no effect on assignments. */
function withoutAnalysis(entry: unknown): unknown {
  if (member(entry, 'analysis') === undefined || !isObject(entry)) return entry;
  const { analysis: _, ...others } = entry;
  return others;
}

/** The database has no place for segments, without which these rules would fail. */
function refuseSegments({ specification, origin }: ConfigFile, names: readonly string[]): void {
  const user = specification.experiments.find(
    ({ name, segments }) => segments !== undefined && (names.length === 0 || names.includes(name)),
  );
  const [segment] = user?.segments ?? [];
  if (user === undefined || segment === undefined) return;
  throw new OptionError(
    `${origin}: experiment ${quote(user.name)} uses the segment ${quote(segment.name)}, and the database has no place for segments; write its rule into the rules of the experiment`,
  );
}

/** The database has no place for holdouts, whose participants would get other variants. */
function refuseHoldouts({ specification, origin }: ConfigFile, names: readonly string[]): void {
  for (const { name, experiments } of specification.holdouts ?? []) {
    const listed = experiments.find((one) => names.length === 0 || names.includes(one));
    if (listed === undefined) continue;
    throw new OptionError(
      `${origin}: experiment ${quote(listed)} is in the holdout ${quote(name)}, and the database has no place for holdouts; keep both in a file, or remove the experiment from the holdout`,
    );
  }
}
