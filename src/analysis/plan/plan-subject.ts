import { AnalysisError } from '../../errors/analysis-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { saltIn } from '../../planout/namespaces/namespace-unit.ts';
import { asExperiment, HELD_OUT } from '../../specification/holdouts.ts';
import { controlOf } from '../../specification/control.ts';
import type { AnalysisSpec } from '../../specification/metric-types.ts';
import type { AdditionLine } from '../../planout/namespaces/history.ts';
import type {
  ExperimentSpec,
  NamespaceExperimentSpec,
  NamespaceSpec,
  Specification,
} from '../../specification/types.ts';

/** The experiment of an analysis: one of the specification, a holdout, or one of a namespace. */
export type PlanSubject = SingleSubject | NamespaceSubject;

interface Subject {
  /** The name in exposures. */
  readonly name: string;
  readonly analysis: AnalysisSpec | undefined;
  /** The variants as recorded; undefined for a script. */
  readonly variants: readonly string[] | undefined;
  /** The variant that the others are compared with by default; undefined for a script. */
  readonly control: string | undefined;
  /** The paths that exposures may record as identity. */
  readonly identities: readonly string[];
}

/** An experiment or a holdout. */
export interface SingleSubject extends Subject {
  readonly kind: 'experiment' | 'holdout';
  /** A holdout's is that which it is decided as. */
  readonly spec: ExperimentSpec;
}

/** An experiment of a namespace, as its history added it last. */
export interface NamespaceSubject extends Subject {
  readonly kind: 'addition';
  readonly namespace: NamespaceSpec;
  readonly spec: NamespaceExperimentSpec;
  /** The number of the addition in the namespace, from 1. */
  readonly number: number;
}

/**
 * Finds the experiment of an analysis by the name that exposures have: `checkout`, `winter` for a holdout,
 * `prices.discount` for the experiment `discount` of the namespace `prices`.
 *
 * @throws AnalysisError (`analysis`) if there is none
 */
export function findSubject(specification: Specification, name: string): PlanSubject {
  const { experiments, holdouts = [], namespaces } = specification;
  const experiment = experiments.find((one) => one.name === name);
  if (experiment !== undefined) {
    return single('experiment', experiment, controlOf(experiment.variants), experiment.analysis);
  }
  const holdout = holdouts.find((one) => one.name === name);
  if (holdout !== undefined) {
    return single('holdout', asExperiment(holdout), HELD_OUT, holdout.analysis);
  }
  for (const namespace of namespaces) {
    const found = findAddition(namespace, name);
    if (found !== undefined) return found;
  }
  throw new AnalysisError(unknown(specification, name));
}

function single(
  kind: SingleSubject['kind'],
  spec: ExperimentSpec,
  control: string,
  analysis: AnalysisSpec | undefined,
): SingleSubject {
  const { name, identity } = spec;
  const variants = spec.variants.map((one) => one.name);
  const identities = typeof identity === 'string' ? [identity] : identity;
  return { kind, name, spec, variants, control, analysis, identities };
}

function findAddition(namespace: NamespaceSpec, name: string): NamespaceSubject | undefined {
  const additions = namespace.history.filter((line): line is AdditionLine => 'add' in line);
  const index = additions.findLastIndex(({ add }) => saltIn(namespace.name, add) === name);
  const line = additions[index];
  const spec = namespace.experiments.find((one) => one.name === line?.experiment);
  if (spec === undefined) return undefined;
  const { variants, analysis } = spec;
  return {
    kind: 'addition',
    name,
    namespace,
    spec,
    number: index + 1,
    variants: variants?.map((one) => one.name),
    control: variants && controlOf(variants),
    analysis,
    identities: [namespace.unit.join(',')],
  };
}

function unknown({ experiments, holdouts = [], namespaces }: Specification, name: string): string {
  const namespace = namespaces.find((one) => one.name === name);
  if (namespace !== undefined) {
    const added = namesIn(namespace);
    return added.length === 0
      ? `${quote(name)} is a namespace whose history adds no experiment`
      : `${quote(name)} is a namespace; choose one of its experiments: ${listNames(added)}`;
  }
  const known = [
    ...experiments.map((one) => one.name),
    ...holdouts.map((one) => one.name),
    ...namespaces.flatMap(namesIn),
  ];
  const meant = didYouMean(name, known);
  const hint = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  const declared = known.length === 0 ? 'none' : listNames(known);
  return `experiment ${quote(name)} is not in this specification; declared: ${declared}${hint}`;
}

function namesIn({ name, history }: NamespaceSpec): string[] {
  const names = history.flatMap((line) => ('add' in line ? [saltIn(name, line.add)] : []));
  return [...new Set(names)];
}
