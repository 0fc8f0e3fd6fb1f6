import {
  identityLabel,
  identityPaths,
  isSameIdentity,
} from '../../specification/identity-paths.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { Entry, Warning } from './warning.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';

/** Finds experiments that share a seed and an identity, and so depend on each other. */
export function seedWarnings(entries: readonly Entry[]): Warning[] {
  const first = new Map<string, ExperimentSpec>();
  return entries.flatMap(({ spec, path }): Warning[] => {
    const { name, identity, seed } = spec;
    if (identity === RANDOM_IDENTITY || !deals(spec)) return [];
    const keys = identityPaths(identity).map((one) => ({ one, key: JSON.stringify([one, seed]) }));
    const shared = keys.find(({ key }) => first.has(key));
    const other = shared && first.get(shared.key);
    for (const { key } of keys) if (!first.has(key)) first.set(key, spec);
    if (other === undefined) return [];
    const who = isSameIdentity(identity, other.identity)
      ? `and the identity ${identityLabel(identity)} are also those of "${other.name}", so a participant`
      : `is also that of "${other.name}", so a participant whom both identify by ${shared?.one}`;
    return [
      {
        code: 'same-seed',
        path: seed === name ? `${path}/name` : `${path}/seed`,
        message:
          `the seed ${JSON.stringify(seed)} ${who} has the same bucket in both and the variant in one ` +
          `predicts the variant in the other; give "${name}" its own seed, unless it continues ` +
          `"${other.name}"`,
      },
    ];
  });
}

/** Returns true if some audience splits its buckets between variants. */
export function deals({ audiences }: ExperimentSpec): boolean {
  return audiences.some(
    ({ allocations }) =>
      new Set(allocations.filter(({ percent }) => percent > 0).map(({ variant }) => variant)).size >
      1,
  );
}
