import { Argument } from 'commander';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { loadConfig } from '../files/config-file.ts';
import { FOUND } from '../host/exit-codes.ts';
import { printJson } from '../output/json.ts';
import { today } from '../host/today.ts';
import { printUsage } from '../output/print-usage.ts';
import { scanCode } from '../../workbench/usage/scan.ts';
import { hasFindings, reportUsage } from '../../workbench/usage/usage-report.ts';

interface UsageOptions {
  readonly file?: string;
  readonly json?: true;
}

/** `usage`: shows where the code uses each experiment, and which experiments can be removed. */
export const usageCommand: Command = {
  name: 'usage',
  register(program, host) {
    program
      .command('usage')
      .description('shows where the code uses each experiment, and what can be cleaned up')
      .addArgument(
        new Argument('[src...]', 'files and folders to search').default(
          ['.'],
          'the working directory',
        ),
      )
      .addOption(fileOption())
      .addOption(jsonOption())
      .action(async (paths: readonly string[], { file, json }: UsageOptions) => {
        const { snapshot, origin } = await loadConfig(host, file);
        const scan = scanCode(host.cwd, paths);
        const report = reportUsage(snapshot.experiments, scan, today(host));
        if (hasFindings(report)) host.setExitCode(FOUND);
        if (json) printJson(host, report);
        else printUsage(host.stdout, report, origin);
      });
  },
};
