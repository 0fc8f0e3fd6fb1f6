import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { DEFAULT_FILE } from '../../sources/file/settings-source.ts';
import { printChange, writeChange } from '../files/change-file.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { type ConfigFile, loadConfig, parseConfig, STDIN } from '../files/config-file.ts';
import { appendItem } from '../../changes/edit-json.ts';
import { listPath } from '../files/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { askExperiment } from '../ask/ask-experiment.ts';
import { createAsker } from '../ask/asker.ts';
import { buildEntry } from '../ask/build-entry.ts';
import { printJson } from '../output/json.ts';

/** What a project's first file holds before its first experiment. */
const EMPTY = `{
  "$schema": "./node_modules/evenhand/schema/experiments.schema.json",
  "experiments": []
}
`;

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

/** `new`: adds an experiment or a switch to the file. */
export const newCommand: Command = {
  name: 'new',
  register(program, host) {
    program
      .command('new')
      .description('adds an experiment or a switch to the file; asks where no option says what')
      .argument('<name>', 'its name')
      .option('--identity <path>', `what tells participants apart (default: ${DEFAULT_IDENTITY})`)
      .option('--variants <names...>', `(default: ${DEFAULT_VARIANTS.join(' ')})`)
      .option('--percents <numbers...>', 'one for each variant (default: equal shares)')
      .option('--rule <rule>', 'who takes part; others get the first variant (default: everybody)')
      .option('--seed <text>', 'hashed with the identity (default: the name)')
      .option('--description <text>', 'for human readers')
      .option('--owner <text>', 'who answers for it')
      .option('--expires <day>', 'the last day it is meant to run, such as 2027-03-31')
      .addOption(
        new Option('--switch <state>', 'a switch, and nothing else of these')
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
    throw new OptionError(`${config.origin} has an experiment ${quote(name)} already`);
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
}

/** The specification that is there, or an empty one for a file that is not. */
async function loadOrBegin(
  host: Host,
  path = DEFAULT_FILE,
): Promise<{ config: ConfigFile; isNew: boolean }> {
  const absolute = resolve(host.cwd, path);
  const isNew = path !== STDIN && !existsSync(absolute);
  const config = isNew
    ? parseConfig({ origin: path, path: absolute, text: EMPTY })
    : await loadConfig(host, path);
  return { config, isNew };
}

async function entryOf(host: Host, name: string, options: NewOptions): Promise<object | string> {
  const { switch: state, file: _file, json, ...said } = options;
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
