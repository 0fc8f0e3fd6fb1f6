import { member } from '../../json/own.ts';
import type { ConfigFile } from '../files/config-file.ts';
import { findExperiment, listPath } from '../files/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';

/**
 * Returns the part of a file that `put` stores: the named experiments, or all experiments and the
 * declared context. Namespaces are left out, with a warning: the database keeps their histories itself.
 *
 * @throws OptionError (`option`) for an unknown name
 */
export function pickEntries(host: Host, config: ConfigFile, names: readonly string[]): unknown {
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
