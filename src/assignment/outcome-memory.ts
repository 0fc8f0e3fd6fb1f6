import type { DecidedExperiment, Outcome } from './outcome.ts';

/** Up to this many outcomes, looking at each is faster than looking one up. */
const FEW = 8;

/** With more experiments than this, room for all of them costs more than it saves. */
const MAX_ROOM = 500;

/** The outcomes that a participant remembers. */
export class OutcomeMemory {
  private readonly outcomes: Outcome[] = [];
  /** The outcomes by the experiment's index, once there are more: with or without room for all. */
  private table: (Outcome | undefined)[] | undefined;
  private map: Map<number, Outcome> | undefined;

  get({ index }: DecidedExperiment): Outcome | undefined {
    if (this.table !== undefined) return this.table[index];
    if (this.map !== undefined) return this.map.get(index);
    for (const outcome of this.outcomes) if (outcome.experiment.index === index) return outcome;
    return undefined;
  }

  /** @param count how many experiments there are */
  add(outcome: Outcome, count: number): void {
    const { index } = outcome.experiment;
    if (this.table === undefined && this.outcomes.length === FEW) {
      if (count <= MAX_ROOM) this.expect(count);
      else this.map ??= new Map(this.outcomes.map((one) => [one.experiment.index, one]));
    }
    if (this.table !== undefined) this.table[index] = outcome;
    else if (this.map !== undefined) this.map.set(index, outcome);
    else this.outcomes.push(outcome);
  }

  /** Makes room for the outcomes of so many experiments, which are about to be decided. */
  expect(count: number): void {
    if (this.table !== undefined) return;
    this.table = [];
    this.table.length = count;
    const known = this.map?.values() ?? this.outcomes;
    for (const outcome of known) this.table[outcome.experiment.index] = outcome;
  }
}
