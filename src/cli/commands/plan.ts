import { Option } from 'commander';
import type { PlanExperimentOptions } from '../../analysis/power/experiment-plan-options.ts';
import { planExperiment } from '../../analysis/power/plan-experiment.ts';
import { isPlanEnough } from '../../analysis/power/plan-enough.ts';
import { planPage } from '../../analysis/power/page/plan-page.ts';
import { addRecordOptions } from '../arguments/record-arguments.ts';
import { baselineFromRecords } from '../analysis/records-baseline.ts';
import { givenBaseline, type PlanArguments, planNumbers } from '../arguments/plan-arguments.ts';
import { wholeNumber } from '../arguments/whole-number.ts';
import { checkWritable, outputPath } from '../arguments/output-path.ts';
import { printChange, writeChange } from '../files/change-file.ts';
import { type ConfigFile, loadConfig } from '../files/config-file.ts';

import { writeFileAtomically } from '../../sources/file/write-file.ts';
import { planInFile } from '../files/write-plan-in-file.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { FOUND, INTERRUPTED } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printError } from '../output/problems.ts';
import { printJson } from '../output/json.ts';
import { planText } from '../output/plan/plan-text.ts';

/** `plan`: computes how many units and days an experiment needs, or what it can detect. */
export const planCommand: Command = {
  name: 'plan',
  register(program, host) {
    const command = program
      .command('plan')
      .description('computes how many units and days an experiment needs, or what it detects')
      .argument('<experiment>', "the experiment's name; in a namespace, namespace.experiment")
      .option('--metric <name>', 'the metric (default: the first primary one)')
      .option('--control <variant>', 'the variant to compare with (default: the declared one)')
      .option('--variants <names...>', 'compare these variants, the control included')
      .option('--rate <percent>', 'the share of units before the experiment, for a proportion')
      .option('--mean <number>', 'the mean before the experiment; needs --sd')
      .option('--sd <number>', 'the standard deviation per unit')
      .option('--lift <percent>', 'the relative change to detect: 5%, or -5% for a decrease')
      .option('--units <n>', 'the number of units of all compared variants together')
      .option('--days <n>', 'the days in which units arrive; needs --units-per-day')
      .option('--units-per-day <n>', 'new units a day, not visits')
      .option('--power <percent>', 'the chance to detect the lift (default: 80%)')
      .option('--confidence <percent>', 'the confidence of intervals (default: 95%)')
      .option('--cuped <percent>', 'the share of the variance that CUPED will remove (default: 0%)')
      .addOption(
        new Option('--look <method>', 'when results are read (default: hybrid)').choices([
          'hybrid',
          'fixed',
          'sequential',
        ]),
      )
      .option('--comparisons <n>', 'comparisons that share the error rate (default: treatments)');
    addRecordOptions(command, 'measure the baseline from these files of records')
      .option('--measure-days <n>', 'the days of records to measure (default: 28)')
      .option('--exposures-of <experiment>', 'measure the units that this experiment exposed')
      .option('--entry <outcome>', 'measure units from their first outcome of this name')
      .option('--html <file>', 'write the plan and its curves to an HTML page')
      .option('--write', 'write the planned units and end into the specification')
      .addOption(fileOption())
      .addOption(jsonOption())
      .action((name: string, options: PlanArguments) => plan(host, name, options));
  },
};

async function plan(host: Host, experiment: string, options: PlanArguments): Promise<void> {
  const config = await loadConfig(host, options.file);
  const { html } = options;
  const page = html === undefined ? undefined : outputPath(host, '--html', html, config);
  if (html !== undefined && page !== undefined) checkWritable(page, html);
  const baseline = await baselineOf(host, config, experiment, options);
  if (baseline === undefined) {
    printError(host.stderr, 'the measurement was interrupted; nothing is planned');
    host.setExitCode(INTERRUPTED);
    return;
  }
  const planned = planExperiment({
    specification: config.specification,
    experiment,
    baseline,
    now: host.now(),
    ...planNumbers(options),
  });
  const after = options.write === true ? planInFile(config, planned) : config.text;
  const change = { config, after };
  const written = after !== config.text;
  if (written) writeChange(change);
  if (html !== undefined && page !== undefined) {
    writeFileAtomically(page, planPage(planned, { origin: 'evenhand plan' }), { shown: html });
  }
  if (!isPlanEnough(planned)) host.setExitCode(FOUND);
  if (options.json) {
    printJson(host, { ...planned, written });
    return;
  }
  host.stdout.write(planText(planned, createColour(host.stdout.colour)));
  if (options.write !== true) return;
  host.stdout.write('\n');
  printChange(host, change);
  host.stdout.write(written ? '\nwritten\n' : 'the file already has this plan\n');
}

/** Returns the given baseline, or measures it; undefined if Ctrl-C came before the end. */
async function baselineOf(
  host: Host,
  config: ConfigFile,
  experiment: string,
  options: PlanArguments,
): Promise<PlanExperimentOptions['baseline'] | undefined> {
  const given = givenBaseline(options);
  if (given !== undefined) return given;
  const { metric, entry, exposuresOf, measureDays } = options;
  const days =
    measureDays === undefined ? undefined : wholeNumber('--measure-days', measureDays, 1, 366);
  const signal = host.interruption();
  const asked = {
    experiment,
    ...(metric !== undefined && { metric }),
    ...(entry !== undefined && { entry }),
    ...(exposuresOf !== undefined && { exposuresOf }),
    ...(days !== undefined && { days }),
  };
  try {
    return await baselineFromRecords(host, config, options, asked, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
