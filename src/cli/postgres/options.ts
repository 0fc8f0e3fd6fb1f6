import { userInfo } from 'node:os';
import type { Command as Commander } from 'commander';
import { OptionError } from '../../errors/usage-errors.ts';
import type { StoreChangeOptions } from '../../integrations/postgres/store/store-options.ts';
import { jsonOption } from '../host/command.ts';
import type { Host } from '../host/host.ts';
import { wholeNumber } from '../arguments/whole-number.ts';
import type { ConnectionOptions } from './connect.ts';

/** The options of all commands that use the database. */
export interface DatabaseOptions extends ConnectionOptions {
  readonly json?: true;
}

/** The options of all commands that change experiments in the database. */
export interface ChangeOptions extends DatabaseOptions {
  readonly author?: string;
  readonly reason?: string;
  readonly expectVersion?: string;
  readonly since?: string;
  readonly dryRun?: true;
}

/** Adds the options of all commands that use the database. */
export function addDatabaseOptions(command: Commander): Commander {
  return command
    .option(
      '--url <url>',
      "address of the database, postgres://… (default: DATABASE_URL, or PostgreSQL's PGHOST etc.)",
    )
    .option('--schema <name>', 'schema of the tables (default: the first in the search_path)')
    .addOption(jsonOption());
}

/** Adds the options of all commands that change experiments in the database. */
export function addChangeOptions(command: Commander): Commander {
  return addDatabaseOptions(
    command
      .option(
        '--author <name>',
        'author of the change, for the history (default: the logged-in user)',
      )
      .option('--reason <text>', 'reason for the change, for the history')
      .option(
        '--expect-version <n>',
        'refuse unless n is the current version; 0: refuse if the experiment exists',
      )
      .option('--since <revision>', 'refuse if it has changed after this revision')
      .option('--dry-run', 'change nothing and show who would move'),
  );
}

/**
 * Converts the options to the store's form.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function changeOptions(
  { env }: Host,
  { author, reason, expectVersion, since, dryRun }: ChangeOptions,
): StoreChangeOptions {
  const max = Number.MAX_SAFE_INTEGER;
  return {
    author: author ?? loggedIn(env),
    ...(reason !== undefined && { reason }),
    ...(expectVersion !== undefined && {
      expectedVersion: wholeNumber('--expect-version', expectVersion, 0, max),
    }),
    ...(since !== undefined && { since: wholeNumber('--since', since, 0, max) }),
    ...(dryRun && { dryRun }),
  };
}

function loggedIn(env: Host['env']): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have a number but no name.
    const name = env['USER'] ?? env['USERNAME'];
    if (name) return name;
    throw new OptionError("can't tell who is making this change; pass --author");
  }
}
