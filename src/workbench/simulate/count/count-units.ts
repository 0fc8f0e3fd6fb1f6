import type { UnitContexts } from '../input/generated-units.ts';
import type { Tally } from './tally.ts';
import type { UnitCounter } from './unit-counter.ts';

/** The connection from running work to its caller. */
export interface Control {
  /** Returns true if the work should end with a partial result. */
  stopped(): boolean;
  /** Gets progress now and then: the additional units, or bytes of a context file. */
  report(more: number): void;
}

/** The number of units between two checks of the control. */
const STRIDE = 8192;

/** Counts generated units from `from` (included) to `to` (excluded). */
export async function countUnits(
  counter: UnitCounter,
  units: UnitContexts,
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

/** Lets the event loop handle signals and redraw the progress bar. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
