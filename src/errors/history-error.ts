import { EvenhandError } from './evenhand-error.ts';
import { escapeInvisible } from './show-value.ts';

/** A changed line of a namespace's history. */
export interface HistoryChange {
  readonly kind: 'inserted' | 'changed' | 'removed';
  /**
   * The line's number, from 1. A removed line is counted in the old history, other lines in the new
   * one.
   */
  readonly line: number;
  /** The old line; absent if the line was inserted. */
  readonly before?: object | undefined;
  /** The new line; absent if the line was removed. */
  readonly after?: object | undefined;
}

/** A change of a namespace that moves participants. */
export interface NamespaceChange {
  readonly namespace: string;
  /**
   * The kind of change. `removed`, `unit`, `segments` and `sampling` concern the whole namespace;
   * `history` has `lines`.
   */
  readonly kind: 'removed' | 'unit' | 'segments' | 'sampling' | 'history';
  /** Every changed line, in order. */
  readonly lines: readonly HistoryChange[];
  /** The share of the segments that get another experiment, or none: [0, 1]. */
  readonly movedShare: number;
}

/** The error for namespaces whose history was changed other than by new lines at the end. */
export class HistoryError extends EvenhandError {
  /** Every changed namespace. */
  readonly changes: readonly NamespaceChange[];

  constructor(changes: readonly NamespaceChange[]) {
    super(
      'history',
      `users would move between experiments\n${changes.map(describeChange).join('\n')}\n  restore the existing lines and add new lines at the end, or create a namespace with a new name`,
    );
    this.changes = changes;
  }
}

/** The words for changes that concern a whole namespace. */
const WHOLE_CHANGES = {
  removed: 'was removed, and its participants lose their parameters',
  unit: 'has a different unit, which reshuffles everyone',
  segments: 'has a different number of segments, which reshuffles everyone',
  sampling: 'has a different sampling, which gives its experiments other segments',
} as const;

function describeChange({ namespace, kind, lines, movedShare }: NamespaceChange): string {
  const name = `  namespace ${escapeInvisible(JSON.stringify(namespace))}`;
  if (kind !== 'history') return `${name} ${WHOLE_CHANGES[kind]}`;
  const percent = `${Number((movedShare * 100).toFixed(2))}%`;
  return [`${name}: ${percent} of the segments would move`, ...lines.map(describeLine)].join('\n');
}

function describeLine({ kind, line, before, after }: HistoryChange): string {
  const texts = [before, after]
    .filter((one) => one !== undefined)
    .map((one) => JSON.stringify(one));
  return `    line ${line} of the history was ${kind}: ${escapeInvisible(texts.join(' is now '))}`;
}
