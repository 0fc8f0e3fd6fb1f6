import { SourceError } from '../errors/store-errors.ts';
import { quote } from '../errors/show-value.ts';
import type { Snapshot } from '../assignment/snapshot.ts';

/**
 * Refuses a delivery without any experiments and namespaces in place of some: a new database, a wrong
 * path or a proxy would otherwise switch off everything at once.
 *
 * @param source the source's name
 * @param before the snapshot in force
 * @param after the snapshot of the delivery
 * @returns undefined if the delivery may be used
 */
export function refuseEmpty(
  source: string,
  before: Snapshot,
  after: Snapshot,
): SourceError | undefined {
  if (isEmpty(before) || !isEmpty(after)) return undefined;
  return new SourceError(
    `the source ${quote(source)} (${after.origin}) delivered no experiments in place of ${contentOf(before)}; check the source, or set allowEmpty: true if it may become empty`,
  );
}

function isEmpty({ experiments, namespaces }: Snapshot): boolean {
  return experiments.length === 0 && namespaces.length === 0;
}

function contentOf({ experiments, namespaces }: Snapshot): string {
  const parts = [count(experiments.length, 'experiment'), count(namespaces.length, 'namespace')];
  return parts.filter((part) => !part.startsWith('0 ')).join(' and ');
}

function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}
