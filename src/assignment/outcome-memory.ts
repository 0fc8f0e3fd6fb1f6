import type { CompiledExperiment } from './experiment.ts';
import type { Outcome } from './outcome.ts';

/** Up to this many outcomes, looking at each is faster than looking one up. */
const FEW = 8;

/** The outcomes that a participant remembers. */
export class OutcomeMemory {
  private readonly outcomes: Outcome[] = [];
  /** The same by the experiment's index, once there are many. */
  private table: (Outcome | undefined)[] | undefined;

  get({ index }: CompiledExperiment): Outcome | undefined {
    if (this.table !== undefined) return this.table[index];
    for (const outcome of this.outcomes) if (outcome.experiment.index === index) return outcome;
    return undefined;
  }

  /** @param count how many experiments there are */
  add(outcome: Outcome, count: number): void {
    if (this.table === undefined && this.outcomes.length === FEW) this.expect(count);
    if (this.table === undefined) this.outcomes.push(outcome);
    else this.table[outcome.experiment.index] = outcome;
  }

  /** Makes room for the outcomes of so many experiments, which are about to be decided. */
  expect(count: number): void {
    if (this.table !== undefined) return;
    this.table = new Array<Outcome | undefined>(count);
    for (const outcome of this.outcomes) this.table[outcome.experiment.index] = outcome;
  }
}
