import * as fc from 'fast-check';
import { type Case, pythonJson } from './cases.ts';
import { type Answer, type Judge, type Judged, Judges, type Verdict, verdictOf } from './judge.ts';

/** The number of rules in one question to the Python side. */
const BATCH = 500;

/** Rules to compare. */
export interface Comparison {
  readonly cases: fc.Arbitrary<Case>;
  readonly judge: Judge;
  readonly count: number;
  readonly seed: number;
}

/** The results of a comparison, counted. */
export class Tally {
  /** The rules that an original or a named difference agrees with. */
  rules = 0;
  /** By answer, the rules that an original answers in the same way. */
  readonly same = new Map<Answer, number>();
  readonly agrees = new Map<Verdict['agrees'], number>();
  /** By name, the differences and the reasons for another judge. */
  readonly names = new Map<string, number>();

  add({ ours }: Judged, { agrees, names }: Verdict): void {
    this.rules++;
    count(this.agrees, agrees);
    if (agrees !== 'a named difference') count(this.same, ours);
    for (const name of names) count(this.names, name);
  }

  /** Returns the share of the rules that are true or false for an original too. */
  share(...answers: readonly Answer[]): number {
    return answers.reduce((sum, answer) => sum + (this.same.get(answer) ?? 0), 0) / this.rules;
  }
}

function count<T>(counts: Map<T, number>, key: T): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/**
 * Compares generated rules with an original, many at a time.
 *
 * @throws Error for the first rule that nobody agrees with, shrunk, with the seed and the path
 */
export async function compareRules(comparison: Comparison): Promise<Tally> {
  const judges = new Judges();
  const tally = new Tally();
  const { cases, judge, count: numRuns, seed } = comparison;
  const all = fc.sample(cases, { numRuns, seed });
  for (let first = 0; first < all.length; first += BATCH) {
    const judged = await judges.ask(all.slice(first, first + BATCH), judge);
    for (const [i, one] of judged.entries()) {
      const verdict = verdictOf(one);
      if (verdict.agrees === 'nobody') await failSmall(comparison, judges, first + i);
      tally.add(one, verdict);
    }
  }
  return tally;
}

/** Fails with the smallest rule that shows the difference of the rule at an index. */
async function failSmall({ cases, judge, seed }: Comparison, judges: Judges, index: number) {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const [judged] = await judges.ask([one], judge);
      if (judged !== undefined && verdictOf(judged).agrees === 'nobody') throw difference(judged);
    }),
    { seed, path: String(index), numRuns: 1 },
  );
  throw new Error(`rule ${index} of seed ${seed} differed, but only once`);
}

function difference({ rule, context, ours, ...originals }: Judged): Error {
  const { cravensworth, cpython, explained } = originals;
  return new Error(
    [
      `an original gives another answer than Evenhand: ${ours}`,
      `rule         ${JSON.stringify(rule)}`,
      `context      ${pythonJson(context)}`,
      `Cravensworth ${cravensworth ?? 'not asked'}`,
      `CPython      ${cpython ?? 'not asked'}`,
      `explained    ${JSON.stringify(explained)}`,
    ].join('\n'),
  );
}
