import { AnalysisError } from '../../errors/analysis-error.ts';
import { showName } from '../../errors/show-value.ts';
import type { ConfigFile } from '../files/config-file.ts';

/** Lines that declare a first metric; an indented line keeps its form in every terminal. */
const EXAMPLE = `  "metrics": [
    { "name": "buyers", "outcome": "purchase", "type": "proportion" },
    { "name": "revenue", "outcome": "purchase", "type": "sum", "value": "value" }
  ]`;

/**
 * Checks that a specification declares metrics. A first run usually has none, so the message shows how to
 * declare them.
 *
 * @throws AnalysisError (`analysis`) with an example
 */
export function assertMetrics({ specification, origin }: ConfigFile, experiment: string): void {
  if ((specification.metrics ?? []).length > 0) return;
  throw new AnalysisError(
    `${origin} declares no metrics, so there is nothing to compare.\n` +
      'A metric is a number that is computed for each unit from what req.track() recorded. Add them beside ' +
      `"experiments", with the names of your outcomes:\n\n${EXAMPLE}\n\n` +
      `Then name the metric that decides, in the experiment "${showName(experiment)}":\n\n` +
      '  "analysis": { "primary": ["buyers"], "secondary": ["revenue"] }',
  );
}
