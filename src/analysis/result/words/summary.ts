import { showName } from '../../../errors/show-value.ts';
import type { Comparison, DataNote, MetricResult, Result } from '../result.ts';
import { mainCause } from './no-data.ts';
import { liftText, listText } from '../../../ui/words.ts';
import { roughUnits } from './verdict-texts.ts';

/** The parts of a result that its summary is about. */
export type Summarised = Pick<
  Result,
  'status' | 'experiment' | 'control' | 'metrics' | 'split' | 'units' | 'period' | 'data'
>;

/** The most findings that a summary names. */
const MAX_FINDINGS = 3;

/** Returns one sentence: what was learned, or why nothing was. */
export function summaryOf(result: Summarised): string {
  const { status, experiment, period, data } = result;
  switch (status) {
    case 'no-data':
      return `No exposure of ${showName(experiment)} counts before ${period.until}.${because(mainCause(data))}`;
    case 'split-off':
      return "The split is off, so the variants can't be compared until the cause is found.";
    case 'too-mixed':
      return "Too many units saw several variants, so the variants can't be compared.";
    case 'too-few':
      return 'Too few units were exposed for a verdict.';
    case 'ok':
      return verdictSummary(result);
  }
}

function verdictSummary({ metrics, control }: Summarised): string {
  const found = [
    ...findings(metrics, 'primary', control),
    ...findings(metrics, 'guardrail', control),
  ].slice(0, MAX_FINDINGS);
  if (found.length > 0) return `${listText(found)}.`;
  const primary = metrics.filter(({ role }) => role === 'primary');
  if (primary.length === 0) return 'No primary metric is declared, so nothing is decided.';
  return `${listText(primary.slice(0, MAX_FINDINGS).map(({ name }) => showName(name)))}: not decided${needed(primary)}.`;
}

function findings(metrics: readonly MetricResult[], role: string, control: string): string[] {
  return metrics
    .filter((metric) => metric.role === role)
    .flatMap((metric) => metric.comparisons.flatMap((one) => finding(metric, one, control)));
}

function finding({ name }: MetricResult, comparison: Comparison, control: string): string[] {
  const { variant, verdict, relative, absolute } = comparison;
  if (verdict !== 'better' && verdict !== 'worse') return [];
  const lift = relative.estimate ?? null;
  const size =
    lift !== null ? ` (${liftText(lift)})` : absolute.estimate !== null ? '' : ' (no value)';
  return [
    `${showName(variant)} is ${verdict} than ${showName(control)} in ${showName(name)}${size}`,
  ];
}

/** The fewest further units after which one of the primary comparisons would be decided. */
function needed(primary: readonly MetricResult[]): string {
  const units = primary.flatMap(({ comparisons }) =>
    comparisons.flatMap(({ unitsNeeded }) => unitsNeeded ?? []),
  );
  return units.length > 0
    ? `; a difference as large as now needs ${roughUnits(Math.min(...units))}`
    : '';
}

function because(cause: DataNote | undefined): string {
  return cause === undefined ? '' : ` ${cause.text}`;
}
