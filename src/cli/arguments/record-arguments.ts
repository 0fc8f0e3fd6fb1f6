import { type Command as Commander, Option } from 'commander';

/** The options that say where records are, as the user typed them. */
export interface RecordArguments {
  readonly records?: readonly string[];
  readonly engine?: 'duckdb' | 'postgres';
  readonly url?: string;
  readonly schema?: string;
  readonly exposures?: string;
  readonly outcomes?: string;
  readonly memory?: string;
}

/**
 * Adds the options that say where records are.
 *
 * @param use the description of `--records`
 */
export function addRecordOptions(command: Commander, use: string): Commander {
  return command
    .option('-r, --records <globs...>', use)
    .addOption(
      new Option(
        '--engine <name>',
        'the database that reads the records (default: duckdb)',
      ).choices(['duckdb', 'postgres']),
    )
    .option(
      '--url <url>',
      "address of PostgreSQL, postgres://… (default: DATABASE_URL, or PostgreSQL's PGHOST etc.)",
    )
    .option('--schema <name>', 'schema of the tables (default: the first in the search_path)')
    .option('--exposures <sql>', 'your own exposures: a SELECT with unit, at, variant, or @file')
    .option('--outcomes <sql>', 'your own outcomes: a SELECT with unit, at, name, or @file')
    .option('--memory <size>', 'the most memory of DuckDB, such as 2GB (default: 80%)');
}

/** Returns true if an option says where records are. */
export function namesRecords({ records, engine, exposures, outcomes }: RecordArguments): boolean {
  return [records, engine, exposures, outcomes].some((one) => one !== undefined);
}
