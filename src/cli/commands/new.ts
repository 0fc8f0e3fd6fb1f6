import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Option } from 'commander';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { DEFAULT_FILE } from '../../sources/file/settings-source.ts';
import { printChange, writeChange } from '../files/change-file.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { type ConfigFile, loadConfig, parseConfig, STDIN } from '../files/config-file.ts';
import { appendItem } from '../../changes/edit-json.ts';
import { listPath } from '../../changes/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { askExperiment } from '../ask/ask-experiment.ts';
import { createAsker } from '../ask/asker.ts';
import { buildEntry } from '../ask/build-entry.ts';
import { checkName } from '../ask/check-names.ts';
import { printJson } from '../output/json.ts';

/** The path of the JSON Schema in an application's folder, for editors. */
const SCHEMA = 'node_modules/evenhand/schema/experiments.schema.json';

/** The next step after a file is created: without a context, few mistakes in rules are found. */
const NEXT =
  'next: declare the context, so that rules and identities are checked: ' +
  'npx evenhand context --contexts <file> --write';

const DEFAULT_IDENTITY = 'user.id';
const DEFAULT_VARIANTS: readonly string[] = ['control', 'treatment'];

interface NewOptions {
  readonly identity?: string;
  readonly variants?: readonly string[];
  readonly percents?: readonly string[];
  readonly rule?: string;
  readonly seed?: string;
  readonly description?: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly switch?: 'on' | 'off';
  readonly file?: string;
  readonly json?: true;
}

/** `new`: adds an experiment or a switch to the file, and creates the file if needed. */
export const newCommand: Command = {
  name: 'new',
  register(program, host) {
    program
      .command('new')
      .description(
        'adds an experiment or a switch to the file; asks for its properties if no options are given',
      )
      .argument('<name>', "the new experiment's name")
      .option(
        '--identity <path>',
        `the value that is hashed: a context path, or several with commas, of which the first available one decides (default: ${DEFAULT_IDENTITY})`,
      )
      .option(
        '--variants <names...>',
        `names of the variants (default: ${DEFAULT_VARIANTS.join(' ')})`,
      )
      .option('--percents <numbers...>', 'one percent for each variant (default: equal shares)')
      .option(
        '--rule <rule>',
        'condition for taking part, such as "country == \'CA\'"; everyone else gets the first variant (default: everyone takes part)',
      )
      .option('--seed <text>', 'string hashed with the identity (default: the name)')
      .option('--description <text>', 'purpose of the experiment, for readers')
      .option('--owner <text>', 'person or team responsible for it')
      .option('--expires <day>', 'last day it is planned to run, such as 2027-03-31')
      .addOption(
        new Option('--switch <state>', "add a switch; can't be combined with the options above")
          .choices(['on', 'off'])
          .conflicts(['identity', 'variants', 'percents', 'rule', 'seed', 'description'])
          .conflicts(['owner', 'expires']),
      )
      .addOption(fileOption())
      .addOption(jsonOption())
      .action((name: string, options: NewOptions) => add(host, name, options));
  },
};

async function add(host: Host, name: string, options: NewOptions): Promise<void> {
  const { config, isNew } = await loadOrBegin(host, options.file);
  if (config.specification.experiments.some((spec) => spec.name === name)) {
    throw new OptionError(
      `${config.origin} already has an experiment ${quote(name)}; choose another name`,
    );
  }
  const entry = await entryOf(host, name, options);
  const after = appendItem(config.text, listPath(config), entry);
  const change = { config, after, isNew };
  writeChange(change);
  if (options.json) {
    printJson(host, { file: config.origin, added: entry });
    return;
  }
  host.stdout.write(`added ${name} to ${config.origin}\n`);
  printChange(host, change);
  if (isNew) host.stdout.write(`${NEXT}\n`);
}

/** Returns the specification of the file, or an empty one if the file does not exist. */
async function loadOrBegin(
  host: Host,
  path = DEFAULT_FILE,
): Promise<{ config: ConfigFile; isNew: boolean }> {
  const absolute = resolve(host.cwd, path);
  const isNew = path !== STDIN && !existsSync(absolute);
  const config = isNew
    ? parseConfig({ origin: path, path: absolute, text: emptyFile(host.cwd, absolute) })
    : await loadConfig(host, path);
  return { config, isNew };
}

/** Returns a new specification file before its first experiment. */
function emptyFile(cwd: string, path: string): string {
  const schema = JSON.stringify(schemaFrom(dirname(path), cwd));
  return `{\n  "$schema": ${schema},\n  "experiments": []\n}\n`;
}

/**
 * Returns the path of the JSON Schema from a folder: in the next `node_modules` above it that has the
 * package, otherwise in that of the working directory, where it will be once the package is installed.
 */
function schemaFrom(folder: string, cwd: string): string {
  let home = folder;
  while (!existsSync(join(home, SCHEMA)) && dirname(home) !== home) home = dirname(home);
  const found = join(existsSync(join(home, SCHEMA)) ? home : cwd, SCHEMA);
  const path = relative(folder, found).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

async function entryOf(host: Host, name: string, options: NewOptions): Promise<object | string> {
  const { switch: state, file: _file, json, ...said } = options;
  checkName('the name', name);
  if (state !== undefined) return `${name}:${state}`;
  const nothingSaid = Object.keys(said).length === 0 && !json;
  if (nothingSaid && host.stdin.isTTY && host.stdout.isTTY) {
    const asker = createAsker(host);
    try {
      return await askExperiment(asker, name);
    } finally {
      asker.close();
    }
  }
  return buildEntry({
    ...said,
    name,
    identity: said.identity ?? DEFAULT_IDENTITY,
    variants: said.variants ?? DEFAULT_VARIANTS,
  });
}
