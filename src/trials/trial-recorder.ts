import type { DecisionListener, NamespaceExposure, TrackedEvent } from '../assignment/listener.ts';
import { Outcome } from '../assignment/outcome.ts';
import { SeenUnits } from '../exposures/deduplication/seen-units.ts';
import type { EventRecord } from '../exposures/records/record.ts';
import { Recorder } from '../exposures/records/recorder.ts';
import { readHappening } from '../exposures/records/tracked-event.ts';
import { UnitReader } from '../exposures/records/unit-reader.ts';
import { UuidSequence } from '../exposures/records/uuid.ts';
import type { FillRandom } from '../exposures/records/uuid.ts';

/** The remembered exposures: made-up units come once, so nothing has to be remembered for long. */
const REMEMBERED = 1000;

/** Records what made-up units do, as an application's exposures do, at the time of a clock that is set. */
export class TrialRecorder implements DecisionListener {
  /** The time of the next records, in milliseconds since 1970. */
  now = 0;
  /** The number of recorded exposures of the experiment. */
  exposures = 0;
  private readonly recorder: Recorder;
  private readonly units = new UnitReader();
  private readonly experiment: string;
  private readonly write: (record: EventRecord) => void;

  /**
   * Makes a recorder.
   *
   * @param experiment the name of the experiment whose exposures are counted
   * @param write is called with each record
   */
  constructor(experiment: string, fill: FillRandom, write: (record: EventRecord) => void) {
    this.experiment = experiment;
    this.write = write;
    this.recorder = new Recorder({
      seen: new SeenUnits(
        REMEMBERED,
        Number.MAX_SAFE_INTEGER,
        () => this.now,
        () => 0,
      ),
      ids: new UuidSequence(fill),
      now: () => this.now,
      secret: undefined,
      contextValues: undefined,
      service: undefined,
      session: undefined,
    });
  }

  /** Forces no variant. */
  before(): undefined {}

  /** Does nothing: decisions alone are not recorded. */
  after(): void {}

  /** Records an exposure. */
  exposed(exposure: Outcome | NamespaceExposure, context: object): undefined {
    const recorded =
      exposure instanceof Outcome
        ? this.recorder.exposure(exposure, exposure.unit, context)
        : this.recorder.exposureInNamespace(exposure, context);
    if (typeof recorded !== 'object') return;
    if (recorded.record.experiment === this.experiment) this.exposures++;
    this.write(recorded.record);
  }

  /** Records an outcome. */
  tracked(event: TrackedEvent): void {
    const happening = readHappening(event);
    if ('problem' in happening) throw new TypeError(happening.problem);
    const units = this.units.read(event, undefined);
    this.write(this.recorder.outcome({ ...happening, units }, event.context).record);
  }
}
