import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import { placeInSchedule } from '../../specification/schedule/schedule.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { printChange, writeChange } from '../files/change-file.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { loadConfig } from '../files/config-file.ts';
import { checkVariant, findExperiment } from '../../changes/find-experiment.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { rampInText } from '../../changes/rollout/ramp-in-text.ts';
import { planRollout } from '../../changes/rollout/plan-rollout.ts';
import { showRollout } from '../output/show-rollout.ts';
import { audienceNumber, percentArgument } from '../arguments/whole-number.ts';

interface RolloutOptions {
  readonly variant: string;
  readonly to: string;
  readonly audience?: string;
  readonly from?: readonly string[];
  readonly write?: true;
  readonly file?: string;
  readonly json?: true;
}

/** `rollout`: changes a variant's percent and moves as few participants as possible. */
export const rolloutCommand: Command = {
  name: 'rollout',
  register(program, host) {
    program
      .command('rollout')
      .description("changes a variant's percent in an audience and moves as few people as possible")
      .argument('<experiment>', "the experiment's name")
      .requiredOption('--variant <name>', 'the variant that grows or shrinks')
      .requiredOption('--to <percent>', 'its new percent, 0 to 100, with at most two decimals')
      .option('--audience <number>', 'the audience to change, counted from 1')
      .option('--from <variants...>', 'variants that give up or receive buckets, in this order')
      .option('--write', 'change the file (default: only show the change)')
      .addOption(fileOption())
      .addOption(jsonOption())
      .action((name: string, options: RolloutOptions) => rollOut(host, name, options));
  },
};

async function rollOut(host: Host, name: string, options: RolloutOptions): Promise<void> {
  const config = await loadConfig(host, options.file);
  const { inForce: spec, path, audiences } = findExperiment(config, name);
  const request = {
    variant: options.variant,
    to: percentArgument('--to', options.to),
    audience: audienceNumber(spec, options.audience),
    from: options.from ?? [],
  };
  checkRequest(spec, request.variant, request.from);
  const rollout = planRollout(spec, request);
  const { audience, before, after, moves, buckets } = rollout;
  const text = rampInText(config.text, { path, audiences }, rollout, spec.buckets);
  const change = { config, after: text };
  const changes = moves.length > 0;
  const written = changes && options.write === true;
  if (written) writeChange(change);
  if (options.json) {
    const sticky = spec.sticky === true && { sticky: true };
    const shares = { audience, buckets, before, after, moves };
    const schedule = placeInSchedule(spec);
    const facts = { ...sticky, ...(schedule && { schedule }), written };
    printJson(host, { experiment: name, ...shares, ...facts });
    return;
  }
  if (!changes) {
    host.stdout.write(`${name}: ${request.variant} already has ${request.to}%\n`);
    return;
  }
  host.stdout.write(
    `${showRollout(rollout, spec, holdoutsOf(config.specification, name), createColour(host.stdout.colour))}\n`,
  );
  printChange(host, change);
  host.stdout.write(
    written ? '\nwritten\n' : '\nnothing written yet; add --write to change the file\n',
  );
}

function checkRequest(spec: ExperimentSpec, variant: string, from: readonly string[]): void {
  for (const one of [variant, ...from]) checkVariant(spec, one);
  if (from.includes(variant)) {
    throw new OptionError(`--from names ${quote(variant)} itself; name other variants`);
  }
  if (spec.shorthand) {
    throw new OptionError(
      `${quote(spec.name)} is a switch in shorthand, which is on or off for everyone; write it out as ` +
        'an experiment with an identity first',
    );
  }
}
