import { userInfo } from 'node:os';
import type { Command as Commander } from 'commander';
import { OptionError } from '../../errors/usage-errors.ts';
import type { StoreChangeOptions } from '../../integrations/postgres/store/store-options.ts';
import { jsonOption } from '../host/command.ts';
import type { Host } from '../host/host.ts';
import { wholeNumber } from '../arguments/whole-number.ts';
import type { ConnectionOptions } from './connect.ts';

/** What all commands that ask the database take. */
export interface DatabaseOptions extends ConnectionOptions {
  readonly json?: true;
}

/** What all commands that change it take. */
export interface ChangeOptions extends DatabaseOptions {
  readonly author?: string;
  readonly reason?: string;
  readonly expectVersion?: string;
  readonly since?: string;
  readonly dryRun?: true;
}

/** Adds what all commands take that ask the database. */
export function addDatabaseOptions(command: Commander): Commander {
  return command
    .option(
      '--url <url>',
      "the database: postgres://… (default: DATABASE_URL, or PostgreSQL's own PGHOST and so on)",
    )
    .option('--schema <name>', "the tables' schema (default: the first of the search_path)")
    .addOption(jsonOption());
}

/** Adds what all commands take that change it. */
export function addChangeOptions(command: Commander): Commander {
  return addDatabaseOptions(
    command
      .option(
        '--author <name>',
        'who makes the change, for the history (default: who is logged in)',
      )
      .option('--reason <text>', 'why, for the history')
      .option(
        '--expect-version <n>',
        'refuse where it has another version now; 0: where it is there',
      )
      .option('--since <revision>', 'refuse where it was changed after this revision')
      .option('--dry-run', 'change nothing, and show who would move'),
  );
}

/**
 * The options in the store's form.
 *
 * @throws OptionError (`option`) where they can't be meant
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
    // A container may run as a number without a name.
    const name = env['USER'] ?? env['USERNAME'];
    if (name) return name;
    throw new OptionError('nobody knows who you are; say it with --author');
  }
}
