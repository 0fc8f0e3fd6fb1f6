import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { printChange, writeChange } from '../files/change-file.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { loadConfig } from '../files/config-file.ts';
import { checkVariant, findExperiment } from '../files/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { editAllocations } from '../../changes/rollout/edit-allocations.ts';
import { planRollout } from '../../changes/rollout/plan-rollout.ts';
import { showRollout } from '../output/show-rollout.ts';
import { audienceNumber, wholeNumber } from '../arguments/whole-number.ts';

interface RolloutOptions {
  readonly variant: string;
  readonly to: string;
  readonly audience?: string;
  readonly from?: readonly string[];
  readonly write?: true;
  readonly file?: string;
  readonly json?: true;
}

/** `rollout`: gives a variant another percent, and moves the fewest participants. */
export const rolloutCommand: Command = {
  name: 'rollout',
  register(program, host) {
    program
      .command('rollout')
      .description('gives a variant another percent of an audience, and moves the fewest people')
      .argument('<experiment>', 'its name')
      .requiredOption('--variant <name>', 'the variant that grows or shrinks')
      .requiredOption('--to <percent>', 'its percent afterwards, 0 to 100')
      .option('--audience <number>', 'which audience, counted from 1')
      .option('--from <variants...>', 'who gives the buckets, or takes them, in this order')
      .option('--write', 'change the file; without it, the change is shown')
      .addOption(fileOption())
      .addOption(jsonOption())
      .action((name: string, options: RolloutOptions) => rollOut(host, name, options));
  },
};

async function rollOut(host: Host, name: string, options: RolloutOptions): Promise<void> {
  const config = await loadConfig(host, options.file);
  const { spec, path } = findExperiment(config, name);
  const request = {
    variant: options.variant,
    to: wholeNumber('--to', options.to, 0, 100),
    audience: audienceNumber(spec, options.audience),
    from: options.from ?? [],
  };
  checkRequest(spec, request.variant, request.from);
  const rollout = planRollout(spec, request);
  const { audience, before, after, moves } = rollout;
  const place = [...path, 'audiences', audience, 'allocations'];
  const change = { config, after: editAllocations(config.text, place, before, after) };
  const changes = moves.length > 0;
  const written = changes && options.write === true;
  if (written) writeChange(change);
  if (options.json) {
    printJson(host, { experiment: name, audience, before, after, moves, written });
    return;
  }
  if (!changes) {
    host.stdout.write(`${name}: ${request.variant} has ${request.to}% already\n`);
    return;
  }
  host.stdout.write(`${showRollout(rollout, spec, createColour(host.stdout.colour))}\n`);
  printChange(host, change);
  host.stdout.write(written ? '\nwritten\n' : '\nnothing is written yet; --write does it\n');
}

function checkRequest(spec: ExperimentSpec, variant: string, from: readonly string[]): void {
  for (const one of [variant, ...from]) checkVariant(spec, one);
  if (from.includes(variant)) {
    throw new OptionError(`--from names ${quote(variant)} itself; name who gives the buckets`);
  }
  if (spec.shorthand) {
    throw new OptionError(
      `${quote(spec.name)} is the shorthand of a switch, which is on or off for everybody; write it ` +
        'out as an experiment with an identity first',
    );
  }
}
