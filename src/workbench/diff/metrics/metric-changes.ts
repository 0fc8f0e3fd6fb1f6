import type { Snapshot } from '../../../assignment/snapshot.ts';
import { saltIn } from '../../../planout/namespaces/namespace-unit.ts';
import type { AnalysisSpec } from '../../../specification/metric-types.ts';
import {
  analysisParts,
  metricParts,
  type TextParts,
} from '../../../specification/metrics/describe-metric.ts';

/** The part of a snapshot that analyses use. */
type Declared = Pick<Snapshot, 'experiments' | 'holdouts' | 'metrics' | 'namespaces'>;

/**
 * Lists the changes of metrics and analyses, each as a sentence. They move no one, but results before and
 * after the change can't be compared.
 */
export function metricChanges(before: Declared, after: Declared): string[] {
  const metricsOf = ({ metrics }: Declared) =>
    new Map(metrics.map((metric) => [metric.name, metricParts(metric)]));
  const analyses = (all: Declared) =>
    new Map(Array.from(analysesOf(all), ([name, analysis]) => [name, analysisParts(analysis)]));
  return [
    ...changesIn(metricsOf(before), metricsOf(after), (name) => `metric ${name}`),
    ...changesIn(analyses(before), analyses(after), (name) => `analysis of ${name}`),
  ];
}

/** Returns the analyses of experiments, holdouts and experiments of namespaces, by their names. */
function analysesOf({ experiments, holdouts, namespaces }: Declared): Map<string, AnalysisSpec> {
  const owners = [
    ...experiments,
    ...holdouts,
    ...namespaces.flatMap((namespace) =>
      namespace.experiments.map(({ name, analysis }) => ({
        name: saltIn(namespace.name, name),
        analysis,
      })),
    ),
  ];
  return new Map(
    owners.flatMap(({ name, analysis }) => (analysis === undefined ? [] : [[name, analysis]])),
  );
}

function changesIn(
  before: ReadonlyMap<string, TextParts>,
  after: ReadonlyMap<string, TextParts>,
  subject: (name: string) => string,
): string[] {
  const changed = [...after].flatMap(([name, parts]) => {
    const old = before.get(name);
    if (old === undefined) return [`${subject(name)}: new`];
    const differing = differences(old, parts);
    return differing.length === 0 ? [] : [`${subject(name)} changed: ${differing.join('; ')}`];
  });
  const removed = [...before.keys()].filter((name) => !after.has(name));
  return [...changed, ...removed.map((name) => `${subject(name)}: removed`)];
}

/** The parts that are notes for people. */
const NOTES = new Set(['description', 'owner']);

function differences(before: TextParts, after: TextParts): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((part) => !NOTES.has(part) && before.get(part) !== after.get(part))
    .map((part) => `${part} ${before.get(part) ?? 'none'} → ${after.get(part) ?? 'none'}`);
}
