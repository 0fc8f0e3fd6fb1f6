import { runTrials } from '../../src/trials/run-trials.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import { type NamedDesign, SPECIFICATION } from './designs.ts';
import type { DesignResult } from './results.ts';

/**
 * Simulates designs, one after the other.
 *
 * @param tell is called for each finished design, with its duration in seconds
 */
export async function simulate(
  designs: readonly NamedDesign[],
  tell: (text: string) => void,
): Promise<DesignResult[]> {
  const specification = atOnce(specificationSteps(SPECIFICATION, { origin: 'research/trust' }));
  const results: DesignResult[] = [];
  for (const { name, design } of designs) {
    const start = performance.now();
    const report = await runTrials(specification, design);
    results.push({ name, report });
    tell(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  return results;
}
