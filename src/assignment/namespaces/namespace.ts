import type { Assignment } from '../../planout/assignment.ts';
import { replayHistory } from '../../planout/history.ts';
import { saltIn } from '../../planout/namespace-unit.ts';
import { weightedChoice } from '../../planout/random/weighted-choice.ts';
import { VARIANT_PARAMETER } from '../../specification/schema/namespace-shape.ts';
import type { JsonValue } from '../../json/value.ts';
import type {
  NamespaceExperimentSpec,
  NamespaceSpec,
  NamespaceVariantSpec,
} from '../../specification/types.ts';

/** What an experiment draws by. */
export interface DrawSubject {
  /** The values of the namespace's unit, in order. */
  readonly unit: () => readonly unknown[];
  /** What scripts read by name: an input, or a value of the context; undefined where there is none. */
  readonly read: (name: string) => unknown;
}

/** An experiment as a line of the history has added it. */
export interface AddedExperiment {
  readonly name: string;
  /** `namespace.name`. */
  readonly salt: string;
  /** Whether it has variants, and so the parameter that holds a variant's name. */
  readonly hasVariants: boolean;
  /** Assigns the parameters; false where the unit is not in the experiment. */
  readonly assign: (assignment: Assignment, subject: DrawSubject) => boolean;
}

/** A namespace, its history replayed; made once when the specification is loaded. */
export interface CompiledNamespace {
  readonly spec: NamespaceSpec;
  /** The unit's paths in the context, as their segments. */
  readonly unit: readonly (readonly string[])[];
  /** What scripts call a context path, with that path's segments. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  readonly defaults: ReadonlyMap<string, JsonValue>;
  /** For each segment the number of the addition that has it, 0 for none. */
  readonly table: Int32Array;
  /** By the number of their addition. */
  readonly added: readonly (AddedExperiment | undefined)[];
  /** Whether no segment is taken: such a namespace needs no unit. */
  readonly isEmpty: boolean;
}

/**
 * Replays a namespace's history. Adding an experiment costs a hash for each segment that is free, as
 * PlanOut's sampling does; the segments are those of a `SimpleNamespace` with the same history.
 */
export function compileNamespace(spec: NamespaceSpec): CompiledNamespace {
  const definitions = new Map(
    spec.experiments.map((one) => {
      const hasVariants = one.script === undefined;
      return [one.name, { hasVariants, assign: compileExperiment(one) }];
    }),
  );
  const { table, additions, free } = replayHistory(spec.name, spec.segments, spec.history);
  const added = Array.from(additions, (addition): AddedExperiment | undefined => {
    if (addition === undefined) return undefined;
    const { add: name, experiment } = addition;
    const definition = definitions.get(experiment);
    return definition && { name, salt: saltIn(spec.name, name), ...definition };
  });
  return Object.freeze({
    spec,
    unit: spec.unit.map((path) => path.split('.')),
    inputs: new Map(Object.entries(spec.inputs).map(([name, path]) => [name, path.split('.')])),
    defaults: new Map(Object.entries(spec.defaults)),
    table,
    added,
    isEmpty: free === spec.segments,
  });
}

function compileExperiment({
  script,
  variants,
}: NamespaceExperimentSpec): AddedExperiment['assign'] {
  if (script !== undefined) {
    return (assignment, { read }) => script.runReading(assignment, read);
  }
  return compileVariants(variants ?? []);
}

/** As the script `variant = weightedChoice(choices=…, weights=…, unit=…);` draws. */
function compileVariants(variants: readonly NamespaceVariantSpec[]): AddedExperiment['assign'] {
  const choices = variants.map(({ name }) => name);
  const weights = variants.map(({ weight }) => weight);
  const values = new Map(variants.map((one) => [one.name, Object.entries(one.values)]));
  return (assignment, subject) => {
    const parts = subject.unit();
    // A value of the unit may be a list itself; what is drawn by has no lists in lists.
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
