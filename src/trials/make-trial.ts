import { createPolicy } from '../assignment/policy.ts';
import { Snapshot } from '../assignment/snapshot.ts';
import { quote } from '../errors/show-value.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { atOnce } from '../runtime/steps.ts';
import type { Specification } from '../specification/types.ts';
import type { PrepareContext } from '../workbench/contexts/prepare-context.ts';
import { generateUnits, pathsOf } from '../workbench/simulate/input/generated-units.ts';
import type { MetricSpec } from '../specification/metric-types.ts';
import type { MetricModel, Traits } from './metric-model.ts';
import { arrivalDays, DAY_MS, type TrialDesign } from './trial-design.ts';
import { TrialFile } from './trial-file.ts';
import { TrialRandom } from './trial-random.ts';
import { TrialRecorder } from './trial-recorder.ts';

/** A metric that is simulated. */
export interface SimulatedMetric {
  readonly spec: MetricSpec;
  readonly lift: number;
  readonly model: MetricModel;
}

/** Everything that the simulated experiments share. */
export interface TrialSetup {
  /** The specification in force, with the experiment. */
  readonly specification: Specification;
  readonly design: TrialDesign;
  readonly metrics: readonly SimulatedMetric[];
  readonly control: string;
  /** The period before the exposure, in milliseconds; null: nothing is made up in it. */
  readonly preMs: number | null;
  /** Records from this moment on are not made up. */
  readonly end: number;
  /** Converts the values of the context, such as versions. */
  readonly prepare: PrepareContext;
}

/** The time in which outcomes come whose window has no end. */
const OPEN_WINDOW_MS = 7 * DAY_MS;

/** The longest time between two turns of the event loop, in units. */
const UNITS_PER_TURN = 1000;

/**
 * Runs one experiment: units arrive, the specification decides, and what they do is recorded in a file.
 *
 * @param run its number; each has other units
 * @param turn is awaited now and then, so that a signal can arrive
 * @returns the number of units that met a variant
 * @throws OptionError (`option`) if no exposure is recorded
 */
export async function makeTrial(
  setup: TrialSetup,
  run: number,
  path: string,
  turn: () => Promise<void>,
): Promise<number> {
  const { design, specification, prepare } = setup;
  const random = new TrialRandom(design.seed, run);
  const file = new TrialFile(path);
  try {
    const { experiments, holdouts = [] } = specification;
    const recorder = new TrialRecorder(
      design.experiment,
      (bytes) => random.fill(bytes),
      (record) => file.write(record),
    );
    const snapshot = atOnce(
      Snapshot.steps(
        specification,
        createPolicy({ logger: false, random: () => random.next() }),
        recorder,
      ),
    );
    const units = generateUnits(pathsOf([...experiments, ...holdouts]), design.context, prepare);
    for (let i = 0; i < design.units; i++) {
      if (i % UNITS_PER_TURN === 0) await turn();
      playUnit(setup, snapshot, units.at(run * design.units + i), recorder, random);
    }
    if (recorder.exposures === 0) throw noExposures(design.experiment);
    return recorder.exposures;
  } finally {
    file.close();
  }
}

/** Plays one unit: its past, its exposure, and what it does then. */
function playUnit(
  { design, metrics, control, preMs, end }: TrialSetup,
  snapshot: Snapshot,
  context: object,
  recorder: TrialRecorder,
  random: TrialRandom,
): void {
  const arrival = design.start + random.below(arrivalDays(design) * DAY_MS);
  const participant = snapshot.participant(context, { now: new Date(arrival) });
  const traits: Traits[] = metrics.map(({ model }) => model.traits(random));
  const track = (index: number, lift: number, from: number, lengthMs: number): void => {
    const { model } = metrics[index] ?? {};
    for (const { name, properties } of model?.outcomes(random, traits[index] ?? STEADY, lift) ??
      []) {
      recorder.now = from + random.below(lengthMs);
      if (recorder.now < end) participant.track(name, properties);
    }
  };
  if (preMs !== null) {
    for (const index of metrics.keys()) track(index, 0, arrival - preMs, preMs);
  }
  recorder.now = arrival;
  const variant = participant.variant(design.experiment);
  participant.expose(design.experiment);
  if (variant === undefined) return;
  for (const [index, { spec, lift }] of metrics.entries()) {
    const { delayMs, windowMs } = spec;
    track(index, variant === control ? 0 : lift, arrival + delayMs, windowMs ?? OPEN_WINDOW_MS);
  }
}

const STEADY: Traits = { activity: 1, level: 1 };

function noExposures(experiment: string): OptionError {
  return new OptionError(
    `no exposure to ${quote(experiment)} was recorded; pass a --context whose audience splits units between variants`,
  );
}
