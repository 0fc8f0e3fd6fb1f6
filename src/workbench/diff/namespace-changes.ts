import { assertAppended } from '../../assignment/assert-appended.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import {
  type HistoryChange,
  HistoryError,
  type NamespaceChange,
} from '../../errors/history-error.ts';
import { formatPercent } from './format-percent.ts';
import { definitionChanges } from './namespace-definitions.ts';

/** A change to a namespace. */
export interface NamespaceDiff {
  readonly name: string;
  /** The change and its effect, as a sentence. */
  readonly message: string;
  /** True if units move between experiments. */
  readonly harmful: boolean;
}

/**
 * Finds changes to namespaces. The segments follow from the whole history, so only appending lines is
 * harmless: any other change reassigns segments that are in use. Definitions of added experiments must
 * not change either.
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
      const effect = `which reassigns ${formatPercent(movedShare)} of the segments`;
      const advice =
        kind === 'history' ? '; restore them and add new lines at the end' : '; restore it';
      return {
        name: namespace,
        message: `${describeKind(kind, lines)}, ${effect}${advice}`,
        harmful: true,
      };
    });
  }
}

function describeKind(kind: NamespaceChange['kind'], lines: readonly HistoryChange[]): string {
  switch (kind) {
    case 'removed':
      return 'it was removed with experiments in it';
    case 'unit':
      return 'its unit has changed';
    case 'segments':
      return 'its number of segments has changed';
    case 'sampling':
      return 'its sampling has changed';
    case 'history': {
      const list = lines.map((change) => `line ${change.line} ${change.kind}`).join(', ');
      return `existing lines of its history were changed (${list})`;
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
    return [{ name, message: `new lines in its history: ${lines.join(', ')}`, harmful: false }];
  });
}
