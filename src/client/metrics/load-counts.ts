import type { ErrorCode } from '../../errors/evenhand-error.ts';

/** Counts of the loads of a client's source, and of the switches of its schedules, for metrics. */
export interface LoadCounts {
  /** The loads after which the source's delivery is in force, new or not. */
  good: number;
  /** The loads that put a new delivery in force. */
  changed: number;
  /** The loads that failed or were refused, by the code of the error. */
  readonly failed: Map<ErrorCode, number>;
  /** The changes of the audiences in force by a schedule. */
  switches: number;
}

/** Counts a load that failed. */
export function countFailure({ failed }: LoadCounts, code: ErrorCode): void {
  failed.set(code, (failed.get(code) ?? 0) + 1);
}
