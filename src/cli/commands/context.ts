import { OptionError } from '../../errors/usage-errors.ts';
import { SpecError } from '../../errors/spec-error.ts';
import { type JsonFormat, renderJson } from '../../changes/render-json.ts';
import { declareContext } from '../../changes/declare-context.ts';
import { member } from '../../json/own.ts';
import { ContextShape } from '../../specification/context/shape.ts';
import { proposedContext } from '../../specification/context/proposed-context.ts';
import { printChange, writeChange } from '../files/change-file.ts';
import { type ConfigFile, loadConfig, parseConfig } from '../files/config-file.ts';
import { recordedShape, sampleShape } from '../files/context-shape.ts';
import { findWarnings } from '../files/find-warnings.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { FOUND } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { today } from '../host/today.ts';
import { printJson } from '../output/json.ts';
import { printNotices } from '../output/problems.ts';
import { formatPlural } from '../../ui/figures.ts';
import { printReport } from '../output/validation-report.ts';

interface ContextOptions {
  readonly contexts?: string;
  readonly from?: string;
  readonly write?: true;
  readonly force?: true;
  readonly file?: string;
  readonly json?: true;
}

/** The layout of the proposed context: the one of a specification that prettier has formatted. */
const LAYOUT: JsonFormat = { unit: '  ', eol: '\n', style: 'fitted' };

/** The most skipped lines that are listed. */
const MAX_SKIPPED = 5;

/** `context`: proposes a declared context from sample contexts or a recorded shape. */
export const contextCommand: Command = {
  name: 'context',
  register(program, host) {
    program
      .command('context')
      .description('proposes a declared context from sample contexts or the running application')
      .option(
        '--contexts <file>',
        'a file of real contexts, one JSON object per line or a JSON list; - reads standard input',
      )
      .option('--from <file>', 'a shape that the option "recordContextShape" has written')
      .option('--write', 'put the context into the specification file, and validate it')
      .option('--force', 'with --write: replace a context that is there')
      .addOption(fileOption())
      .addOption(jsonOption())
      .action((options: ContextOptions) => propose(host, options));
  },
};

async function propose(host: Host, options: ContextOptions): Promise<void> {
  const { contexts, from, json } = options;
  if (contexts === undefined && from === undefined) {
    throw new OptionError(
      'pass sample contexts with --contexts <file>, or a recorded shape with --from <file>',
    );
  }
  const shape = new ContextShape();
  if (from !== undefined) shape.merge(await recordedShape(host, from));
  if (contexts !== undefined) {
    const sample = await sampleShape(host, contexts);
    printSkipped(host, sample.skipped);
    shape.merge(sample.shape);
  }
  if (shape.isUnlisted) {
    throw new OptionError(
      "the contexts have only names that rules can't read, or more than 50 names, so there is nothing to declare; pass contexts with the names that your rules read",
    );
  }
  const context = proposedContext(shape);
  if (options.write) await declare(host, context, options);
  else if (json) printJson(host, { contexts: shape.contexts, context });
  else {
    host.stdout.write(`${renderJson(context, LAYOUT, '')}\n`);
    const seen = formatPlural(shape.contexts, 'context');
    host.stderr.write(
      `from ${seen}; check it, then add it as "context" to the file, or run this again with --write\n`,
    );
  }
}

function printSkipped(host: Host, skipped: readonly string[]): void {
  for (const reason of skipped.slice(0, MAX_SKIPPED)) host.stderr.write(`skipped ${reason}\n`);
  const more = skipped.length - MAX_SKIPPED;
  if (more > 0) host.stderr.write(`skipped ${more} more\n`);
}

/** Writes the context into the file, unless the file would have problems with it. */
async function declare(host: Host, context: object, options: ContextOptions): Promise<void> {
  const config = await loadConfig(host, options.file);
  const { origin } = config;
  if (
    !Array.isArray(config.data) &&
    member(config.data, 'context') !== undefined &&
    !options.force
  ) {
    throw new OptionError(`${origin} already declares a context; pass --force to replace it`);
  }
  const after = declareContext(config.text, context);
  const declared = parseDeclared(host, config, after, options);
  if (declared === undefined) return;
  writeChange({ config, after });
  const warnings = findWarnings(declared, { today: today(host) });
  if (options.json) {
    printJson(host, { file: origin, context, warnings });
    return;
  }
  host.stdout.write(`declared the context in ${origin}\n`);
  printChange(host, { config, after });
  const { experiments, namespaces } = declared.specification;
  const counts = { experiments: experiments.length, namespaces: namespaces.length };
  printReport(host, { file: origin, ...counts, problems: [], warnings }, after);
}

/** Returns the file with the context; prints its problems and returns undefined if it has any. */
function parseDeclared(
  host: Host,
  config: ConfigFile,
  text: string,
  { json }: ContextOptions,
): ConfigFile | undefined {
  try {
    return parseConfig({ ...config, text });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const { origin } = config;
    host.setExitCode(FOUND);
    if (json) {
      printJson(host, { file: origin, problems: error.problems });
      return undefined;
    }
    printNotices(host.stdout, origin, error.problems, text, 'error');
    host.stdout.write(
      `${origin} would have ${formatPlural(error.problems.length, 'problem')} with this context, so nothing was written; ` +
        'fix the rules, or add sample contexts that have these values\n',
    );
    return undefined;
  }
}
