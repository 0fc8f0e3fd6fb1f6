/** The longest word that is compared. A text this long is not misspelt by a letter or two. */
const MAX_LENGTH = 64;

/** The most candidates that are compared. */
const MAX_CANDIDATES = 1000;

/** The letters per allowed slip: one slip for every three letters, up to {@link MAX_SLIPS}. */
const LETTERS_PER_SLIP = 3;
const MAX_SLIPS = 3;

/**
 * Returns the candidate that a misspelt word probably stands for. It differs only in case, or it is
 * the nearest within one slip for every three letters. A slip is an extra, missing or wrong letter,
 * or two swapped neighbours.
 *
 * @param most the most slips that count as near @default 3
 * @returns undefined if no candidate is near
 */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  most = MAX_SLIPS,
): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const lower = word.toLowerCase();
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ === MAX_CANDIDATES) break;
    const longer = Math.max(word.length, candidate.length);
    if (longer > MAX_LENGTH) continue;
    const allowed = Math.min(most, Math.floor(longer / LETTERS_PER_SLIP));
    const target = candidate.toLowerCase();
    if (lower !== target && Math.abs(word.length - candidate.length) > allowed) continue;
    const slips = countSlips(lower, target, allowed);
    if (slips <= allowed && slips < fewest) {
      nearest = candidate;
      fewest = slips;
    }
  }
  return nearest;
}

/**
 * Counts slips by the restricted Damerau-Levenshtein distance: no letter is moved twice. Counting
 * stops at the allowed number, because a file can have many thousand words to compare.
 */
function countSlips(a: string, b: string, allowed: number): number {
  let beforeLast: number[] = [];
  let last = [0];
  for (let j = 1; j <= b.length && j <= allowed; j++) last.push(j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    // Cells further from the diagonal need more slips than allowed.
    const [from, to] = [Math.max(1, i - allowed), Math.min(b.length, i + allowed)];
    let fewest = i;
    for (let j = from; j <= to; j++) {
      const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
      let slips = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + wrong);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        slips = Math.min(slips, at(beforeLast, j - 2) + 1);
      }
      row[j] = slips;
      fewest = Math.min(fewest, slips);
    }
    if (fewest > allowed) return fewest;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
