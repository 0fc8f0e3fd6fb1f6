import type { SyntheticUnits } from '../input/synthetic-units.ts';
import type { Tally } from './tally.ts';
import type { UnitCounter } from './unit-counter.ts';

/** Who started the work, as far as the work must know. */
export interface Control {
  /** Whether to end with what there is. */
  stopped(): boolean;
  /** Told now and then how much more has been done: units, or bytes of a context file. */
  report(more: number): void;
}

/** Units between two looks at the control. */
const STRIDE = 8192;

/** Counts synthetic units, the first included, the last not. */
export async function countUnits(
  counter: UnitCounter,
  units: SyntheticUnits,
  from: number,
  to: number,
  control: Control,
): Promise<Tally> {
  for (let unit = from; unit < to;) {
    if (control.stopped()) return counter.tally(true);
    const next = Math.min(to, unit + STRIDE);
    control.report(next - unit);
    for (; unit < next; unit++) counter.add(units.at(unit), unit);
    await breathe();
  }
  return counter.tally(false);
}

/** Lets signals in, and the bar move. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
