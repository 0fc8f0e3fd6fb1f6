import type { NamespaceExposure, Visitor } from '../../assignment/listener.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import { VARIANT_PARAMETER } from '../../specification/schema/namespace-shape.ts';
import type { JsonValue } from '../../json/value.ts';
import { identityPaths } from '../../specification/identity-paths.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { type ContextValues, cutText, readText } from './context-values.ts';
import { type EventRecord, type ExposureRecord, RECORD_VERSION } from './record.ts';
import { type SeenUnits, unitKey } from '../deduplication/seen-units.ts';
import { type Subject, Subjects } from './subjects.ts';
import type { UuidSequence } from './uuid.ts';

/** The dependencies of a recorder. */
export interface RecorderSetup {
  readonly seen: SeenUnits;
  readonly ids: UuidSequence;
  /** Returns the milliseconds since 1970. */
  readonly now: () => number;
  /** The key of the hashes that are recorded instead of units; undefined records the units. */
  readonly secret: string | undefined;
  /** Undefined if no values may be recorded. */
  readonly contextValues: ContextValues | undefined;
  readonly service: string | undefined;
  /** The keys of the session's path in the context. */
  readonly session: readonly string[] | undefined;
}

/** A record with the approximate length of its JSON. */
export interface Recorded<R extends EventRecord = EventRecord> {
  readonly record: R;
  readonly bytes: number;
}

/** An exposure before it becomes a record. */
export interface Exposure {
  readonly subject: Subject;
  readonly variant: string;
  readonly unit: string | undefined;
  readonly audience: number | undefined;
  readonly bucket: number | undefined;
  readonly overridden: boolean;
  /** True if the participant kept an earlier variant. */
  readonly sticky: boolean;
}

/** An event before it becomes a record. */
export interface Happening {
  readonly name: string;
  /** The units that were read: text by identity path. */
  readonly units: ReadonlyMap<string, string>;
  readonly properties: Readonly<Record<string, JsonValue>> | undefined;
  /** The approximate length of the properties as JSON. */
  readonly bytes: number;
}

/**
 * The reason why an exposure is not recorded. `known`: the unit has seen the variant before; `unseen`: no
 * person sees the response; undefined: there is nothing to compare, because the audience gives all
 * buckets to one variant.
 */
export type NotRecorded = 'known' | 'unseen' | undefined;

/** The fields of an exposure that no audience decided. */
export const UNDEALT = { audience: undefined, bucket: undefined, sticky: false } as const;

type Writable<R> = { -readonly [Name in keyof R]: R[Name] };

/** The most UTF-16 code units of a unit that are recorded. */
export const MAX_UNIT_LENGTH = 1000;

/** The longest JSON of parameters that is recorded. Cutting it would make variants equal. */
const MAX_PARAMS_LENGTH = 500;

/** The hexadecimal digits of the hash of longer parameters: 64 bits. */
const PARAMS_DIGITS = 16;

/** The length of a record's field names, quotes, id and time as JSON. */
const FIXED_BYTES = 300;

/**
 * Begins the keys of overridden exposures, so that the participant's exposure without the override is
 * still recorded later. It is the whole key of those without a unit.
 */
const FORCED = '\u0000';

/** Creates the records of exposures and events, and each exposure once. */
export class Recorder {
  private readonly setup: RecorderSetup;
  private readonly subjects = new Subjects();
  private lastMs = Number.NaN;
  private lastTime = '';
  private lastExperiment: object | undefined;
  private lastSubject: Subject | undefined;

  constructor(setup: RecorderSetup) {
    this.setup = setup;
  }

  /**
   * Returns the record of an exposure to an experiment of the specification.
   *
   * @param visitor absent without a request
   * @param identity the path of the unit. Default: the path that decided
   */
  exposure(
    outcome: Outcome,
    unit: string | undefined,
    context: object,
    visitor?: Visitor,
    identity: string | undefined = outcome.identityPath,
  ): Recorded<ExposureRecord> | NotRecorded {
    const { variant, bucket, experiment, audience } = outcome;
    const { reason } = outcome;
    const overridden = reason === 'override';
    const sticky = reason === 'sticky';
    if (variant === undefined) return undefined;
    if (bucket === undefined && !overridden && !sticky) return undefined;
    // Before deduplication: the unit may see the variant later.
    if (visitor?.isUnseen() === true) return 'unseen';
    let subject = this.lastSubject;
    const path = identity ?? lastIdentity(experiment.spec);
    if (
      this.lastExperiment !== experiment ||
      subject?.current !== true ||
      subject.identity !== path
    ) {
      subject = this.subjects.ofExperiment(experiment, path);
      this.lastExperiment = experiment;
      this.lastSubject = subject;
    }
    const key = keyOf(unit, overridden);
    if (!this.isNew(subject, variant, key)) return 'known';
    const place = audience === undefined ? undefined : placeOf(experiment.spec, outcome);
    const exposure = { subject, variant, unit, audience: place, bucket, overridden, sticky };
    return this.write(exposure, context);
  }

  /**
   * Returns the record for an experiment of a namespace. Without variants, its parameters count.
   */
  exposureInNamespace(
    { namespace, added, unit, params, overridden }: NamespaceExposure,
    context: object,
    visitor?: Visitor,
  ): Recorded<ExposureRecord> | NotRecorded {
    if (visitor?.isUnseen() === true) return 'unseen';
    const subject = this.subjects.ofAddition(namespace, added);
    const named = added.hasVariants ? params[VARIANT_PARAMETER] : undefined;
    const variant = typeof named === 'string' ? named : paramsText(params);
    const exposure = { ...UNDEALT, subject, variant, unit, overridden };
    return this.exposureOf(exposure, context);
  }

  /** Returns the record of an exposure that no audience decided. */
  exposureOf(exposure: Exposure, context: object): Recorded<ExposureRecord> | 'known' {
    const { subject, variant, unit, overridden } = exposure;
    // All variants share one group: if they are parameters, there can be as many as units.
    const key =
      unit === undefined ? undefined : unitKey(`${overridden ? FORCED : ''}${variant}\n${unit}`);
    return this.isNew(subject, '', key) ? this.write(exposure, context) : 'known';
  }

  /** Returns the subject of an experiment that has no specification. */
  subjectOf(...figures: Parameters<Subjects['of']>): Subject {
    return this.subjects.of(...figures);
  }

  /** Returns the record of an event. */
  outcome({ name, units, properties, bytes }: Happening, context: object): Recorded {
    const { secret } = this.setup;
    const unitTexts: Record<string, string> = {};
    let size = FIXED_BYTES + name.length + bytes;
    for (const [path, unit] of units) {
      const text = unitText(unit, secret);
      unitTexts[path] = text;
      size += path.length + text.length;
    }
    const record: Writable<EventRecord> = {
      version: RECORD_VERSION,
      ...this.stamp(),
      event: 'outcome',
      name,
      units: unitTexts,
    };
    if (properties !== undefined) record.properties = properties;
    return { record, bytes: size + this.addCircumstances(record, context) };
  }

  private isNew(subject: Subject, variant: string, key: string | undefined): boolean {
    // Without a unit, each exposure counts as another participant.
    if (key === undefined) return true;
    const group = subject.units.get(variant) ?? this.subjects.addGroup(subject, variant);
    return this.setup.seen.isNew(group, key);
  }

  private write(
    { subject, variant, unit, audience, bucket, overridden, sticky }: Exposure,
    context: object,
  ): Recorded<ExposureRecord> {
    const { secret } = this.setup;
    const { experiment, seed, checksum, identity } = subject;
    const { id, time } = this.stamp();
    // An object literal: spreading takes longer than all the rest.
    const record: Writable<ExposureRecord> = {
      version: RECORD_VERSION,
      id,
      time,
      event: 'exposure',
      experiment,
      seed,
      checksum,
      variant,
      identity,
      overridden,
    };
    let bytes = FIXED_BYTES + experiment.length + seed.length + variant.length + identity.length;
    if (unit !== undefined) {
      record.unit = unitText(unit, secret);
      bytes += record.unit.length;
      if (isCut(unit, secret)) record.unitCut = true;
    }
    if (audience !== undefined) record.audience = audience;
    if (bucket !== undefined) record.bucket = bucket;
    if (sticky) record.sticky = true;
    return { record, bytes: bytes + this.addCircumstances(record, context) };
  }

  private stamp(): { id: string; time: string } {
    const now = this.setup.now();
    // Records of one millisecond share the text: under load there are many.
    if (now !== this.lastMs) {
      this.lastMs = now;
      this.lastTime = new Date(now).toISOString();
    }
    return { id: this.setup.ids.next(now), time: this.lastTime };
  }

  /** @returns the approximate length of the added JSON */
  private addCircumstances(record: Writable<EventRecord>, context: object): number {
    const { contextValues, service, session } = this.setup;
    let bytes = 0;
    if (service !== undefined) {
      record.service = service;
      bytes += service.length;
    }
    const visit = session && readText(context, session);
    if (visit !== undefined) {
      record.session = visit;
      bytes += visit.length;
    }
    const values = contextValues?.of(context);
    if (values !== undefined) {
      record.context = values;
      bytes += JSON.stringify(values).length;
    }
    return bytes;
  }
}

/** Returns the key by which an exposure is remembered; undefined if it is always new. */
function keyOf(unit: string | undefined, overridden: boolean): string | undefined {
  if (overridden) return unit === undefined ? FORCED : unitKey(FORCED + unit);
  return unit === undefined ? undefined : unitKey(unit);
}

/**
 * Returns the last path of a list of identities. It stands for the unit of an override without any
 * available identity: a record has a path.
 */
function lastIdentity({ identity }: ExperimentSpec): string {
  return identityPaths(identity).at(-1) ?? '';
}

/** Returns the position of the audience that decided, from 0. */
function placeOf({ audiences }: ExperimentSpec, { audience }: Outcome): number | undefined {
  return audience === undefined ? undefined : audiences.indexOf(audience.spec);
}

/** Returns the recorded text of a unit: cut, or its HMAC-SHA-256 in hexadecimal digits. */
export function unitText(unit: string, secret: string | undefined): string {
  if (secret !== undefined) {
    return nodeCrypto().createHmac('sha256', secret).update(unit).digest('hex');
  }
  return unit.length > MAX_UNIT_LENGTH ? cutText(unit, MAX_UNIT_LENGTH) : unit;
}

/** Returns true if the recorded text is only a part of the unit. */
export function isCut(unit: string, secret: string | undefined): boolean {
  return secret === undefined && unit.length > MAX_UNIT_LENGTH;
}

/**
 * Returns the variant of an experiment that has parameters and no variants: the JSON of its parameters,
 * such as `{"button_text":"Buy"}`. JSON of more than 500 characters becomes `sha256:` and 16 digits.
 */
export function paramsText(params: Readonly<Record<string, unknown>>): string {
  let text: string;
  try {
    text = JSON.stringify(params);
  } catch (thrown) {
    return thrownMessage(thrown).slice(0, MAX_PARAMS_LENGTH);
  }
  if (text.length <= MAX_PARAMS_LENGTH) return text;
  return `sha256:${nodeCrypto().hash('sha256', text).slice(0, PARAMS_DIGITS)}`;
}
