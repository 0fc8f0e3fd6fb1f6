import type {
  CompiledExperiment,
  ExperimentTable,
  SpecialParticipant,
  StickyKeeper,
} from '../../assignment/experiment.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import type { Participant } from '../../assignment/participant.ts';
import { shareInstant } from '../../assignment/special/instant.ts';
import { ContextError } from '../../errors/usage-errors.ts';
import { NOT_COMPUTED } from './quiet-context.ts';

/** A participant that gives rules the decisions already made, and makes no new ones. */
export class QuietParticipant implements SpecialParticipant {
  private readonly participant: Participant;
  private readonly experiments: ExperimentTable;

  constructor(participant: Participant, experiments: ExperimentTable) {
    this.participant = participant;
    this.experiments = experiments;
    shareInstant(participant, this);
  }

  /** @throws ContextError (`context`) for a decision that was not made */
  outcomeOf(experiment: CompiledExperiment): Outcome {
    const outcome = this.participant.remembered(experiment);
    if (outcome !== undefined) return outcome;
    throw new ContextError(`${experiment.name} was ${NOT_COMPUTED}`);
  }

  /** @throws ContextError (`context`) for a decision that was not made */
  outcomeNamed(name: string): Outcome | undefined {
    const experiment = this.experiments.get(name);
    return experiment && this.outcomeOf(experiment);
  }

  /** @throws ContextError (`context`) always, because no explanation reads kept variants */
  get sticky(): StickyKeeper {
    throw new ContextError(`kept variants were ${NOT_COMPUTED}`);
  }
}
