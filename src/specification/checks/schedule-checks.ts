import { member } from '../../json/own.ts';
import { readInstant } from '../instant.ts';
import type { Note } from '../note.ts';

/** The most steps of a schedule. Plans have a few; the bound keeps each switch short. */
const MAX_STEPS = 100;

/**
 * Reports the problems of a schedule that a schema can't describe: instants that don't exist, are given
 * twice or are out of order, and those of each step's audiences.
 *
 * @param path of the schedule
 * @param checkAudiences checks the audiences of a step; its second argument is the path of the step
 */
export function checkSchedule(
  schedule: readonly unknown[],
  path: string,
  checkAudiences: (step: unknown, path: string) => void,
  note: Note,
): void {
  if (schedule.length > MAX_STEPS) {
    note(
      path,
      () =>
        `the schedule has ${schedule.length} steps, more than ${MAX_STEPS}; remove those that are past`,
    );
  }
  const known = new Map<number, number>();
  let previous: { readonly index: number; readonly ms: number } | undefined;
  for (const [index, step] of schedule.slice(0, MAX_STEPS).entries()) {
    const place = `${path}/${index}`;
    checkAudiences(step, place);
    const at = member(step, 'at');
    const read = typeof at === 'string' ? readInstant(at) : undefined;
    if (read === undefined) continue;
    if ('problem' in read) {
      note(`${place}/at`, () => `at ${read.problem}`);
      continue;
    }
    const { ms } = read;
    const same = known.get(ms);
    if (same !== undefined) noteSame(index, same, place, note);
    else if (previous !== undefined && ms < previous.ms) {
      noteOrder(index, previous.index, place, note);
    }
    known.set(ms, same ?? index);
    previous = { index, ms };
  }
}

function noteSame(index: number, same: number, place: string, note: Note): void {
  note(
    `${place}/at`,
    () =>
      `step ${index + 1} is at the same instant as step ${same + 1}; remove one of them, or change its "at"`,
  );
}

function noteOrder(index: number, previous: number, place: string, note: Note): void {
  note(
    `${place}/at`,
    () =>
      `step ${index + 1} is earlier than step ${previous + 1}; list the steps in the order of their instants`,
  );
}
