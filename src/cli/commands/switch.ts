import { Argument, Option } from 'commander';
import { printChange, writeChange } from '../files/change-file.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { loadConfig } from '../files/config-file.ts';
import { findExperiment } from '../../changes/find-experiment.ts';
import { createColour } from '../output/colour.ts';
import { describeHoldouts } from '../../changes/describe-holdouts.ts';
import { printJson } from '../output/json.ts';
import { describeReach } from '../../changes/describe-schedule.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import { placeInSchedule } from '../../specification/schedule/schedule.ts';
import type { SwitchState } from '../../changes/flip-switch.ts';
import { flipInText } from '../../changes/flip-in-text.ts';
import { audienceNumber } from '../arguments/whole-number.ts';

interface SwitchOptions {
  readonly all?: true;
  readonly audience?: string;
  readonly file?: string;
  readonly json?: true;
}

/** `switch`: turns a switch on or off in the file. */
export const switchCommand: Command = {
  name: 'switch',
  register(program, host) {
    program
      .command('switch')
      .description('turns a switch on or off in the file')
      .argument('<name>', "the switch's name")
      .addArgument(new Argument('<state>', 'the new state').choices(['on', 'off']))
      .addOption(new Option('--all', 'change all its audiences').conflicts('audience'))
      .option('--audience <number>', 'change one audience, counted from 1')
      .addOption(fileOption())
      .addOption(jsonOption())
      .action(
        async (name: string, state: SwitchState, { all, audience, file, json }: SwitchOptions) => {
          const config = await loadConfig(host, file);
          const { inForce } = findExperiment(config, name);
          const reach = all ? 'all' : audienceNumber(inForce, audience);
          const change = { config, after: flipInText(config, name, state, reach) };
          const changed = change.after !== config.text;
          if (changed) writeChange(change);
          if (json) {
            const schedule = placeInSchedule(inForce);
            printJson(host, { switch: name, state, changed, ...(schedule && { schedule }) });
            return;
          }
          host.stdout.write(`${name} is ${changed ? '' : 'already '}${state}\n`);
          if (inForce.sticky === true) {
            host.stdout.write(
              'sticky: participants who already have a state keep it; remove "sticky" to change everyone\n',
            );
          }
          for (const line of describeHoldouts(inForce, holdoutsOf(config.specification, name))) {
            host.stdout.write(`${line}\n`);
          }
          const { yellow } = createColour(host.stdout.colour);
          for (const line of describeReach(inForce)) host.stdout.write(`${yellow(line)}\n`);
          printChange(host, change);
        },
      );
  },
};
