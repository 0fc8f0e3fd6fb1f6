import type { Metric } from './metric.ts';

/** The `Content-Type` of {@link prometheusText}. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The suffix of a metric's name for each unit. */
const UNIT_SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['s', '_seconds'],
  ['By', '_bytes'],
]);

/**
 * Returns metrics in Prometheus' text format, version 0.0.4, for a route that Prometheus scrapes.
 * `evenhand.sink.queue.age` in seconds becomes `evenhand_sink_queue_age_seconds`, and the names of
 * counters end in `_total`. Metrics without samples are left out.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(renderMetric)
    .join('');
}

function renderMetric({ name, description, type, unit, samples }: Metric): string {
  const suffix = `${UNIT_SUFFIXES.get(unit) ?? ''}${type === 'counter' ? '_total' : ''}`;
  const fullName = `${toName(name)}${suffix}`;
  const lines = samples.map(
    ({ labels, value }) => `${fullName}${renderLabels(labels)} ${renderValue(value)}\n`,
  );
  return `# HELP ${fullName} ${escapeHelp(description)}\n# TYPE ${fullName} ${type}\n${lines.join('')}`;
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${toName(name)}="${escapeLabel(value)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Returns a name of letters, digits and underscores that does not start with a digit. */
function toName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=[0-9]|$)/, '_');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

function renderValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
