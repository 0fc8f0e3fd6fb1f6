import { isDeepStrictEqual } from 'node:util';
import { type Case, shown } from '../case.ts';
import type { Situation } from './difference.ts';
import { DIFFERENCES } from './differences.ts';
import type { Decided, Sides } from './sides.ts';

/** The decisions that were compared. */
export class Tally {
  decisions = 0;
  /** Decisions that both could make. */
  made = 0;
  readonly kinds = new Map<string, number>();
  /** Rows of the table of differences, by the number of decisions that they explain. */
  readonly rows = new Map<string, number>();

  count(decided: Decided): void {
    this.decisions++;
    if (!('error' in decided)) this.made++;
    else add(this.kinds, decided.error);
  }

  met(row: string): void {
    add(this.rows, row);
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/**
 * Compares all decisions of a case.
 *
 * @throws Error with everything about the first decision that differs without a row of the table
 */
export async function compareDecisions(sides: Sides, given: Case, tally: Tally): Promise<void> {
  for (const visitor of given.visitors) {
    await sides.use(given);
    const theirs = await sides.cravensworth('/decisions', visitor);
    const { decided, newKey } = await sides.evenhand('/decisions', visitor, given.trackingCookie);
    for (const [index, ours] of decided.entries()) {
      // An error in its middleware is the answer to all questions.
      const original = theirs.length === 1 ? theirs[0] : theirs[index];
      if (original === undefined) throw new Error('Django answered fewer questions');
      tally.count(ours);
      if (isDeepStrictEqual(original, ours)) continue;
      await explain(sides, { given, visitor, index, newKey, original, ours }, tally);
    }
  }
}

/**
 * Explains a difference by rows of the table. Each row says which other question Cravensworth answers as
 * Evenhand answers this one.
 */
async function explain(sides: Sides, different: Situation, tally: Tally): Promise<void> {
  let asked = different;
  const rows: string[] = [];
  for (const { row, translate } of DIFFERENCES) {
    const next = await translate(asked, sides);
    if (next === undefined) continue;
    const original = await decided(sides, next);
    if (!isDeepStrictEqual(original, asked.original)) rows.push(row);
    asked = { ...next, original };
    if (isDeepStrictEqual(original, different.ours)) break;
  }
  await sides.django.use(different.given);
  if (rows.length === 0 || !isDeepStrictEqual(asked.original, different.ours)) {
    throw new Error(report(different, rows, asked));
  }
  rows.forEach((row) => tally.met(row));
}

async function decided(sides: Sides, { given, visitor, index }: Situation): Promise<Decided> {
  await sides.django.use(given);
  const [answer] = await sides.cravensworth(`/decision/${index}`, visitor);
  if (answer === undefined) throw new Error('Django gave no answer');
  return answer;
}

function report(different: Situation, rows: readonly string[], asked: Situation): string {
  const { given, visitor, index, original, ours } = different;
  const { name } = given.questions[index] ?? {};
  return [
    `the decision of ${name} differs`,
    `Cravensworth: ${JSON.stringify(original)}`,
    `Evenhand:     ${JSON.stringify(ours)}`,
    `experiment:   ${shown(given.experiments.filter((one) => nameOf(one) === name))}`,
    `visitor:      ${JSON.stringify(visitor)}`,
    ...(rows.length === 0
      ? []
      : [
          `rows tried:   ${rows.join('; ')}`,
          `translated:   ${JSON.stringify(asked.visitor)}`,
          `which gives:  ${JSON.stringify(asked.original)}`,
        ]),
  ].join('\n');
}

function nameOf(experiment: unknown): unknown {
  return (experiment as { readonly name?: unknown }).name;
}
