import { formatInstant } from '../../../specification/instant.ts';
import { FAILED } from '../../../workbench/simulate/plan/assigner.ts';
import type { Job } from '../../../workbench/simulate/job.ts';
import type { Plan } from '../../../workbench/simulate/plan/plan.ts';
import type { Summary } from '../../../workbench/simulate/summary/summary.ts';

/** Converts a simulation to JSON: the figures of the tables, and the preview with variant names. */
export function simulationJson(summary: Summary, plan: Plan, { units, preview, now }: Job): object {
  const { preview: rows, ...rest } = summary;
  const matters = plan.assigners.some(({ experiment }) => experiment.spec.schedule !== undefined);
  const first = units.kind === 'file' ? 1 : 0;
  return {
    source: units.kind === 'file' ? { contexts: units.shown } : { requested: units.count },
    ...(matters && { at: formatInstant(now) }),
    ...rest,
    ...(preview > 0 && {
      preview: rows.map(({ unit, cells }) => ({
        [units.kind === 'file' ? 'line' : 'unit']: unit + first,
        variants: Object.fromEntries(
          plan.assigners.map(({ experiment, cells: known }, i) => [
            experiment.name,
            known[cells[i] ?? FAILED]?.variant ?? null,
          ]),
        ),
      })),
    }),
  };
}
