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
  /** The experiments whose rules ask for its variant; absent if there are none. */
  readonly askedBy?: readonly string[];
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
  const askers = askersIn(specs);
  const experiments = Array.from(byName.values(), ({ spec, places: found }) => {
    const stale = staleReason(spec, today);
    const askedBy = askers.get(spec.name);
    return {
      name: spec.name,
      places: found,
      ...(askedBy && { askedBy }),
      ...(stale !== undefined && { stale }),
    };
  });
  return { files, experiments, unknown, dynamic };
}

/** Returns true if anything needs attention. */
export function hasFindings({ experiments, unknown }: UsageReport): boolean {
  return (
    unknown.length > 0 || experiments.some((usage) => isUnused(usage) || usage.stale !== undefined)
  );
}

/** Returns true if no code uses the experiment, and no rule asks for it. */
export function isUnused({ places, askedBy }: ExperimentUsage): boolean {
  return places.length === 0 && askedBy === undefined;
}

/** Returns the experiments whose rules ask for the variant of another, by the other's name. */
function askersIn(specs: readonly ExperimentSpec[]): ReadonlyMap<string, readonly string[]> {
  const askers = new Map<string, string[]>();
  for (const { name, prerequisites = [] } of specs) {
    for (const other of prerequisites) {
      askers.set(other.name, [...(askers.get(other.name) ?? []), name]);
    }
  }
  return askers;
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
