import { existsSync } from 'node:fs';
import { OptionError } from '../../errors/usage-errors.ts';
import { DEFAULT_FILE } from '../../sources/file/settings-source.ts';
import { type Command, jsonOption } from '../host/command.ts';
import { readCode } from '../../sources/file/unreadable.ts';
import { loadConfig } from '../files/config-file.ts';
import { FOUND } from '../host/exit-codes.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { outputPath } from '../arguments/output-path.ts';
import { sameDeclarations, writeDeclarations } from '../../workbench/types/declarations.ts';
import { writeFileAtomically } from '../../sources/file/write-file.ts';

interface TypesOptions {
  readonly out: string;
  readonly check?: true;
  readonly json?: true;
}

/** The path that stands for standard output. */
const STDOUT = '-';

const DEFAULT_OUT = 'experiments.d.ts';

/** `types`: writes a declaration file, so that TypeScript knows the experiments. */
export const typesCommand: Command = {
  name: 'types',
  register(program, host) {
    program
      .command('types')
      .description('writes a declaration file, so that TypeScript knows names, variants and values')
      .argument('[file]', 'the specification file; - reads standard input', DEFAULT_FILE)
      .option('--out <path>', 'the file to write; - prints it', DEFAULT_OUT)
      .option('--check', 'write nothing; exit with 1 if the file is out of date')
      .addOption(jsonOption())
      .action(async (file: string, { out, check, json }: TypesOptions) => {
        const config = await loadConfig(host, file);
        const { experiments, namespaces } = config.specification;
        const text = writeDeclarations(experiments, config.origin, namespaces);
        if (out === STDOUT) {
          if (check)
            throw new OptionError(
              "--check can't be combined with --out -; pass the path of a file",
            );
          if (json) printJson(host, { file: out, experiments: experiments.length, text });
          else host.stdout.write(text);
          return;
        }
        const path = outputPath(host, '--out', out, config);
        const before = existsSync(path) ? readCode(path, out) : undefined;
        const current = before !== undefined && sameDeclarations(before, text);
        if (check && !current) host.setExitCode(FOUND);
        if (!check && !current) writeFileAtomically(path, text, { shown: out });
        if (json) {
          printJson(host, { file: out, experiments: experiments.length, current });
          return;
        }
        const colour = createColour(host.stdout.colour);
        const shown = printable(out);
        if (current) host.stdout.write(`${shown} is up to date\n`);
        else if (check) {
          const state = before === undefined ? 'does not exist' : 'is out of date';
          host.stdout.write(`${colour.red(`${shown} ${state}`)}; run ${commandFor(file, out)}\n`);
        } else {
          const { length } = experiments;
          const what = length === 1 ? 'experiment or switch' : 'experiments and switches';
          host.stdout.write(`${shown}: ${length} ${what}\n`);
        }
      });
  },
};

/** Returns the command that writes the declarations. */
function commandFor(file: string, out: string): string {
  const from = file === DEFAULT_FILE ? [] : [file];
  const to = out === DEFAULT_OUT ? [] : ['--out', out];
  return printable(['npx evenhand types', ...from, ...to].join(' '));
}
