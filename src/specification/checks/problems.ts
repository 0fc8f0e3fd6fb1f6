import type { Problem } from '../../errors/spec-error.ts';
import type { Finding } from '../finding.ts';
import { pointerKeys } from '../../json/pointer.ts';
import { locate } from '../../json/positions.ts';

/** The number of problems that are listed. A file with more usually has one cause, shown early. */
export const MAX_PROBLEMS = 100;

/**
 * Turns findings into problems in the order of the document. Adds line and column when `text` is
 * given. Keeps the first {@link MAX_PROBLEMS} and appends one that counts the rest.
 */
export function toProblems(
  findings: readonly Finding[],
  data: unknown,
  text: string | undefined,
): Problem[] {
  const shown = inOrder(findings, data).slice(0, MAX_PROBLEMS);
  const positions =
    text === undefined
      ? undefined
      : locate(text, new Map(shown.map(({ path, side }) => [path, side])));
  const problems: Problem[] = shown.map(({ path, say }) => ({
    path,
    ...positions?.get(path),
    message: say(),
  }));
  // JavaScript lists keys that look like numbers first, whatever their order in the text.
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const more = findings.length - shown.length;
  if (more > 0) {
    problems.push({
      path: '',
      message: `and ${more} more problems; only the first ${shown.length} are listed`,
    });
  }
  return problems;
}

/** Sorts findings by the position of their keys in the document, outer before inner. */
function inOrder(findings: readonly Finding[], data: unknown): Finding[] {
  const ranks = keyRanks();
  return findings
    .map((finding) => ({ finding, order: orderOf(finding.path, data, ranks) }))
    .sort((a, b) => compare(a.order, b.order))
    .map(({ finding }) => finding);
}

type Ranks = (owner: object) => ReadonlyMap<string, number>;

function orderOf(path: string, data: unknown, ranks: Ranks): number[] {
  const order: number[] = [];
  let value = data;
  for (const key of pointerKeys(path)) {
    if (typeof value !== 'object' || value === null) break;
    order.push(Array.isArray(value) ? Number(key) : (ranks(value).get(key) ?? 0));
    value = Reflect.get(value, key);
  }
  return order;
}

/** Remembers the order of each object's keys, because many findings may share an object. */
function keyRanks(): Ranks {
  const known = new Map<object, ReadonlyMap<string, number>>();
  return (owner) => {
    const ranks = known.get(owner) ?? new Map(Object.keys(owner).map((key, i) => [key, i]));
    known.set(owner, ranks);
    return ranks;
  };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
