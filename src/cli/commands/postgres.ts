import { Argument, type Command as Commander, Option } from 'commander';
import { migratePostgres } from '../../integrations/postgres/migrate.ts';
import { MIGRATIONS } from '../../integrations/postgres/migrations.generated.ts';
import {
  createPostgresStore,
  type PostgresStore,
  type StoreChange,
} from '../../integrations/postgres/store/store.ts';
import type { StoreChangeOptions } from '../../integrations/postgres/store/store-options.ts';
import type { Command } from '../host/command.ts';
import { loadConfig } from '../files/config-file.ts';
import type { Host } from '../host/host.ts';
import { printJson } from '../output/json.ts';
import { type ConnectionOptions, withPostgres } from '../postgres/connect.ts';
import { registerNamespace } from '../postgres/namespaces.ts';
import {
  addChangeOptions,
  addDatabaseOptions,
  type ChangeOptions,
  changeOptions,
  type DatabaseOptions,
} from '../postgres/options.ts';
import { pickEntries } from '../postgres/pick-entries.ts';
import { showChange } from '../postgres/show-change.ts';
import { showHistory, showList } from '../postgres/show-stored.ts';
import type { SwitchState } from '../../changes/flip-switch.ts';
import { wholeNumber } from '../arguments/whole-number.ts';

/** The most changes that the store returns at once. */
const MAX_HISTORY = 10_000;

/** `postgres`: manages experiments in a database. */
export const postgresCommand: Command = {
  name: 'postgres',
  register(program, host) {
    const postgres = program
      .command('postgres')
      .description('manages experiments in PostgreSQL, with their history');
    registerMigrate(postgres, host);
    registerList(postgres, host);
    registerPut(postgres, host);
    registerSwitch(postgres, host);
    registerRemove(postgres, host);
    registerHistory(postgres, host);
    registerRollback(postgres, host);
    registerNamespace(postgres, host);
  },
};

function registerMigrate(postgres: Commander, host: Host): void {
  const command = postgres
    .command('migrate')
    .description('creates the tables or updates them')
    .option('--print', 'only print the SQL, for psql -1 -v ON_ERROR_STOP=1');
  addDatabaseOptions(command).action(
    async ({ print, json, ...where }: DatabaseOptions & { readonly print?: true }) => {
      if (print) {
        host.stdout.write(MIGRATIONS.map(({ sql }) => sql).join('\n'));
        return;
      }
      const migrated = await withPostgres(host, where, migratePostgres);
      const { applied, present } = migrated;
      if (json) printJson(host, migrated);
      else if (applied.length === 0) host.stdout.write(`up to date: ${present.at(-1)}\n`);
      else host.stdout.write(applied.map((name) => `done: ${name}\n`).join(''));
    },
  );
}

function registerList(postgres: Commander, host: Host): void {
  const command = postgres.command('list').description('lists the experiments in the database');
  addDatabaseOptions(command).action(async ({ json, ...where }: DatabaseOptions) => {
    const set = await withStore(host, where, (store) => store.list());
    if (json) printJson(host, set);
    else showList(host, set);
  });
}

function registerPut(postgres: Commander, host: Host): void {
  const command = postgres
    .command('put')
    .description('stores the experiments of a file, all or none')
    .argument('<file>', 'the specification file; - reads standard input')
    .argument('[names...]', 'store only these experiments');
  addChangeOptions(command).action(
    async (file: string, names: readonly string[], options: ChangeOptions) => {
      const config = await loadConfig(host, file);
      const entries = pickEntries(host, config, names);
      await change(host, options, (store, how) => store.put(entries, how));
    },
  );
}

function registerSwitch(postgres: Commander, host: Host): void {
  const command = postgres
    .command('switch')
    .description('turns a switch on or off; creates the switch if it does not exist')
    .argument('<name>', "the switch's name")
    .addArgument(new Argument('<state>', 'the new state').choices(['on', 'off']))
    .addOption(new Option('--all', 'change all its audiences').conflicts('audience'))
    .option('--audience <number>', 'change one audience, counted from 1');
  addChangeOptions(command).action(
    async (
      name: string,
      state: SwitchState,
      options: ChangeOptions & { readonly all?: true; readonly audience?: string },
    ) => {
      const { all, audience: number } = options;
      const one =
        number === undefined
          ? undefined
          : wholeNumber('--audience', number, 1, Number.MAX_SAFE_INTEGER) - 1;
      const audience = all ? 'all' : one;
      await change(host, options, (store, how) =>
        store.putSwitch(name, state, { ...how, ...(audience !== undefined && { audience }) }),
      );
    },
  );
}

function registerRemove(postgres: Commander, host: Host): void {
  const command = postgres
    .command('remove')
    .description('removes an experiment and keeps its history')
    .argument('<name>', "the experiment's name");
  addChangeOptions(command).action(async (name: string, options: ChangeOptions) => {
    await change(host, options, (store, how) => store.remove(name, how));
  });
}

function registerHistory(postgres: Commander, host: Host): void {
  const command = postgres
    .command('history')
    .description('shows who changed what, when and why, latest first')
    .argument('[name]', 'show only this experiment')
    .option('-n, --limit <n>', 'number of changes to show (default: 100)');
  addDatabaseOptions(command).action(
    async (
      name: string | undefined,
      { limit, json, ...where }: DatabaseOptions & { readonly limit?: string },
    ) => {
      const wanted = {
        name,
        limit: limit === undefined ? undefined : wholeNumber('--limit', limit, 1, MAX_HISTORY),
      };
      const entries = await withStore(host, where, (store) => store.history(wanted));
      if (json) printJson(host, entries);
      else showHistory(host, entries);
    },
  );
}

function registerRollback(postgres: Commander, host: Host): void {
  const command = postgres
    .command('rollback')
    .description('restores an earlier version of an experiment')
    .argument('<name>', "the experiment's name")
    .requiredOption('--to <version>', 'the version to restore, from its history');
  addChangeOptions(command).action(
    async (name: string, options: ChangeOptions & { readonly to: string }) => {
      const version = wholeNumber('--to', options.to, 1, Number.MAX_SAFE_INTEGER);
      await change(host, options, (store, how) => store.rollback(name, version, how));
    },
  );
}

async function change(
  host: Host,
  options: ChangeOptions,
  make: (store: PostgresStore, how: StoreChangeOptions) => Promise<StoreChange>,
): Promise<void> {
  const how = changeOptions(host, options);
  const changed = await withStore(host, options, (store) => make(store, how));
  await showChange(host, changed, options);
}

function withStore<Result>(
  host: Host,
  where: ConnectionOptions,
  work: (store: PostgresStore) => Promise<Result>,
): Promise<Result> {
  return withPostgres(host, where, (options) => work(createPostgresStore(options)));
}
