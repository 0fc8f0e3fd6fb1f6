/** An item of a comparison: kept (' '), removed or added. */
export interface Edit {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Beyond this product of the two lengths, everything between the equal ends counts as changed. */
const MAX_COMPARISONS = 1_000_000;

/**
 * Returns the shortest list of edits from one list to another, removed items before added ones, by their
 * longest common subsequence (Wagner and Fischer's table, 1974).
 */
export function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let same = 0;
  const most = Math.min(before.length, after.length) - start;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) same++;
  return [
    ...before.slice(0, start).map(kept),
    ...middleEdits(
      before.slice(start, before.length - same),
      after.slice(start, after.length - same),
    ),
    ...before.slice(before.length - same).map(kept),
  ];
}

function kept(text: string): Edit {
  return { sign: ' ', text };
}

function middleEdits(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1;
  const isLarge = before.length * after.length > MAX_COMPARISONS;
  const common = new Uint32Array(isLarge ? 0 : (before.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  if (!isLarge) {
    for (let i = before.length - 1; i >= 0; i--) {
      for (let j = after.length - 1; j >= 0; j--) {
        common[i * width + j] =
          before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (!isLarge && old !== undefined && old === now) {
      edits.push(kept(old));
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      edits.push({ sign: '-', text: old });
      i++;
    } else {
      edits.push({ sign: '+', text: now ?? '' });
      j++;
    }
  }
  return edits;
}
