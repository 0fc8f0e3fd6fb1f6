import { FAILED } from './assigner.ts';
import type { Job } from './job.ts';
import type { Plan } from './plan.ts';
import type { Summary } from './summary.ts';

/** A simulation for machines: what the tables show, and the preview with names. */
export function simulationJson(summary: Summary, plan: Plan, { units, preview }: Job): object {
  const { preview: rows, ...rest } = summary;
  const first = units.kind === 'file' ? 1 : 0;
  return {
    source: units.kind === 'file' ? { contexts: units.shown } : { requested: units.count },
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
