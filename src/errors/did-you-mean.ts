/** Words longer than this are not compared: nobody misspells so much text by a letter or two. */
const MAX_LENGTH = 64;

/** How many candidates are looked at. */
const MAX_CANDIDATES = 1000;

/** One slip is allowed for every this many letters, up to {@link MAX_SLIPS}. */
const LETTERS_PER_SLIP = 3;
const MAX_SLIPS = 3;

/**
 * The candidate that was probably meant by a misspelt word: the same but for upper and lower case,
 * or the nearest within one slip for every three letters. A slip is a letter too many, missing,
 * wrong, or swapped with its neighbour.
 *
 * @returns undefined where no candidate is near
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const lower = word.toLowerCase();
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  let looked = 0;
  for (const candidate of candidates) {
    if (looked++ === MAX_CANDIDATES) break;
    const longer = Math.max(word.length, candidate.length);
    if (longer > MAX_LENGTH) continue;
    const allowed = Math.min(MAX_SLIPS, Math.floor(longer / LETTERS_PER_SLIP));
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
 * The Damerau-Levenshtein distance in its restricted form: no letter is moved twice. It is not
 * computed beyond what is allowed: a file can hold many thousand words to compare.
 */
function countSlips(a: string, b: string, allowed: number): number {
  let beforeLast: number[] = [];
  let last = [0];
  for (let j = 1; j <= b.length && j <= allowed; j++) last.push(j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    // Further from the diagonal lies nothing that is within the allowed.
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
