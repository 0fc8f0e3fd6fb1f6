import { runTrials } from '../../trials/run-trials.ts';
import { contextConverter } from '../../workbench/contexts/prepare-context.ts';
import { instantArgument } from '../arguments/instant-argument.ts';
import { loadConfig } from '../files/config-file.ts';
import { INTERRUPTED } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { startProgress } from '../output/progress.ts';
import { renderTrials } from './render-trials.ts';
import { type EffectOptions, trialDesign } from './trial-options.ts';

/** Simulates experiments with a planted effect, analyses them and prints how often the analysis is right. */
export async function simulateEffect(
  host: Host,
  names: readonly string[],
  options: EffectOptions,
): Promise<void> {
  const config = await loadConfig(host, options.file, instantArgument('--at', options.at));
  const design = trialDesign(host, config, names, options);
  const progress = startProgress(host, 'simulating experiments', design.runs);
  const report = await runTrials(config.specification, design, {
    prepare: contextConverter(config.data),
    signal: host.interruption(),
    onProgress: (runs) => progress.update(runs),
  }).finally(() => progress.end());
  if (options.json) printJson(host, report);
  else host.stdout.write(renderTrials(report, createColour(host.stdout.colour)));
  if (report.partial) host.setExitCode(INTERRUPTED);
}
