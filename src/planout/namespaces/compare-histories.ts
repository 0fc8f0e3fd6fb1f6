import type { HistoryChange } from '../../errors/history-error.ts';
import { type HistoryLine, replayHistory } from './history.ts';
import { FREE } from './segment-allocations.ts';

/** The parts of a namespace that say who is in which experiment. */
export interface HistorySubject {
  readonly name: string;
  readonly segments: number;
  readonly history: readonly HistoryLine[];
}

/** How a history differs from what it was. */
export interface HistoryComparison {
  /** The lines that are not as they were, in order; lines appended at the end are not among them. */
  readonly lines: readonly HistoryChange[];
  /** The share of the segments that these lines give to another experiment, or to none, [0, 1]. */
  readonly movedShare: number;
}

/** Histories of more lines than fit in so many pairs are compared line by line. */
const MAX_PAIRS = 4_000_000;

/**
 * Compares the histories of a namespace whose number of segments is the same. Lines appended at the
 * end change nothing for those who are in an experiment, and are left out.
 */
export function compareHistories(before: HistorySubject, after: HistorySubject): HistoryComparison {
  const { lines, appended } = changesOf(before.history.map(textOf), after.history.map(textOf));
  if (lines.length === 0) return { lines: [], movedShare: 0 };
  const changed = after.history.slice(0, after.history.length - appended);
  const were = ownersOf(before, before.history);
  const are = ownersOf(before, changed);
  const moved = were.filter((owner, segment) => owner !== are[segment]).length;
  return {
    lines: lines.map(({ kind, was, is }) => ({
      kind,
      line: (kind === 'removed' ? was : is) + 1,
      ...(kind === 'inserted' ? {} : { before: before.history[was] }),
      ...(kind === 'removed' ? {} : { after: after.history[is] }),
    })),
    movedShare: moved / before.segments,
  };
}

/** Equal texts are equal lines. */
function textOf(line: HistoryLine): string {
  return 'remove' in line
    ? JSON.stringify([line.remove])
    : JSON.stringify([line.add, line.segments, line.experiment]);
}

/** The name of the experiment that has each segment. */
function ownersOf(
  { name, segments }: HistorySubject,
  history: readonly HistoryLine[],
): (string | undefined)[] {
  const { table, additions } = replayHistory(name, segments, history);
  return Array.from(table, (number) => additions[number === FREE ? 0 : number]?.add);
}

/** A change by the indexes of its lines. */
interface Change {
  readonly kind: HistoryChange['kind'];
  readonly was: number;
  readonly is: number;
}

/**
 * What happened between the lines that both have. In each gap, removed and inserted lines are paired
 * off as changed ones; what is left over at the end is appended.
 */
function changesOf(
  before: readonly string[],
  after: readonly string[],
): { readonly lines: readonly Change[]; readonly appended: number } {
  const lines: Change[] = [];
  let [was, is] = [0, 0];
  for (const [nextWas, nextIs] of commonLines(before, after)) {
    for (; was < nextWas && is < nextIs; was++, is++) lines.push({ kind: 'changed', was, is });
    for (; was < nextWas; was++) lines.push({ kind: 'removed', was, is });
    for (; is < nextIs; is++) lines.push({ kind: 'inserted', was, is });
    [was, is] = [nextWas + 1, nextIs + 1];
  }
  for (; was < before.length && is < after.length; was++, is++) {
    lines.push({ kind: 'changed', was, is });
  }
  for (; was < before.length; was++) lines.push({ kind: 'removed', was, is });
  return { lines, appended: after.length - is };
}

/** The indexes of the lines that both have in the same order: the most there can be. */
function commonLines(
  before: readonly string[],
  after: readonly string[],
): (readonly [number, number])[] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  const common = before.slice(0, start).map((_, i): [number, number] => [i, i]);
  const rows = before.length - start;
  const columns = after.length - start;
  if (rows * columns > MAX_PAIRS) {
    return before.flatMap((line, i): [number, number][] => (line === after[i] ? [[i, i]] : []));
  }
  // lengths[i][j]: how many lines the ends from i and from j have in common.
  const lengths = Array.from({ length: rows + 1 }, () => new Int32Array(columns + 1));
  const lengthAt = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  const isCommon = (i: number, j: number): boolean => before[start + i] === after[start + j];
  for (let i = rows - 1; i >= 0; i--) {
    const row = lengths[i];
    if (row === undefined) continue;
    for (let j = columns - 1; j >= 0; j--) {
      row[j] = isCommon(i, j)
        ? lengthAt(i + 1, j + 1) + 1
        : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (isCommon(i, j)) common.push([start + i++, start + j++]);
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i++;
    else j++;
  }
  return common;
}
