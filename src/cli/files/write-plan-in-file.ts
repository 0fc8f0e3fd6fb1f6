import type { ExperimentPlan } from '../../analysis/power/experiment-plan.ts';
import type { JsonPath } from '../../changes/edit-json.ts';
import { writePlan } from '../../changes/write-plan.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import type { AnalysisSpec } from '../../specification/metric-types.ts';
import type { ConfigFile } from './config-file.ts';
import { listPath } from '../../changes/find-experiment.ts';

/** The place of an experiment's object in the file, and its analysis. */
interface Place {
  readonly path: JsonPath;
  readonly analysis: AnalysisSpec | undefined;
}

/**
 * Returns the text of a specification with the planned units and the planned end of an experiment.
 *
 * @throws OptionError (`option`) if there is nothing to write, or the experiment is a shorthand
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function planInFile(config: ConfigFile, plan: ExperimentPlan): string {
  if (plan.units === null) {
    throw new OptionError('--write needs a number of units, and none suffices; change the plan');
  }
  const { path, analysis } = placeOf(config, plan.experiment);
  const declared = config.specification.metrics ?? [];
  const isDeclared = declared.some(({ name }) => name === plan.metric.name);
  return writePlan(config.text, path, analysis !== undefined, {
    plannedUnits: plan.units.total,
    until: plan.duration?.until,
    primary: isDeclared ? [plan.metric.name] : [],
  });
}

function placeOf(config: ConfigFile, name: string): Place {
  const { experiments, holdouts = [], namespaces } = config.specification;
  const index = experiments.findIndex((one) => one.name === name);
  const experiment = experiments[index];
  if (experiment?.shorthand === true) {
    throw new OptionError(
      `${quote(name)} is a switch in shorthand; write it out as an experiment with an identity first`,
    );
  }
  if (experiment !== undefined) {
    return { path: [...listPath(config), index], analysis: experiment.analysis };
  }
  const held = holdouts.findIndex((one) => one.name === name);
  if (held >= 0) return { path: ['holdouts', held], analysis: holdouts[held]?.analysis };
  for (const [i, namespace] of namespaces.entries()) {
    const added = namespace.history.findLast(
      (line) => 'add' in line && `${namespace.name}.${line.add}` === name,
    );
    const wanted = added !== undefined && 'add' in added ? added.experiment : undefined;
    const inner = namespace.experiments.findIndex((one) => one.name === wanted);
    if (inner >= 0) {
      const { analysis } = namespace.experiments[inner] ?? {};
      return { path: ['namespaces', i, 'experiments', inner], analysis };
    }
  }
  throw new OptionError(`can't find ${quote(name)} in ${config.origin}`);
}
