import { replayHistory } from '../../planout/namespaces/history.ts';
import { saltIn } from '../../planout/namespaces/namespace-unit.ts';
import { weightedChoice } from '../../planout/random/weighted-choice.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';
import { VARIANT_PARAMETER } from '../../specification/schema/namespace-shape.ts';
import type { AddedExperiment, CompiledNamespace } from '../compiled-namespace.ts';
import type {
  NamespaceExperimentSpec,
  NamespaceSpec,
  NamespaceVariantSpec,
} from '../../specification/types.ts';

/**
 * Replays a namespace's history. Adding an experiment costs one hash for each free segment, like
 * PlanOut's sampling. The segments equal those of a `SimpleNamespace` with the same history.
 */
export function compileNamespace(spec: NamespaceSpec): CompiledNamespace {
  const definitions = new Map(
    spec.experiments.map((one) => {
      const hasVariants = one.script === undefined;
      return [one.name, { spec: one, hasVariants, ...compileExperiment(one) }];
    }),
  );
  const { table, additions, free } = replayHistory(spec);
  const added = Array.from(additions, (addition): AddedExperiment | undefined => {
    if (addition === undefined) return undefined;
    const { add: name, experiment } = addition;
    const definition = definitions.get(experiment);
    return definition && { name, salt: saltIn(spec.name, name), ...definition };
  });
  return Object.freeze({
    spec,
    unit: spec.unit.map((path) => path.split('.')),
    tracked: spec.unit.some((path) => path.split('.', 1)[0] === ANONYMOUS_IDENTITY),
    inputs: new Map(Object.entries(spec.inputs).map(([name, path]) => [name, path.split('.')])),
    defaults: new Map(Object.entries(spec.defaults)),
    table,
    added,
    running: runningIn(spec.history, added),
    isEmpty: free === spec.segments,
  });
}

/** Returns the experiments that a history has added and not removed. */
function runningIn(
  history: NamespaceSpec['history'],
  added: CompiledNamespace['added'],
): ReadonlyMap<string, AddedExperiment> {
  const running = new Map<string, AddedExperiment>();
  let additions = 0;
  for (const line of history) {
    if ('remove' in line) running.delete(line.remove);
    else {
      const experiment = added[++additions];
      if (experiment !== undefined) running.set(line.add, experiment);
    }
  }
  return running;
}

function compileExperiment({
  script,
  variants = [],
}: NamespaceExperimentSpec): Pick<AddedExperiment, 'assign' | 'parameters'> {
  if (script === undefined) {
    const parameters = variants.flatMap(({ values }) => Object.keys(values));
    return {
      assign: compileVariants(variants),
      parameters: new Set([VARIANT_PARAMETER, ...parameters]),
    };
  }
  return {
    assign: (assignment, { read }) => script.runReading(assignment, read),
    parameters: script.parameters,
  };
}

/** Draws like the script `variant = weightedChoice(choices=…, weights=…, unit=…);`. */
function compileVariants(variants: readonly NamespaceVariantSpec[]): AddedExperiment['assign'] {
  const choices = variants.map(({ name }) => name);
  const weights = variants.map(({ weight }) => weight);
  const values = new Map(variants.map((one) => [one.name, Object.entries(one.values)]));
  return (assignment, subject) => {
    const parts = subject.unit();
    // A value of the unit may be a list; the drawing takes a flat list.
    const unit = parts.length === 1 ? parts[0] : parts.flat();
    assignment.set(
      VARIANT_PARAMETER,
      weightedChoice({ choices, weights, unit: unit as readonly string[] }),
    );
    const drawn = String(assignment.get(VARIANT_PARAMETER));
    for (const [parameter, value] of values.get(drawn) ?? []) assignment.set(parameter, value);
    return true;
  };
}
