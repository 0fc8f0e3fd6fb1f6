import { RuleFault } from '../values/fault.ts';

/**
 * Returns the participant's variant of an experiment; null without one.
 *
 * @throws RuleFault `prerequisite` if the experiment can't be decided
 */
export type AnswerTo = (experiment: string) => string | null;

/**
 * The answers for the decision that is being made. Evaluation is synchronous, so one record is enough.
 * A nested decision saves and restores it. Rules that ask for no experiment never read it.
 */
let current: AnswerTo | undefined;

/** Evaluates rules that ask for the variants of other experiments. */
export function withAnswers<T>(answers: AnswerTo, evaluate: () => T): T {
  const saved = current;
  current = answers;
  try {
    return evaluate();
  } finally {
    current = saved;
  }
}

/** Returns the variant of another experiment for the participant that is being decided. */
export function answerTo(experiment: string): string | null {
  if (current !== undefined) return current(experiment);
  throw new RuleFault('prerequisite', 'other experiments can only be asked for in a decision');
}
