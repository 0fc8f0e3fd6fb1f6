import type { HistoryLine } from '../../planout/namespaces/history.ts';
import type { AnalysisSpec } from '../../specification/metric-types.ts';
import { analysisParts } from '../../specification/metrics/describe-metric.ts';
import type {
  AllocationSpec,
  ExperimentSpec,
  HoldoutSpec,
  NamespaceSpec,
} from '../../specification/types.ts';

/** The parts of a definition as text, by their names in log lines. */
export type DefinitionParts = ReadonlyMap<string, string>;

/** The properties of an experiment that have parts of their own, or none. */
const SHOWN_OTHERWISE = new Set([
  'name',
  'analysis',
  'variants',
  'audiences',
  'schedule',
  'since',
  'shorthand',
  'segments',
  'prerequisites',
]);

/** The properties of a namespace that have parts of their own, or none. */
const NAMESPACE_SHOWN_OTHERWISE = new Set(['name', 'experiments', 'history']);

/** The properties of a holdout that have parts of their own, or none. */
const HOLDOUT_SHOWN_OTHERWISE = new Set(['name', 'percent', 'experiments', 'analysis']);

/** Returns all parts of an experiment. */
export function experimentParts(spec: ExperimentSpec): DefinitionParts {
  const parts = audienceParts(spec);
  parts.set('variants', spec.variants.map(({ name }) => name).join(', '));
  for (const { name, value } of spec.variants) {
    if (value !== undefined) parts.set(`value of ${name}`, textOf(value));
  }
  for (const { name, rule } of spec.segments ?? []) parts.set(`segment ${name}`, rule);
  for (const { name, digest } of spec.prerequisites ?? []) {
    parts.set(`experiment ${name}, which its rules ask for`, digest);
  }
  for (const { at, audiences } of spec.schedule ?? []) {
    for (const [part, text] of audienceParts({ audiences })) {
      parts.set(part === '' ? `from ${at}` : `${part} from ${at}`, text);
    }
  }
  addAnalysis(parts, spec.analysis);
  return addOthers(parts, spec, SHOWN_OTHERWISE);
}

/** Returns the parts of an experiment that say who gets which variant. */
export function audienceParts({
  audiences,
}: Pick<ExperimentSpec, 'audiences'>): Map<string, string> {
  const parts = new Map<string, string>();
  for (const [i, { rule, allocations }] of audiences.entries()) {
    const where = `audience ${i + 1}`;
    if (rule !== undefined) parts.set(`rule of ${where}`, rule);
    // A single audience needs no name.
    parts.set(audiences.length === 1 ? '' : where, allocationsText(allocations));
  }
  return parts;
}

/** Returns all parts of a holdout. */
export function holdoutParts(spec: HoldoutSpec): DefinitionParts {
  const { percent, experiments } = spec;
  const parts = new Map([
    ['percent', String(percent)],
    ['experiments', experiments.join(', ')],
  ]);
  addAnalysis(parts, spec.analysis);
  return addOthers(parts, spec, HOLDOUT_SHOWN_OTHERWISE);
}

/** Returns all parts of a namespace but its history. */
export function namespaceParts(spec: NamespaceSpec): DefinitionParts {
  const parts = new Map<string, string>();
  for (const { analysis, ...definition } of spec.experiments) {
    parts.set(`definition of ${definition.name}`, textOf(definition));
    addAnalysis(parts, analysis, ` of ${definition.name}`);
  }
  return addOthers(parts, spec, NAMESPACE_SHOWN_OTHERWISE);
}

/** Adds the parts of an analysis, such as `primary metrics of the analysis`. */
function addAnalysis(
  parts: Map<string, string>,
  analysis: AnalysisSpec | undefined,
  owner = '',
): void {
  for (const [part, text] of analysisParts(analysis)) {
    parts.set(`${part} of the analysis${owner}`, text);
  }
}

/** Returns lines of a namespace's history as text: `add words (2000 segments), remove colors`. */
export function historyText(lines: readonly HistoryLine[]): string {
  return lines
    .map((line) =>
      'remove' in line ? `remove ${line.remove}` : `add ${line.add} (${line.segments} segments)`,
    )
    .join(', ');
}

function allocationsText(allocations: readonly AllocationSpec[]): string {
  const [only, ...others] = allocations;
  if (only !== undefined && others.length === 0) return only.variant;
  return allocations.map(({ variant, percent }) => `${variant} ${percent}`).join(', ');
}

/** Adds the other properties under their own names, including those that later releases introduce. */
function addOthers(
  parts: Map<string, string>,
  spec: object,
  without: ReadonlySet<string>,
): DefinitionParts {
  for (const [property, value] of Object.entries(spec)) {
    if (value !== undefined && !without.has(property)) parts.set(property, textOf(value));
  }
  return parts;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
