import { type Case, shown } from '../case.ts';
import { compareDecisions, type Tally } from './decision.ts';
import type { Sides } from './sides.ts';

/** Rows of the table by a problem for which Evenhand refuses a specification that Cravensworth loads. */
const REFUSALS: readonly (readonly [problem: RegExp, row: string])[] = [
  [/^(?:name|identity) must be .*\\n"/, 'a name or an identity that ends with a line break'],
  [/^seed must be a string/, '`"seed": 5`'],
  [/^percent must be a whole number from 0 to 100, not (?:true|false)/, '`"percent": true`'],
  [/^percents must be whole numbers/, 'percents such as 33.3 and 66.7'],
  [/^variant .* is declared twice/, 'a variant that is declared twice'],
  [/^experiment .* is declared twice/, 'an experiment that is declared twice'],
  [
    /^name must be a string of letters/,
    'a variant without an allocation, with unusual characters in its name',
  ],
  [/^unknown property/, 'unknown properties'],
  [/^identity must be a dotted path/, 'the identity `user..id`'],
  [/^rules can't call/, 'a rule that calls a function'],
];

/** The specifications that were compared. */
export interface Loaded {
  both: number;
  neither: number;
  refused: number;
}

/**
 * Compares whether both load the specification of a case, and if so, their decisions.
 *
 * @throws Error with the specification if one of them loads it without a row of the table
 */
export async function compareSpecification(
  sides: Sides,
  given: Case,
  loaded: Loaded,
  tally: Tally,
): Promise<void> {
  const [visitor] = given.visitors;
  if (visitor === undefined) return;
  await sides.django.use(given);
  const theirs = await sides.django.ask('/decisions', visitor);
  const isLoaded = theirs.status === 200;
  const problems = await problemsOf(sides, given);
  if (problems.length === 0 && isLoaded) {
    loaded.both++;
    await compareDecisions(sides, given, tally);
    return;
  }
  if (problems.length > 0 && !isLoaded) {
    loaded.neither++;
    return;
  }
  const rows = problems.map((one) => REFUSALS.find(([problem]) => problem.test(one))?.[1]);
  const told = `${shown(given.experiments)}\nCravensworth: ${theirs.body}\nEvenhand: ${problems.join('\n')}`;
  for (const row of rows) {
    if (row === undefined) throw new Error(told);
    tally.met(row);
  }
  if (rows.length === 0) throw new Error(told);
  loaded.refused++;
}

/** Returns the problems for which Evenhand refuses a specification. */
async function problemsOf({ express }: Sides, given: Case): Promise<readonly string[]> {
  try {
    await express.use(given);
  } catch (error) {
    const { problems } = error as { readonly problems?: readonly { readonly message: string }[] };
    if (problems === undefined) throw error;
    return problems.map(({ message }) => message);
  }
  return [];
}
