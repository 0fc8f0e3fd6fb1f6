import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { DEFAULT_FILE } from '../../sources/file/settings-source.ts';
import { changeOverrides, readOverride } from '../../toolbar/routes/override-form.ts';
import {
  MAX_AGE_MS,
  MAX_AUTHOR,
  MAX_OVERRIDES,
  MAX_TOKEN,
  MIN_AGE_MS,
} from '../../toolbar/share/limits.ts';
import { withToken } from '../../toolbar/share/share-link.ts';
import { signToken } from '../../toolbar/share/token.ts';
import { ageArgument } from '../arguments/age-argument.ts';
import { pageArgument, secretArgument, siteArgument } from '../arguments/link-arguments.ts';
import { loadConfig } from '../files/config-file.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import type { Host } from '../host/host.ts';
import { printJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';

interface LinkOptions {
  readonly host: string;
  readonly secretEnv: string;
  readonly path: string;
  readonly maxAge: string;
  readonly author?: string;
  readonly secret?: string;
  readonly file?: string;
  readonly json?: true;
}

const SECOND_MS = 1000;

/** `link`: prints a share link of the toolbar, which forces variants for the person who opens it. */
export const linkCommand: Command = {
  name: 'link',
  register(program, host) {
    program
      .command('link')
      .description('prints a share link that forces variants; needs the toolbar with "share"')
      .argument(
        '<overrides...>',
        'experiment:variant; in a namespace, namespace:experiment or namespace.parameter:value',
      )
      .requiredOption(
        '--host <host>',
        'the host of the site, such as shop.example or localhost:3000',
      )
      .option(
        '--secret-env <name>',
        'the environment variable with the secret of toolbar({ share })',
        'EVENHAND_SHARE_SECRET',
      )
      .option('--path <path>', 'the page to open, with or without a query', '/')
      .option('--max-age <time>', 'the time the link works, such as 90m, 12h or 7d', '1d')
      .option('--author <name>', 'the name that visitors see before they accept (default: none)')
      .addOption(new Option('--secret <text>').hideHelp())
      .addOption(fileOption())
      .addOption(jsonOption())
      .action((texts: readonly string[], options: LinkOptions) => print(host, texts, options));
  },
};

async function print(host: Host, texts: readonly string[], options: LinkOptions): Promise<void> {
  if (options.secret !== undefined) {
    throw new OptionError(
      '--secret is not accepted, because other users of this machine can see it; put the secret into an environment variable and name the variable with --secret-env',
    );
  }
  const secret = secretArgument(host, options.secretEnv);
  const site = siteArgument('--host', options.host);
  const page = pageArgument('--path', options.path, site);
  const bounds = { minMs: MIN_AGE_MS, maxMs: MAX_AGE_MS, range: 'from 1m to 7d' };
  const ageMs = ageArgument('--max-age', options.maxAge, bounds);
  const by = authorArgument(options.author);
  const { overrides, isChecked } = await readOverrides(host, texts, options.file);
  const expires = Math.floor((host.now().getTime() + ageMs) / SECOND_MS);
  const token = signToken({ host: site.host, overrides, expires, by }, secret);
  if (overrides.size > MAX_OVERRIDES || token.length > MAX_TOKEN) {
    throw new OptionError(
      `a link holds at most ${MAX_OVERRIDES} variants in ${MAX_TOKEN} characters; leave some out`,
    );
  }
  const link = withToken(page.href, token);
  const until = new Date(expires * SECOND_MS).toISOString();
  if (options.json) {
    const forced = Object.fromEntries(overrides);
    printJson(host, { link, host: site.host, overrides: forced, until, checked: isChecked });
    return;
  }
  host.stdout.write(`${link}\n`);
  // Not on stdout, so that the link can be piped into other programs.
  host.stderr.write(
    `forces ${printable(texts.join(', '))} until ${until}; visitors confirm first\n`,
  );
  if (!isChecked) {
    host.stderr.write(`the names were not checked, because there is no ${DEFAULT_FILE} here\n`);
  }
}

function authorArgument(name = ''): string {
  if (name.length <= MAX_AUTHOR) return name;
  throw new OptionError(`--author takes a name of at most ${MAX_AUTHOR} characters`);
}

/** Reads the overrides, and checks them against the specification if there is one. */
async function readOverrides(
  host: Host,
  texts: readonly string[],
  file: string | undefined,
): Promise<{ readonly overrides: ReadonlyMap<string, string>; readonly isChecked: boolean }> {
  const overrides = new Map<string, string>();
  for (const text of texts) {
    const [name = '', value = ''] = readOverride(text) ?? [];
    if (name === '' || value === '') {
      throw new OptionError(`${quote(text)} has no variant; write experiment:variant`);
    }
    if (overrides.has(name)) {
      throw new OptionError(`${quote(text)}: this name is forced twice; remove one of the two`);
    }
    overrides.set(name, value);
  }
  if (file === undefined && !existsSync(resolve(host.cwd, DEFAULT_FILE))) {
    return { overrides, isChecked: false };
  }
  const config = await loadConfig(host, file);
  const changed = changeOverrides(new Map(), new Map([['set', texts]]), config.snapshot);
  if (changed.overrides === undefined) {
    throw new OptionError(`${config.origin}: ${changed.problem}`);
  }
  return { overrides, isChecked: true };
}
