import { Argument } from 'commander';
import { EvenhandError } from '../../errors/evenhand-error.ts';
import { SpecError } from '../../errors/spec-error.ts';
import { DEFAULT_FILE } from '../../sources/file/settings-source.ts';
import { type Command, jsonOption } from '../host/command.ts';
import { type ConfigFile, type ConfigText, parseConfig, readConfig } from '../files/config-file.ts';
import { FAILED, FOUND } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { printJson } from '../output/json.ts';
import { printReport, type ValidationReport } from '../output/validation-report.ts';
import { today } from '../host/today.ts';
import { scanCode } from '../../workbench/usage/scan.ts';
import { findWarnings } from '../files/find-warnings.ts';
import type { Circumstances, UsedNames } from '../../workbench/warnings/warning.ts';

interface ValidateOptions {
  readonly strict?: true;
  readonly src?: readonly string[];
  readonly json?: true;
}

/** `validate`: reports all problems and likely mistakes in specifications. */
export const validateCommand: Command = {
  name: 'validate',
  register(program, host) {
    program
      .command('validate')
      .description('reports all problems and likely mistakes in a specification')
      .addArgument(
        new Argument('[file...]', 'specification files; - reads standard input').default(
          [DEFAULT_FILE],
          DEFAULT_FILE,
        ),
      )
      .option('--strict', 'exit with 1 for warnings too')
      .option(
        '--src <path>',
        'warn about experiments that no code in this file or folder uses; can be repeated',
        (path: string, paths: readonly string[] | undefined) => [...(paths ?? []), path],
      )
      .addOption(jsonOption())
      .action(async (files: readonly string[], { strict, src, json }: ValidateOptions) => {
        const circumstances = {
          today: today(host),
          used: src === undefined ? undefined : usedNames(host.cwd, src),
        };
        const reports: ValidationReport[] = [];
        for (const file of files) {
          const { report, text } = await validate(host, file, circumstances);
          reports.push(report);
          if (report.error !== undefined) host.setExitCode(FAILED);
          if (report.problems.length > 0 || (strict && report.warnings.length > 0)) {
            host.setExitCode(FOUND);
          }
          if (!json) printReport(host, report, text);
        }
        if (json) printJson(host, { files: reports });
      });
  },
};

/** Returns the names of experiments that the code uses. */
function usedNames(cwd: string, paths: readonly string[]): UsedNames {
  const { places } = scanCode(cwd, paths);
  const names = places.flatMap(({ name }) => name ?? []);
  return { names: new Set(names), computed: places.length - names.length };
}

async function validate(
  host: Host,
  file: string,
  circumstances: Circumstances,
): Promise<{ report: ValidationReport; text: string }> {
  let read: ConfigText;
  try {
    read = await readConfig(host, file);
  } catch (error) {
    if (!(error instanceof EvenhandError)) throw error;
    return { report: { file, problems: [], warnings: [], error: error.message }, text: '' };
  }
  const { origin, text } = read;
  let config: ConfigFile;
  try {
    config = parseConfig(read);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { report: { file: origin, problems: error.problems, warnings: [] }, text };
  }
  const { experiments, namespaces, holdouts = [] } = config.specification;
  const report = {
    file: origin,
    experiments: experiments.length,
    namespaces: namespaces.length,
    ...(holdouts.length > 0 && { holdouts: holdouts.length }),
    problems: [],
    warnings: findWarnings(config, circumstances),
  };
  return { report, text };
}
