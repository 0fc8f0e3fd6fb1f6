/** The version of the records' form; a change that readers must know of raises it. */
export const RECORD_VERSION = 1;

/** What all records have. */
interface RecordBase {
  /** The version of this form: 1. */
  readonly version: number;
  /**
   * Time-ordered UUID (version 7, RFC 9562): the key by which readers merge records delivered
   * twice.
   */
  readonly id: string;
  /** When it happened: ISO 8601 in UTC with milliseconds, `2027-01-31T12:00:00.000Z`. */
  readonly time: string;
  /** What the application calls itself, where it does. */
  readonly service?: string;
  /** What the application calls the visit, where it does. */
  readonly session?: string;
}

/** That a participant met a variant. */
export interface ExposureRecord extends RecordBase {
  readonly event: 'exposure';
  readonly experiment: string;
  readonly seed: string;
  /** Changes whenever the specification's assignments may have changed. */
  readonly checksum: string;
  readonly variant: string;
  /** The identity's path in the context, `user.id`; `random` for a draw. */
  readonly identity: string;
  /** The identity's value as text, or its keyed hash; absent for a draw. */
  readonly unit?: string;
  /** Whether the unit was too long and has been cut. */
  readonly unitCut?: true;
  /** The audience's place among the experiment's, from 0 on; absent for an override. */
  readonly audience?: number;
  /** 0–99; absent where no bucket was needed. */
  readonly bucket?: number;
  /** Whether the variant was forced: to be left out of analysis. */
  readonly overridden: boolean;
  /** Attributes of the context, by path, that the application allows to be recorded. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What a participant did, to be joined with its exposures by the unit. */
export interface OutcomeRecord extends RecordBase {
  readonly event: 'outcome';
  /** What happened: `purchase`. */
  readonly name: string;
  /** The units it can be joined by: text by identity path. */
  readonly units: Readonly<Record<string, string>>;
  /** What the application says about it: `{ value: 12.5 }`. */
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What sinks are given. */
export type EventRecord = ExposureRecord | OutcomeRecord;
