import { escapeInvisible } from '../../errors/show-value.ts';
import type { HistoryLine } from '../../planout/namespaces/history.ts';
import type { MetricSpec } from '../../specification/metric-types.ts';
import { metricParts } from '../../specification/metrics/describe-metric.ts';
import type { ExperimentSpec, HoldoutSpec, NamespaceSpec } from '../../specification/types.ts';
import {
  audienceParts,
  type DefinitionParts,
  experimentParts,
  historyText,
  holdoutParts,
  namespaceParts,
} from './definition-parts.ts';

/** A definition before and after a change, in words; undefined for one that is not there. */
export interface BeforeAndAfter {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The most characters of a text that describes one side of a change; a rule alone can be longer. */
const MAX_TEXT = 400;

/** The text for a side on which all parts that differ are missing. */
const NONE = 'none';

/** Describes a new experiment, or one that was removed. */
export function describeExperiment(spec: ExperimentSpec): string {
  return textOf(audienceParts(spec));
}

/** Describes a new namespace, or one that was removed. */
export function describeNamespace({ history }: NamespaceSpec): string {
  return shown(historyText(history)) || NONE;
}

/** Describes a new holdout, or one that was removed. */
export function describeHoldout(spec: HoldoutSpec): string {
  return textOf(holdoutParts(spec));
}

/** Describes a new metric, or one that was removed. */
export function describeMetric(spec: MetricSpec): string {
  return textOf(metricParts(spec));
}

/** Describes the difference between two definitions of a metric; undefined if there is none. */
export function metricDifference(
  before: MetricSpec,
  after: MetricSpec,
): BeforeAndAfter | undefined {
  return differenceOf(metricParts(before), metricParts(after));
}

/** Describes the difference between two definitions of an experiment; undefined if there is none. */
export function experimentDifference(
  before: ExperimentSpec,
  after: ExperimentSpec,
): BeforeAndAfter | undefined {
  return differenceOf(experimentParts(before), experimentParts(after));
}

/** Describes the difference between two definitions of a holdout; undefined if there is none. */
export function holdoutDifference(
  before: HoldoutSpec,
  after: HoldoutSpec,
): BeforeAndAfter | undefined {
  return differenceOf(holdoutParts(before), holdoutParts(after));
}

/** Describes the difference between two definitions of a namespace; undefined if there is none. */
export function namespaceDifference(
  before: NamespaceSpec,
  after: NamespaceSpec,
): BeforeAndAfter | undefined {
  const same = commonLines(before.history, after.history);
  return differenceOf(
    withHistory(namespaceParts(before), before.history.slice(same)),
    withHistory(namespaceParts(after), after.history.slice(same)),
  );
}

/** Adds the lines of the history that only this definition has. */
function withHistory(parts: DefinitionParts, lines: readonly HistoryLine[]): DefinitionParts {
  return lines.length === 0 ? parts : new Map([['history', historyText(lines)], ...parts]);
}

/** Returns the number of lines at the beginning that two histories have in common. */
function commonLines(before: readonly HistoryLine[], after: readonly HistoryLine[]): number {
  let same = 0;
  while (
    same < Math.min(before.length, after.length) &&
    JSON.stringify(before[same]) === JSON.stringify(after[same])
  ) {
    same++;
  }
  return same;
}

function differenceOf(before: DefinitionParts, after: DefinitionParts): BeforeAndAfter | undefined {
  const was = partsNotIn(after, before);
  const is = partsNotIn(before, after);
  if (was.size === 0 && is.size === 0) return undefined;
  return { before: textOf(was) || NONE, after: textOf(is) || NONE };
}

/** Returns the parts that the other definition does not have, or has with another text. */
function partsNotIn(other: DefinitionParts, parts: DefinitionParts): DefinitionParts {
  return new Map([...parts].filter(([name, text]) => other.get(name) !== text));
}

function textOf(parts: DefinitionParts): string {
  const texts = [...parts].map(([name, text]) => (name === '' ? text : `${name}: ${text}`));
  return shown(texts.join('; '));
}

function shown(text: string): string {
  return escapeInvisible(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);
}
