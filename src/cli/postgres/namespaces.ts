import type { Command as Commander } from 'commander';
import { OptionError } from '../../errors/usage-errors.ts';
import type { Authorship } from '../../integrations/postgres/store/change-set.ts';
import type { NewNamespace } from '../../integrations/postgres/namespaces/namespace-types.ts';
import {
  createPostgresNamespaces,
  type PostgresNamespaces,
} from '../../integrations/postgres/namespaces/postgres-namespaces.ts';
import { quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { loadConfig } from '../files/config-file.ts';
import type { Host } from '../host/host.ts';
import { objectArgument } from '../arguments/json-argument.ts';
import { printJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { wholeNumber } from '../arguments/whole-number.ts';
import { type ConnectionOptions, withPostgres } from './connect.ts';
import { addDatabaseOptions, changeOptions, type DatabaseOptions } from './options.ts';
import { showNamespaces, showOperations } from './show-namespaces.ts';

/** The options of commands that change a namespace. */
interface NamespaceChangeOptions extends DatabaseOptions {
  readonly author?: string;
  readonly reason?: string;
}

interface AddOptions extends NamespaceChangeOptions {
  readonly segments: string;
  readonly definition?: string;
  readonly as?: string;
}

/** `postgres namespace`: manages namespaces in a database and the segments of their experiments. */
export function registerNamespace(postgres: Commander, host: Host): void {
  const namespace = postgres
    .command('namespace')
    .description('manages namespaces in PostgreSQL, with their segments and history');
  registerList(namespace, host);
  registerCreate(namespace, host);
  registerAdd(namespace, host);
  registerRemove(namespace, host);
  registerHistory(namespace, host);
}

function registerList(namespace: Commander, host: Host): void {
  const command = namespace
    .command('list')
    .description('lists the namespaces and the number of segments of each experiment');
  addDatabaseOptions(command).action(async ({ json, ...where }: DatabaseOptions) => {
    const found = await withNamespaces(host, where, (namespaces) => namespaces.list());
    if (json) printJson(host, found);
    else showNamespaces(host, found);
  });
}

function registerCreate(namespace: Commander, host: Host): void {
  const command = namespace
    .command('create')
    .description('creates a namespace from a file, with its experiments and history')
    .argument('<file>', 'the specification file; - reads standard input')
    .argument('<name>', "the namespace's name in the file");
  addAuthorOptions(command).action(
    async (file: string, name: string, options: NamespaceChangeOptions) => {
      const { data, origin } = await loadConfig(host, file);
      const all = member(data, 'namespaces');
      const found: unknown = Array.isArray(all)
        ? all.find((one) => member(one, 'name') === name)
        : undefined;
      if (found === undefined) {
        throw new OptionError(`${origin} has no namespace ${quote(name)}`);
      }
      await change(host, options, async (namespaces, by) => {
        await namespaces.create(found as NewNamespace, by);
        return `${name} created`;
      });
    },
  );
}

function registerAdd(namespace: Commander, host: Host): void {
  const command = namespace
    .command('add')
    .description('adds an experiment and gives it free segments')
    .argument('<namespace>', "the namespace's name")
    .argument('<experiment>', "the experiment's name, part of its salt")
    .requiredOption('--segments <n>', 'number of segments it takes')
    .option(
      '--definition <json>',
      'an object with "script" or "variants", as JSON or @file (default: the existing definition)',
    )
    .option('--as <name>', "the definition's name (default: the experiment's)");
  addAuthorOptions(command).action(
    async (name: string, experiment: string, { segments, definition, as, ...rest }: AddOptions) => {
      const count = wholeNumber('--segments', segments, 0, Number.MAX_SAFE_INTEGER);
      const defined =
        definition === undefined ? {} : objectArgument(host, '--definition', definition);
      await change(host, rest, async (namespaces, by) => {
        const added = { ...defined, name: experiment, segments: count, experiment: as };
        const drawn = await namespaces.addExperiment(name, added, by);
        return `${experiment} added with ${drawn.length} segments`;
      });
    },
  );
}

function registerRemove(namespace: Commander, host: Host): void {
  const command = namespace
    .command('remove')
    .description('removes an experiment and frees its segments')
    .argument('<namespace>', "the namespace's name")
    .argument('<experiment>', "the experiment's name");
  addAuthorOptions(command).action(
    async (name: string, experiment: string, options: NamespaceChangeOptions) => {
      await change(host, options, async (namespaces, by) => {
        await namespaces.removeExperiment(name, experiment, by);
        return `${experiment} removed`;
      });
    },
  );
}

function registerHistory(namespace: Commander, host: Host): void {
  const command = namespace
    .command('history')
    .description('shows who changed a namespace, when and why, oldest first')
    .argument('<namespace>', "the namespace's name");
  addDatabaseOptions(command).action(async (name: string, { json, ...where }: DatabaseOptions) => {
    const operations = await withNamespaces(host, where, (namespaces) => namespaces.history(name));
    if (json) printJson(host, operations);
    else showOperations(host, operations);
  });
}

function addAuthorOptions(command: Commander): Commander {
  return addDatabaseOptions(
    command
      .option(
        '--author <name>',
        'author of the change, for the history (default: the logged-in user)',
      )
      .option('--reason <text>', 'reason for the change, for the history'),
  );
}

/** @param make returns a sentence about what it has done */
async function change(
  host: Host,
  { author, reason, json, ...where }: NamespaceChangeOptions,
  make: (namespaces: PostgresNamespaces, by: Authorship) => Promise<string>,
): Promise<void> {
  const by = changeOptions(host, {
    ...(author !== undefined && { author }),
    ...(reason !== undefined && { reason }),
  });
  const [done, summaries] = await withNamespaces(host, where, async (namespaces) => [
    await make(namespaces, by),
    await namespaces.list(),
  ]);
  if (json) printJson(host, summaries);
  else host.stdout.write(`${printable(done)}\n`);
}

function withNamespaces<Result>(
  host: Host,
  where: ConnectionOptions,
  work: (namespaces: PostgresNamespaces) => Promise<Result>,
): Promise<Result> {
  return withPostgres(host, where, (options) => {
    const { operators } = host;
    return work(createPostgresNamespaces(operators ? { ...options, operators } : options));
  });
}
