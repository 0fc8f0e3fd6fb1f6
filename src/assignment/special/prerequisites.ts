import { quote } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { withAnswers } from '../../rules/compile/answers.ts';
import { RuleFault } from '../../rules/values/fault.ts';
import type { SpecialParticipant } from '../experiment.ts';
import type { Outcome } from '../outcome.ts';

/**
 * Evaluates rules that ask for the participant's variants of other experiments. The participant decides
 * and remembers those without recording an exposure.
 */
export function withOtherVariants<T>(
  participant: SpecialParticipant | undefined,
  evaluate: () => T,
): T {
  return withAnswers((name) => variantOf(name, participant), evaluate);
}

function variantOf(name: string, participant: SpecialParticipant | undefined): string | null {
  let outcome: Outcome | undefined;
  try {
    outcome = participant?.outcomeNamed(name);
  } catch (thrown) {
    throw otherFailed(name, thrown);
  }
  // Its fallback audience has decided for it. A rule about that variant would be a guess.
  if (outcome?.error !== undefined) throw otherFailed(name, outcome.error);
  return outcome?.variant ?? null;
}

/** Returns the fault of a rule that asks for an experiment whose decision failed. */
export function otherFailed(name: string, thrown: unknown): RuleFault {
  const [message = ''] = thrownMessage(thrown).split('\n', 1);
  const part = `experiment ${quote(name)}: `;
  const about = message.startsWith(part) ? message : part + message;
  return new RuleFault('prerequisite', `the experiment that this rule asks for failed: ${about}`);
}
