import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { member } from '../../json/own.ts';
import type { ConfigFile } from '../files/config-file.ts';
import { findExperiment, listPath } from '../files/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';

/**
 * Returns the part of a file that `put` stores: the named experiments, or all experiments and the
 * declared context. Namespaces are left out, with a warning: the database keeps their histories itself.
 *
 * @throws OptionError (`option`) for an unknown name, or if an experiment uses segments or is in a
 * holdout
 */
export function pickEntries(host: Host, config: ConfigFile, names: readonly string[]): unknown {
  refuseSegments(config, names);
  refuseHoldouts(config, names);
  const list: unknown = listPath(config).reduce(member, config.data);
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  if (names.length > 0) {
    return names.map((name) => entries[findExperiment(config, name).index]);
  }
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
