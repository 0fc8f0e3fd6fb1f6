import { RANDOM_IDENTITY } from '../../assignment/experiment.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { Entry, Warning } from './warning.ts';

/** Experiments that deal the same participants by the same buckets, and so depend on each other. */
export function seedWarnings(entries: readonly Entry[]): Warning[] {
  const first = new Map<string, ExperimentSpec>();
  return entries.flatMap(({ spec, path }): Warning[] => {
    const { name, identity, seed } = spec;
    if (identity === RANDOM_IDENTITY || !deals(spec)) return [];
    const key = JSON.stringify([identity, seed]);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, spec);
      return [];
    }
    return [
      {
        code: 'same-seed',
        path: seed === name ? `${path}/name` : `${path}/seed`,
        message:
          `the seed ${JSON.stringify(seed)} and the identity ${identity} are those of "${other.name}" ` +
          'too, so a participant is in the same bucket in both, and who gets what in one tells who ' +
          `gets what in the other; give "${name}" a seed of its own, unless it continues ` +
          `"${other.name}"`,
      },
    ];
  });
}

/** Whether buckets decide anything. */
function deals({ audiences }: ExperimentSpec): boolean {
  return audiences.some(
    ({ allocations }) =>
      new Set(allocations.filter(({ percent }) => percent > 0).map(({ variant }) => variant)).size >
      1,
  );
}
