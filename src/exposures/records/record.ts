/** The version of the records' format, raised by changes that readers must know about. */
export const RECORD_VERSION = 1;

/** The fields of all records. */
interface RecordBase {
  /** The version of this format: 1. */
  readonly version: number;
  /**
   * Time-ordered UUID (version 7, RFC 9562): the key by which readers merge records delivered
   * twice.
   */
  readonly id: string;
  /** The time: ISO 8601 in UTC with milliseconds, `2027-01-31T12:00:00.000Z`. */
  readonly time: string;
  /** The application's name, if it is configured. */
  readonly service?: string;
  /** The id of the visit, if the application has one. */
  readonly session?: string;
}

/** The record that a participant saw a variant. */
export interface ExposureRecord extends RecordBase {
  readonly event: 'exposure';
  readonly experiment: string;
  readonly seed: string;
  /** A checksum that changes whenever the experiment's assignments may have changed. */
  readonly checksum: string;
  readonly variant: string;
  /** The identity's path in the context, `user.id`; `random` for a draw. */
  readonly identity: string;
  /** The identity's value as text, or its keyed hash; absent for a draw. */
  readonly unit?: string;
  /** True if the unit was too long and has been cut. */
  readonly unitCut?: true;
  /** The audience's position in the experiment, from 0; absent for an override and a kept variant. */
  readonly audience?: number;
  /** 0–99, or 0–9999 of 10,000 buckets; absent if no bucket was needed. */
  readonly bucket?: number;
  /** True if the variant was forced. Analyses leave such records out. */
  readonly overridden: boolean;
  /** True if the participant kept an earlier variant: such a record has no audience and no bucket. */
  readonly sticky?: true;
  /** The context values that the application allows to be recorded, by path. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The record of an event of a participant, to be joined with its exposures by the unit. */
export interface OutcomeRecord extends RecordBase {
  readonly event: 'outcome';
  /** The event's name: `purchase`. */
  readonly name: string;
  /** The units to join by: text by identity path. */
  readonly units: Readonly<Record<string, string>>;
  /** More about the event: `{ value: 12.5 }`. */
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** A record that sinks receive. */
export type EventRecord = ExposureRecord | OutcomeRecord;
