import type { HistoryChange } from '../../errors/history-error.ts';
import { type HistoryLine, type HistorySubject, replayHistory } from './history.ts';
import { FREE } from './segment-allocations.ts';

/** The differences between an earlier and a later history. */
export interface HistoryComparison {
  /** The changed lines, in order, without the lines appended at the end. */
  readonly lines: readonly HistoryChange[];
  /** The share of the segments that lose their experiment or get another one, [0, 1]. */
  readonly movedShare: number;
}

/** The limit for pairs of lines to compare. Longer histories are compared line by line. */
const MAX_PAIRS = 4_000_000;

/**
 * Compares two histories of a namespace with the same number of segments. Ignores lines appended at the
 * end, because they don't move units that are in an experiment.
 */
export function compareHistories(before: HistorySubject, after: HistorySubject): HistoryComparison {
  const { lines, appended } = changesOf(before.history.map(lineKey), after.history.map(lineKey));
  const isSame = lines.length === 0 && before.sampling === after.sampling;
  if (isSame) return { lines: [], movedShare: 0 };
  const changed = after.history.slice(0, after.history.length - appended);
  const were = ownersOf(before, before.history);
  const are = ownersOf(after, changed);
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

/** Returns a text that is equal for equal lines. */
function lineKey(line: HistoryLine): string {
  return 'remove' in line
    ? JSON.stringify([line.remove])
    : JSON.stringify([line.add, line.segments, line.experiment]);
}

/** Returns the name of the experiment of each segment. */
function ownersOf(
  subject: HistorySubject,
  history: readonly HistoryLine[],
): (string | undefined)[] {
  const { table, additions } = replayHistory({ ...subject, history });
  return Array.from(table, (number) => additions[number === FREE ? 0 : number]?.add);
}

/** A change, with the indexes of its lines. */
interface Change {
  readonly kind: HistoryChange['kind'];
  readonly was: number;
  readonly is: number;
}

/**
 * Returns the changes between the common lines. In each gap, removed and inserted lines are paired as
 * changed lines. Lines left over at the end are appended ones.
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

/** Returns the indexes of the longest common subsequence of lines. */
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
  // lengths[i][j] is the number of common lines from i and j to the ends.
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
