import { type Command as Commander, Option } from 'commander';
import { type Dialect, DIALECTS } from '../../analysis/engine.ts';
import { fileOption, jsonOption } from '../host/command.ts';
import { addRecordOptions, type RecordArguments } from '../arguments/record-arguments.ts';

/** The options of `analyze`, as the user typed them. */
export interface AnalyzeArguments extends RecordArguments {
  readonly file?: string;
  readonly html?: string;
  readonly markdown?: true;
  readonly json?: true;
  readonly sql?: Dialect;
  readonly rows?: readonly string[];
  readonly metric?: readonly string[];
  readonly segment?: readonly string[];
  readonly control?: string;
  readonly variants?: readonly string[];
  readonly checksum?: string;
  readonly identity?: string;
  readonly from?: string;
  readonly until?: string;
  readonly mixed?: 'drop' | 'first';
  readonly mature?: true;
  /** False for `--no-cuped`. */
  readonly cuped?: string | false;
  readonly maxOutcomes?: string;
  /** False for `--no-merge`. */
  readonly merge: boolean;
  readonly timeLine?: boolean;
  readonly plannedUnits?: string;
  readonly confidence?: string;
  readonly timeout?: string;
}

/** Adds the options of `analyze`: where the records are, what is analysed, and how it is shown. */
export function addAnalyzeOptions(command: Commander): Commander {
  return addViewOptions(addPlanOptions(addReadingOptions(command)));
}

function addReadingOptions(command: Commander): Commander {
  return addRecordOptions(command, 'files with exposures and outcomes: NDJSON, gzip, Parquet, CSV')
    .option(
      '--rows <files...>',
      'rows that the statement of --sql returned; several files are added up',
    )
    .option('--no-merge', 'records are written only once: do not merge them by id')
    .option('--timeout <seconds>', 'the longest time for all statements (default: 600)');
}

function addPlanOptions(command: Commander): Commander {
  return command
    .option('-m, --metric <names...>', "the metrics (default: those of the experiment's analysis)")
    .option('-s, --segment <paths...>', 'break results down by these context paths: user.plan')
    .option('--control <variant>', 'the variant that the others are compared with')
    .option('--variants <names...>', 'compare these variants, the control included')
    .option('--checksum <checksum>', "analyze another version's exposures (default: the newest)")
    .option('--identity <path>', 'the identity of the exposures, if there are several')
    .option('--from <time>', 'only records from this time on: a day or an instant')
    .option('--until <time>', 'only records before this time (default: the planned end, or now)')
    .addOption(
      new Option('--mixed <how>', 'units that saw several variants (default: drop)').choices([
        'drop',
        'first',
      ]),
    )
    .option('--mature', 'only units whose window has ended')
    .option(
      '--cuped <duration>',
      'the period before the exposure that reduces the variance (default: 28d)',
    )
    .option('--no-cuped', 'do not use values before the exposure')
    .option('--max-outcomes <n>', 'leave out units with more outcomes, such as bots')
    .option('--planned-units <n>', 'the planned number of units (default: as declared)')
    .option('--confidence <percent>', 'the confidence of the intervals (default: 95)');
}

function addViewOptions(command: Commander): Commander {
  return command
    .option('--time-line', 'compute the cumulative result of each day (default: with --html)')
    .option('--no-time-line', 'leave the cumulative result out of --html')
    .option('--html <file>', 'write the result with charts to an HTML page')
    .addOption(
      new Option('--markdown', 'print Markdown, for a pull request').conflicts(['json', 'sql']),
    )
    .addOption(
      new Option('--sql [dialect]', 'only print the statement (default: duckdb)')
        .choices(DIALECTS)
        .preset('duckdb')
        .conflicts(['json', 'rows', 'html', 'records', 'engine']),
    )
    .addOption(fileOption())
    .addOption(jsonOption());
}
