import { AsyncResource } from 'node:async_hooks';
import type { Snapshot } from '../assignment/snapshot.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { inSlices } from '../runtime/in-slices.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Steps } from '../runtime/steps.ts';
import { formatInstant } from '../specification/instant.ts';
import {
  latestSwitch,
  nextSwitch,
  revisionAt,
  type SchedulePlace,
  specificationAt,
} from '../specification/schedule/schedule.ts';
import type { ChangeNote } from '../specification/raw.ts';
import type { Revision, Specification } from '../specification/types.ts';

/** The schedule of a snapshot. */
export interface FollowedSchedule {
  /** As the file has it. */
  readonly specification: Specification;
  /** The source's own. */
  readonly revision: Revision | undefined;
  /** The snapshot has the right audiences from this instant, in milliseconds since 1970. */
  readonly fromMs: number;
  /** It has them until just before this instant. */
  readonly untilMs: number;
}

/** A snapshot that is ready to be put in force. */
export interface Prepared {
  readonly snapshot: Snapshot;
  /** Undefined if no experiment has a schedule. */
  readonly schedule: FollowedSchedule | undefined;
}

/** The needs of a {@link ScheduleClock}. */
export interface ClockOptions {
  readonly compile: (
    specification: Specification,
    revision: Revision | undefined,
  ) => Steps<Snapshot>;
  /** Puts a snapshot in force because an instant of its schedule has come; the notes are for the log. */
  readonly put: (prepared: Prepared, notes: readonly ChangeNote[]) => void;
  /** Does not throw. */
  readonly logger: Logger;
}

/**
 * The longest time between two looks at the clock, in milliseconds. A timer does not notice that the
 * computer has slept or that its clock was set; then a switch is at most this late. The wait is also far
 * below the longest timeout, about 24.8 days.
 */
const MAX_WAIT_MS = 30_000;

/** The most snapshots that are compiled in a row because the next instant has come in the meantime. */
const MAX_TRIES = 3;

/** Creates a clock; most clients need none. */
export function startScheduleClock(options: ClockOptions): ScheduleClock {
  return new ScheduleClock(options);
}

/**
 * Puts the steps of schedules in force. One timer looks at the computer's clock at each instant of the
 * schedule, and every 30 seconds besides. The present time alone decides: a clock that jumps forward or
 * back leads to the step that it shows. Decisions don't look at the clock.
 */
export class ScheduleClock {
  private readonly options: ClockOptions;
  private readonly look: () => void;
  private readonly closing = new AbortController();
  private followed: FollowedSchedule | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: ClockOptions) {
    this.options = options;
    // A request may cause the load that starts the timer, but switches are not part of it.
    this.look = AsyncResource.bind(() => void this.check());
  }

  /** The latest instant of the schedules that has passed and the next one, as ISO 8601. */
  get place(): SchedulePlace {
    const { fromMs, untilMs } = this.followed ?? NEVER;
    return {
      ...(Number.isFinite(fromMs) && { since: formatInstant(fromMs) }),
      ...(Number.isFinite(untilMs) && { next: formatInstant(untilMs) }),
    };
  }

  /** Compiles the audiences that are in force now. */
  *prepare(specification: Specification, revision: Revision | undefined): Steps<Prepared> {
    const now = Date.now();
    const schedule = {
      specification,
      revision,
      fromMs: latestSwitch(specification, now) ?? NEVER.fromMs,
      untilMs: nextSwitch(specification, now) ?? NEVER.untilMs,
    };
    const snapshot = yield* this.options.compile(
      specificationAt(specification, now),
      revisionAt(specification, now, revision),
    );
    return { snapshot, schedule };
  }

  /** Returns a prepared snapshot, or a new one if an instant has come while it was prepared. */
  *upToDate(prepared: Prepared): Steps<Prepared> {
    let latest = prepared;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { schedule } = latest;
      if (schedule === undefined || isPresent(schedule)) break;
      latest = yield* this.prepare(schedule.specification, schedule.revision);
    }
    return latest;
  }

  /**
   * Follows the schedule of the snapshot that has come into force.
   *
   * @param schedule undefined if it has none
   */
  follow(schedule: FollowedSchedule | undefined): void {
    this.followed = schedule;
    const isLate = schedule !== undefined && !isPresent(schedule);
    this.wait(isLate ? Date.now() : schedule?.untilMs);
  }

  /** Ends the switches. */
  close(): void {
    this.closing.abort();
    this.follow(undefined);
  }

  /** Looks at the clock at an instant, and before that if it is far away. */
  private wait(untilMs: number | undefined): void {
    clearTimeout(this.timer);
    if (untilMs === undefined || this.closing.signal.aborted) return;
    const leftMs = Math.max(1, untilMs - Date.now());
    this.timer = setTimeout(this.look, Math.min(leftMs, MAX_WAIT_MS));
    this.timer.unref();
  }

  private async check(): Promise<void> {
    const { followed } = this;
    if (followed === undefined) return;
    if (isPresent(followed)) {
      this.wait(followed.untilMs);
      return;
    }
    try {
      const { specification, revision } = followed;
      const prepared = await inSlices(this.switched(specification, revision), this.closing.signal);
      // Otherwise a load has put another specification in force, which has a timer of its own.
      if (this.followed === followed) this.options.put(prepared, switchNotes(prepared));
    } catch (error) {
      if (this.closing.signal.aborted || this.followed !== followed) return;
      this.options.logger.error(
        `evenhand: the step of a schedule can't be put in force: ${thrownMessage(error)}; trying again in ${MAX_WAIT_MS / 1000} s`,
      );
      this.wait(Date.now() + MAX_WAIT_MS);
    }
  }

  private *switched(specification: Specification, revision: Revision | undefined): Steps<Prepared> {
    return yield* this.upToDate(yield* this.prepare(specification, revision));
  }
}

/** Returns the note about a switch for the log and the event. */
function switchNotes({ schedule }: Prepared): readonly ChangeNote[] {
  const { fromMs } = schedule ?? NEVER;
  return [
    { reason: 'by schedule', at: Number.isFinite(fromMs) ? formatInstant(fromMs) : undefined },
  ];
}

/** The bounds if no instant has passed, or none is left. */
const NEVER = { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };

function isPresent({ fromMs, untilMs }: FollowedSchedule): boolean {
  const now = Date.now();
  return fromMs <= now && now < untilMs;
}
