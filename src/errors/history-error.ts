import { EvenhandError } from './evenhand-error.ts';
import { escapeInvisible } from './show-value.ts';

/** A line of a namespace's history that is not as it was. */
export interface HistoryChange {
  readonly kind: 'inserted' | 'changed' | 'removed';
  /** From 1: in the history before for a line that was removed, else in the one after. */
  readonly line: number;
  /** The line as it was; absent where it was inserted. */
  readonly before?: object | undefined;
  /** The line as it is; absent where it was removed. */
  readonly after?: object | undefined;
}

/** How a namespace is not what it was. */
export interface NamespaceChange {
  readonly namespace: string;
  /** `removed`, `unit` and `segments` concern the namespace as a whole; `history` has `lines`. */
  readonly kind: 'removed' | 'unit' | 'segments' | 'history';
  /** Every line that is not as it was, in order. */
  readonly lines: readonly HistoryChange[];
  /** The share of the segments that get another experiment, or none, by this: [0, 1]. */
  readonly movedShare: number;
}

/** Histories of namespaces that were changed otherwise than by appending lines. */
export class HistoryError extends EvenhandError {
  /** Every namespace that is not what it was. */
  readonly changes: readonly NamespaceChange[];

  constructor(changes: readonly NamespaceChange[]) {
    super(
      'history',
      `users would move between experiments\n${changes.map(describeChange).join('\n')}\n  restore the existing lines and add new lines at the end, or create a namespace with a new name`,
    );
    this.changes = changes;
  }
}

/** What a change that concerns a namespace as a whole is called. */
const WHOLE_CHANGES = {
  removed: 'was removed, and its participants lose their parameters',
  unit: 'has a different unit, which reshuffles everyone',
  segments: 'has a different number of segments, which reshuffles everyone',
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
