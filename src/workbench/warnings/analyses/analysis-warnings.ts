import { quote } from '../../../errors/show-value.ts';
import { RANDOM_IDENTITY } from '../../../specification/reserved-identities.ts';
import type { AnalysisSpec } from '../../../specification/metric-types.ts';
import type { Specification } from '../../../specification/types.ts';
import type { Circumstances, Entry, Warning } from '../warning.ts';

/** An experiment or a holdout with its analysis. */
interface Analysed {
  readonly name: string;
  readonly analysis?: AnalysisSpec;
}

/**
 * Finds likely mistakes in analyses: of experiments that are never recorded, or whose exposures can't be
 * joined to outcomes, and planned ends that are past.
 */
export function analysisWarnings(
  { holdouts = [], namespaces }: Pick<Specification, 'holdouts' | 'namespaces'>,
  entries: readonly Entry[],
  { today }: Circumstances,
): Warning[] {
  return [
    ...entries.flatMap(({ spec, path }) => [
      ...unrecorded(spec, spec.exposure, 'the experiment', path),
      ...unjoined(spec, spec.identity, path),
      ...ended(spec, path, today),
    ]),
    ...holdouts.flatMap((holdout, i) => ended(holdout, `/holdouts/${i}`, today)),
    ...namespaces.flatMap((namespace, i) =>
      namespace.experiments.flatMap((experiment, j) => {
        const path = `/namespaces/${i}/experiments/${j}`;
        return [
          ...unrecorded(experiment, namespace.exposure, 'the namespace', path),
          ...ended(experiment, path, today),
        ];
      }),
    ),
  ];
}

function unrecorded(
  { name, analysis }: Analysed,
  exposure: string,
  owner: string,
  path: string,
): Warning[] {
  if (analysis === undefined || exposure !== 'off') return [];
  const message =
    `${quote(name)} has an analysis, but its exposures are not recorded; set "exposure": "auto" on ` +
    `${owner}, or remove "analysis"`;
  return [{ code: 'analysis-unrecorded', path: `${path}/analysis`, side: 'key', message }];
}

function unjoined({ name, analysis }: Analysed, identity: unknown, path: string): Warning[] {
  if (analysis === undefined || identity !== RANDOM_IDENTITY) return [];
  const message =
    `${quote(name)} has an analysis, but with the identity "random" outcomes can't be joined to its ` +
    'exposures; use an identity such as "user.id" or "anonymous"';
  return [{ code: 'analysis-random', path: `${path}/analysis`, side: 'key', message }];
}

function ended({ name, analysis }: Analysed, path: string, today: string): Warning[] {
  const until = analysis?.until;
  // The end of the day before is past; an end within today may be to come.
  if (until === undefined || until.slice(0, today.length) >= today) return [];
  const message =
    `the planned end of ${quote(name)}, ${until}, is past; decide the experiment and end it, or choose ` +
    'a later "until"';
  return [{ code: 'analysis-ended', path: `${path}/analysis/until`, message }];
}
