import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { type Command, jsonOption } from '../host/command.ts';
import { loadConfig, STDIN } from '../files/config-file.ts';
import { diffJson } from '../output/diff/diff-json.ts';
import {
  type DiffContexts,
  diffSpecifications,
  isHarmfulDiff,
} from '../../workbench/diff/diff-specifications.ts';
import { contextConverter } from '../../workbench/contexts/prepare-context.ts';
import { timeLine } from '../../workbench/diff/time-line/time-line.ts';
import { DEFAULT_PARKED } from '../../changes/parked.ts';
import { renderDiff } from '../output/diff/render-diff.ts';
import { renderMarkdown } from '../output/diff/render-markdown.ts';
import { FOUND, INTERRUPTED } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { DEFAULT_UNITS } from '../arguments/simulation-job.ts';
import { formatCount } from '../../ui/figures.ts';
import { endAtAbort } from '../../workbench/simulate/end-at-abort.ts';
import { largeNumber } from '../arguments/large-number.ts';

interface DiffOptions {
  readonly units?: string;
  readonly contexts?: string;
  readonly parked?: string;
  readonly allow?: true;
  readonly markdown?: true;
  readonly json?: true;
}

/** The most units; more would not change any digit that is shown. */
const MAX_DIFF_UNITS = 10_000_000;

/** `diff`: shows who moves when one specification replaces another. */
export const diffCommand: Command = {
  name: 'diff',
  register(program, host) {
    program
      .command('diff')
      .description('shows who moves between variants when the specification changes')
      .argument('<old>', 'the current specification')
      .argument('<new>', 'the changed specification; - reads standard input')
      .option(
        '-n, --units <n>',
        `number of units to generate if seeds differ (default: ${formatCount(DEFAULT_UNITS)})`,
      )
      .option('--contexts <file>', 'a file of real contexts, one JSON object per line')
      .option(
        '--parked <names>',
        `variants that show nothing new, separated by commas (default: ${DEFAULT_PARKED.join(',')})`,
      )
      .option('--allow', 'exit with 0 even if people move between shown variants')
      .option('--markdown', 'print Markdown for a pull request')
      .addOption(jsonOption())
      .action(async (before: string, after: string, options: DiffOptions) => {
        await diff(host, before, after, options);
      });
  },
};

async function diff(
  host: Host,
  before: string,
  after: string,
  options: DiffOptions,
): Promise<void> {
  if (options.json && options.markdown) {
    throw new OptionError("--json can't be combined with --markdown; choose one");
  }
  if ([before, after, options.contexts].filter((path) => path === STDIN).length > 1) {
    throw new OptionError('standard input can be read only once; pass - for one file only');
  }
  const now = host.now().getTime();
  const old = await loadConfig(host, before, now);
  const next = await loadConfig(host, after, now);
  const view = {
    units:
      options.units === undefined
        ? DEFAULT_UNITS
        : largeNumber('--units', options.units, 1, MAX_DIFF_UNITS),
    parked: new Set(options.parked === undefined ? DEFAULT_PARKED : parseNames(options.parked)),
  };
  const contexts =
    options.contexts === undefined
      ? undefined
      : {
          ...openContexts(host, options.contexts),
          prepare: { before: contextConverter(old.data), after: contextConverter(next.data) },
          // Both files see one instant, so that only their differences move people.
          now: new Date(now),
        };
  const moments = timeLine(old.specification, next.specification, now);
  const found = await diffSpecifications(old.snapshot, next.snapshot, view, contexts, moments);
  if (options.json) printJson(host, diffJson(found));
  else if (options.markdown) host.stdout.write(renderMarkdown(found, view));
  else host.stdout.write(renderDiff(found, view, createColour(host.stdout.colour)));
  const { counted } = found;
  if (isHarmfulDiff(found) && !options.allow) host.setExitCode(FOUND);
  if (counted !== undefined && counted.brokenLineCount > 0) host.setExitCode(FOUND);
  if (counted?.partial) host.setExitCode(INTERRUPTED);
}

function openContexts(host: Host, path: string): DiffContexts {
  const signal = host.interruption();
  const chunks = path === STDIN ? host.stdin.stream : createReadStream(resolve(host.cwd, path));
  return {
    chunks: readable(endAtAbort(chunks, signal), path),
    control: { stopped: () => signal.aborted, report: () => {} },
  };
}

async function* readable(
  chunks: AsyncIterable<Uint8Array | string>,
  path: string,
): AsyncGenerator<Uint8Array | string> {
  try {
    yield* chunks;
  } catch (error) {
    throw new SourceError(`can't read ${path}: ${thrownMessage(error)}`, { cause: error });
  }
}

/** Reads names separated by commas; `--parked ''` means that every variant shows something. */
function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (text === '') return [];
  if (names.every((name) => /^\w+$/.test(name))) return names;
  throw new OptionError(`--parked takes names of variants separated by commas, not ${quote(text)}`);
}
