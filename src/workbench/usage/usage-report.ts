import { didYouMean } from '../../errors/did-you-mean.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { Place, Scan } from './scan.ts';
import { staleReason } from './stale.ts';

/** A place in the report. */
export type ReportedPlace = Omit<Place, 'certain'>;

/** The uses of an experiment. */
export interface ExperimentUsage {
  readonly name: string;
  readonly places: readonly ReportedPlace[];
  /** The reason to clean it up; absent if there is none. */
  readonly stale?: string;
}

/** A place that names an unknown experiment or variant. */
export interface UnknownPlace extends ReportedPlace {
  /** The unknown variant; absent if the experiment itself is unknown. */
  readonly variant?: string;
  /** The name that was probably intended. */
  readonly meant?: string;
}

/** The comparison of the code with the specification. */
export interface UsageReport {
  /** The number of searched files. */
  readonly files: number;
  /** In the order of the specification. */
  readonly experiments: readonly ExperimentUsage[];
  readonly unknown: readonly UnknownPlace[];
  /** Places whose experiment is computed. */
  readonly dynamic: readonly ReportedPlace[];
}

/**
 * Compares the uses in the code with the specification.
 *
 * @param today as `2027-03-31`; experiments that expired before it are stale
 */
export function reportUsage(
  specs: readonly ExperimentSpec[],
  { files, places }: Scan,
  today: string,
): UsageReport {
  const byName = new Map(specs.map((spec) => [spec.name, { spec, places: [] as ReportedPlace[] }]));
  const unknown: UnknownPlace[] = [];
  const dynamic: ReportedPlace[] = [];
  for (const { certain, ...place } of places) {
    const { name } = place;
    if (name === undefined) {
      dynamic.push(place);
      continue;
    }
    const known = byName.get(name);
    if (known === undefined) {
      if (certain) unknown.push({ ...place, ...meant(name, byName.keys()) });
      continue;
    }
    known.places.push(place);
    unknown.push(...unknownVariants(place, known.spec));
  }
  const experiments = Array.from(byName.values(), ({ spec, places: found }) => {
    const stale = staleReason(spec, today);
    return { name: spec.name, places: found, ...(stale !== undefined && { stale }) };
  });
  return { files, experiments, unknown, dynamic };
}

/** Returns true if anything needs attention. */
export function hasFindings({ experiments, unknown }: UsageReport): boolean {
  return (
    unknown.length > 0 ||
    experiments.some(({ places, stale }) => places.length === 0 || stale !== undefined)
  );
}

function unknownVariants(place: ReportedPlace, { variants }: ExperimentSpec): UnknownPlace[] {
  const declared = variants.map(({ name }) => name);
  return place.variants
    .filter((variant) => !declared.includes(variant))
    .map((variant) => ({ ...place, variant, ...meant(variant, declared) }));
}

function meant(word: string, candidates: Iterable<string>): { meant?: string } {
  const found = didYouMean(word, candidates);
  return found === undefined ? {} : { meant: found };
}
