import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { loadConfig } from '../files/config-file.ts';
import { FOUND, INTERRUPTED } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { startProgress } from '../output/progress.ts';
import { instantArgument } from '../arguments/instant-argument.ts';
import { checkWritable, outputPath } from '../arguments/output-path.ts';
import { renderReport } from '../output/report/render-report.ts';
import { createJob, DEFAULT_UNITS, type SimulateOptions } from '../arguments/simulation-job.ts';
import { simulateEffect } from '../trials/simulate-effect.ts';
import { DEFAULTS, type EffectOptions, refuseWithoutEffect } from '../trials/trial-options.ts';
import { formatCount } from '../../ui/figures.ts';
import { prepareJob } from '../../workbench/simulate/job.ts';
import { renderSimulation } from '../output/simulate/render-simulation.ts';
import { runJob } from '../../workbench/simulate/run-job.ts';
import { simulationJson } from '../output/simulate/simulation-json.ts';
import { startWorker } from '../../workbench/simulate/start-worker.ts';
import { hasFindings, summarize, type Summary } from '../../workbench/simulate/summary/summary.ts';
import { writeFileAtomically } from '../../sources/file/write-file.ts';

/** `simulate`: assigns many units, then tests the shares and every pair of experiments. */
export const simulateCommand: Command = {
  name: 'simulate',
  register(program, host) {
    program
      .command('simulate')
      .description('assigns many units; tests the shares and every pair of experiments')
      .argument('[experiments...]', 'experiments to simulate (default: all)')
      .option(
        '-n, --units <n>',
        `number of units to generate (default: ${formatCount(DEFAULT_UNITS)}) or lines to read`,
      )
      .option(
        '--contexts <file>',
        'a file of real contexts, one JSON object per line; - reads standard input',
      )
      .option('-c, --context <json>', 'values shared by all generated units, as JSON or @file')
      .option(
        '--at <instant>',
        'the instant of the decisions, for schedules and "now" (default: the present)',
      )
      .option('--preview <n>', 'also list the first n units')
      .option('--report <file>', 'write tables and charts to an HTML page')
      .option('--workers <n>', 'number of threads (default: as many as save time)')
      .option(
        '--effect <metric=change>',
        'simulate whole experiments and their analysis, with this effect on a metric: buyers=+5%',
        (one: string, others: readonly string[] | undefined) => [...(others ?? []), one],
      )
      .option('--runs <n>', `with --effect: number of experiments (default: ${DEFAULTS.runs})`)
      .option('--looks <n>', `with --effect: number of daily looks (default: ${DEFAULTS.looks})`)
      .option('--rate <share>', 'with --effect: share of units with outcomes, without the effect')
      .option(
        '--seed <n>',
        `with --effect: start of the random numbers (default: ${DEFAULTS.seed})`,
      )
      .addOption(fileOption())
      .addOption(jsonOption())
      .action(async (names: string[], options: EffectOptions) => {
        if (options.effect !== undefined) return simulateEffect(host, names, options);
        refuseWithoutEffect(options);
        return simulate(host, names, options);
      });
  },
};

async function simulate(
  host: Host,
  names: readonly string[],
  options: SimulateOptions,
): Promise<void> {
  const config = await loadConfig(host, options.file, instantArgument('--at', options.at));
  const { report } = options;
  const reportPath =
    report === undefined ? undefined : outputPath(host, '--report', report, config);
  if (report !== undefined && reportPath !== undefined) checkWritable(reportPath, report);
  const { job, workers, total } = createJob(host, config, names, options);
  const prepared = prepareJob(job);
  const progress = startProgress(host, 'simulating', total);
  const signal = host.interruption();
  const tally = await runJob(job, prepared, {
    workers,
    signal,
    onProgress: (done) => progress.update(done),
    startWorker,
    stdin: host.stdin.stream,
  }).finally(() => progress.end());
  const summary = summarize(prepared.plan, tally);
  if (report !== undefined && reportPath !== undefined) {
    const page = renderReport(summary, prepared.plan, { origin: config.origin, job });
    writeFileAtomically(reportPath, page, { shown: report });
  }
  if (options.json) printJson(host, simulationJson(summary, prepared.plan, job));
  else {
    const colour = createColour(host.stdout.colour);
    host.stdout.write(renderSimulation(summary, prepared.plan, job, colour));
  }
  if (isFound(summary, options)) host.setExitCode(FOUND);
  if (summary.partial) host.setExitCode(INTERRUPTED);
}

/** Reports whether a script should stop: failed decisions count for real contexts only. */
function isFound(summary: Summary, { contexts }: SimulateOptions): boolean {
  const failed = summary.experiments.some((experiment) => experiment.failed > 0);
  return hasFindings(summary) || (contexts !== undefined && failed);
}
