import { isSame } from '../../json/is-same.ts';
import { formatInstant } from '../../specification/instant.ts';
import { stepAt } from '../../specification/schedule/schedule.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';

/** The days after which a step is no news any more. */
const MAX_AGE_DAYS = 30;

const MS_PER_DAY = 86_400_000;

/** Finds steps of schedules that change nothing, and steps that came into force long ago. */
export function scheduleWarnings(entries: readonly Entry[], { today }: Circumstances): Warning[] {
  const old = Date.parse(today) - MAX_AGE_DAYS * MS_PER_DAY;
  return entries.flatMap(({ spec, path }): Warning[] => {
    const { schedule = [] } = spec;
    const warnings: Warning[] = [];
    const past = stepAt(spec, old);
    const step = schedule[past];
    if (step !== undefined) {
      const steps = past === 0 ? 'this step' : `the first ${past + 1} steps`;
      warnings.push({
        code: 'step-past',
        path: `${path}/schedule/${past}/at`,
        message:
          `this step came into force more than ${MAX_AGE_DAYS} days ago, at ${formatInstant(Date.parse(step.at))}; ` +
          `make its audiences those of "${spec.name}" and remove ${steps}`,
      });
    }
    for (const [i, { audiences }] of schedule.entries()) {
      const before = i === 0 ? spec : schedule[i - 1];
      if (!isSame(before?.audiences, audiences)) continue;
      const previous = i === 0 ? `"${spec.name}" itself` : `step ${i}`;
      warnings.push({
        code: 'step-unchanged',
        path: `${path}/schedule/${i}`,
        message: `this step changes nothing: it has the audiences of ${previous}; change or remove it`,
      });
    }
    return warnings;
  });
}

/**
 * Returns an entry for each list of audiences: those of the experiments and those of the steps of their
 * schedules.
 */
export function entriesBySteps(entries: readonly Entry[]): Entry[] {
  return entries.flatMap((entry) => [
    entry,
    ...(entry.spec.schedule ?? []).map(({ audiences }, i) => ({
      spec: { ...entry.spec, audiences },
      path: `${entry.path}/schedule/${i}`,
    })),
  ]);
}

/** Returns the entries with all audiences that they ever have. */
export function entriesAtAnyTime(entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => {
    const { spec } = entry;
    if (spec.schedule === undefined) return entry;
    const later = spec.schedule.flatMap(({ audiences }) => audiences);
    return { ...entry, spec: { ...spec, audiences: [...spec.audiences, ...later] } };
  });
}
