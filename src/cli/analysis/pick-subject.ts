import { OptionError } from '../../errors/usage-errors.ts';
import { listNames } from '../../errors/show-value.ts';
import { saltIn } from '../../planout/namespaces/namespace-unit.ts';
import type { Specification } from '../../specification/types.ts';
import type { ConfigFile } from '../files/config-file.ts';

/**
 * Returns the name of the experiment to analyse: the given one, or the only one with an `analysis`, or the
 * only experiment.
 *
 * @throws OptionError (`option`) if there is a choice
 */
export function pickSubject({ specification, origin }: ConfigFile, name?: string): string {
  if (name !== undefined) return name;
  const all = namesOf(specification, () => true);
  const analysed = namesOf(specification, ({ analysis }) => analysis !== undefined);
  const candidates = analysed.length > 0 ? analysed : all;
  const [first] = candidates;
  if (first !== undefined && candidates.length === 1) return first;
  if (first === undefined) throw new OptionError(`${origin} has no experiments to analyze`);
  const what = analysed.length > 0 ? 'experiments with an "analysis"' : 'experiments';
  throw new OptionError(
    `${origin} has ${candidates.length} ${what}; name one of them: ${listNames(candidates)}`,
  );
}

/** Lists the names in exposures: of experiments, holdouts, and experiments of namespaces. */
function namesOf(
  { experiments, holdouts = [], namespaces }: Specification,
  isWanted: (one: { readonly analysis?: unknown }) => boolean,
): readonly string[] {
  return [
    ...[...experiments, ...holdouts].filter(isWanted).map(({ name }) => name),
    ...namespaces.flatMap((namespace) => {
      const wanted = new Set(namespace.experiments.filter(isWanted).map(({ name }) => name));
      const added = namespace.history.flatMap((line) =>
        'add' in line && wanted.has(line.experiment) ? [saltIn(namespace.name, line.add)] : [],
      );
      return [...new Set(added)];
    }),
  ];
}
