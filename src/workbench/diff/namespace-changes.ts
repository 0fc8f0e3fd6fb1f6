import { assertAppended } from '../../assignment/assert-appended.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { type HistoryChange, HistoryError } from '../../errors/history-error.ts';
import { formatPercent } from './format-percent.ts';
import { definitionChanges } from './namespace-definitions.ts';

/** What was changed in a namespace. */
export interface NamespaceDiff {
  readonly name: string;
  /** What was changed, and what comes of it, as a sentence. */
  readonly message: string;
  /** Whether units move between experiments. */
  readonly harmful: boolean;
}

/**
 * What was changed in namespaces. Their segments follow from the history as a whole, so lines may be
 * appended to it, and nothing else: any other change deals segments that are in use. Nor may what the
 * history has added become something else.
 */
export function namespaceChanges(before: Snapshot, after: Snapshot): NamespaceDiff[] {
  return [
    ...harmfulChanges(before, after),
    ...changedDefinitions(before, after),
    ...appendedLines(before, after),
  ];
}

function changedDefinitions(before: Snapshot, after: Snapshot): NamespaceDiff[] {
  return after.namespaces.flatMap((namespace) => {
    const { name } = namespace;
    const old = before.namespaces.find((one) => one.name === name);
    if (old === undefined) return [];
    return definitionChanges(old, namespace).map((change) => ({ name, ...change }));
  });
}

function harmfulChanges(before: Snapshot, after: Snapshot): NamespaceDiff[] {
  try {
    assertAppended(before, after);
    return [];
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return error.changes.map(({ namespace, kind, lines, movedShare }) => {
      const moved = `${formatPercent(movedShare)} of the segments change hands`;
      return { name: namespace, message: `${messageOf(kind, lines)}; ${moved}`, harmful: true };
    });
  }
}

function messageOf(
  kind: 'removed' | 'unit' | 'segments' | 'history',
  lines: readonly HistoryChange[],
): string {
  switch (kind) {
    case 'removed':
      return 'it is gone, with experiments in it';
    case 'unit':
      return 'it has another unit';
    case 'segments':
      return 'it has another number of segments';
    case 'history': {
      const list = lines.map((change) => `line ${change.line} ${change.kind}`).join(', ');
      return `its history was not only appended to (${list}); put the old lines back, and append what is to be done`;
    }
  }
}

function appendedLines(before: Snapshot, after: Snapshot): NamespaceDiff[] {
  return after.namespaces.flatMap(({ name, history }) => {
    const old = before.namespaces.find((namespace) => namespace.name === name);
    const count = history.length - (old?.history.length ?? 0);
    if (old === undefined || count <= 0) return [];
    const lines = history.slice(-count).map((line) => {
      return 'remove' in line
        ? `remove ${line.remove}`
        : `add ${line.add} (${line.segments} segments)`;
    });
    return [{ name, message: `at the end of its history: ${lines.join(', ')}`, harmful: false }];
  });
}
