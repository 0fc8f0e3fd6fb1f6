import { type Decision, explain, explainUnknown } from '../../assignment/explanation.ts';
import type { CompiledExperiment } from '../../assignment/experiment.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import type { Asked, Inspection } from './inspection.ts';
import { QuietContext } from './quiet-context.ts';
import { QuietParticipant } from './quiet-participant.ts';

/**
 * The message for an experiment that was asked for and not decided: by `expose()` if nothing records
 * exposures, or by `variants()` after an error.
 */
export const NOT_DECIDED = 'not decided';

/** A decision with its reasons, and the outcome behind it. */
export interface QuietDecision {
  readonly decision: Decision;
  /** Undefined for an unknown experiment, and after an error. */
  readonly outcome: Outcome | undefined;
  /** Undefined for an unknown experiment. */
  readonly experiment: CompiledExperiment | undefined;
}

/**
 * Explains a decision that a request made, like `participant.explain()`, but without any effect: nothing is
 * decided, drawn, counted, logged or recorded, and no cookie or header changes. Values that no decision has
 * read are not computed. Never throws.
 *
 * @returns undefined before the application asked for a decision
 */
export function explainQuietly(
  { snapshot, participant, context }: Inspection,
  { name, error }: Pick<Asked, 'name' | 'error'>,
): QuietDecision | undefined {
  if (snapshot === undefined || participant === undefined) return undefined;
  const { experiments, policy } = snapshot.setup;
  const experiment = experiments.get(name) ?? experiments.holdout(name);
  if (experiment === undefined) {
    return { decision: explainUnknown(name), outcome: undefined, experiment };
  }
  const outcome = participant.remembered(experiment);
  const thrown = outcome === undefined ? (error ?? NOT_DECIDED) : undefined;
  const quiet = new QuietParticipant(participant, experiments);
  const seen = new QuietContext(context);
  return {
    decision: explain(experiment, outcome, thrown, seen, policy, quiet),
    outcome,
    experiment,
  };
}
