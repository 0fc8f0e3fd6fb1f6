import type { HistoryLine } from '../../planout/namespaces/history.ts';
import { copyJson } from '../../json/copy.ts';
import type { NamespaceScripts } from '../checks/namespace-checks.ts';
import {
  DEFAULT_SAMPLING,
  DEFAULT_SEGMENTS,
  type RawHistoryLine,
  type RawNamespace,
  type RawNamespaceExperiment,
} from '../schema/namespace-shape.ts';
import { toAnalysis } from '../metrics/to-analysis.ts';
import type { JsonValue } from '../../json/value.ts';
import type { NamespaceExperimentSpec, NamespaceSpec, NamespaceVariantSpec } from '../types.ts';

/**
 * Returns a valid namespace in its final form.
 *
 * @param scripts the compiled scripts of its experiments
 */
export function toNamespace(raw: RawNamespace, scripts: NamespaceScripts): NamespaceSpec {
  const { name, unit } = raw;
  const { segments, sampling, inputs, defaults, experiments, history } = ownOf(raw);
  const { exposure, description, owner } = ownOf(raw);
  return Object.freeze({
    name,
    unit: Object.freeze(typeof unit === 'string' ? [unit] : [...unit]),
    segments: segments ?? DEFAULT_SEGMENTS,
    sampling: sampling ?? DEFAULT_SAMPLING,
    inputs: Object.freeze(Object.fromEntries(Object.entries(inputs ?? {}))),
    defaults: copyValues(defaults ?? {}),
    experiments: Object.freeze(
      (experiments ?? []).map((experiment) => toExperiment(experiment, scripts)),
    ),
    history: Object.freeze((history ?? []).map(toLine)),
    exposure: exposure ?? 'auto',
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
  });
}

function toExperiment(
  raw: RawNamespaceExperiment,
  scripts: NamespaceScripts,
): NamespaceExperimentSpec {
  const { name } = raw;
  const { variants, description, analysis } = ownOf(raw);
  const script = scripts.get(raw);
  return Object.freeze({
    name,
    ...(script !== undefined && { script }),
    ...(variants !== undefined && { variants: Object.freeze(variants.map(toVariant)) }),
    ...(description !== undefined && { description }),
    ...(analysis !== undefined && { analysis: toAnalysis(analysis) }),
  });
}

function toVariant(
  raw: NonNullable<RawNamespaceExperiment['variants']>[number],
): NamespaceVariantSpec {
  const { name, values } = raw;
  return Object.freeze({ name, weight: ownOf(raw).weight ?? 1, values: copyValues(values) });
}

function toLine(raw: RawHistoryLine): HistoryLine {
  const { add, segments = 0, experiment, remove } = ownOf(raw);
  return Object.freeze(
    add === undefined ? { remove: remove ?? '' } : { add, segments, experiment: experiment ?? add },
  );
}

function copyValues(values: Record<string, unknown>): Readonly<Record<string, JsonValue>> {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        const copied = copyJson(value);
        return 'json' in copied ? [[name, copied.json]] : [];
      }),
    ),
  );
}

/** Returns a copy of an object's own properties; the validator has checked no inherited ones. */
function ownOf<T extends object>(object: T): Partial<T> {
  return { ...object };
}
