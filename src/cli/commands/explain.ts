import { explainNamespace } from '../explain/explain-namespace.ts';
import { type Command, fileOption, jsonOption } from '../host/command.ts';
import { loadConfig } from '../files/config-file.ts';
import { FOUND } from '../host/exit-codes.ts';
import { showDecision } from '../output/show-decision.ts';
import { checkVariant, findExperiment } from '../../changes/find-experiment.ts';
import { instantArgument } from '../arguments/instant-argument.ts';
import { objectArgument } from '../arguments/json-argument.ts';
import { contextConverter } from '../../workbench/contexts/prepare-context.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';

interface ExplainOptions {
  readonly context: string;
  readonly override?: string;
  readonly at?: string;
  readonly file?: string;
  readonly json?: true;
}

/** `explain`: shows one participant's decision, or its place in a namespace, and the steps to it. */
export const explainCommand: Command = {
  name: 'explain',
  register(program, host) {
    program
      .command('explain')
      .description('shows which variant or parameters a participant gets, and why')
      .argument('<name>', 'the name of an experiment, namespace or holdout')
      .option('-c, --context <json>', 'context values as JSON, or @file', '{}')
      .option(
        '--override <variant>',
        'force this variant; in a namespace, an experiment or parameter:value',
      )
      .option(
        '--at <instant>',
        'the instant of the decision, for schedules and "now" (default: the present)',
      )
      .addOption(fileOption())
      .addOption(jsonOption())
      .action(async (name: string, { context, override, at, file, json }: ExplainOptions) => {
        const config = await loadConfig(host, file, instantArgument('--at', at));
        const values = contextConverter(config.data)(objectArgument(host, '--context', context));
        const namespace = config.snapshot.setup.namespaces.get(name);
        if (namespace !== undefined && !config.snapshot.has(name)) {
          const question = { context: values, override, json: json === true };
          explainNamespace(host, config, namespace, question);
          return;
        }
        const spec = config.snapshot.specOf(name) ?? findExperiment(config, name).inForce;
        if (override !== undefined) checkVariant(spec, override);
        const participant = config.snapshot.participant(values, {
          now: new Date(config.atMs),
          ...(override !== undefined && { overrides: new Map([[name, override]]) }),
        });
        const decision = participant.explain(name);
        if (decision.reason === 'error') host.setExitCode(FOUND);
        if (json) printJson(host, decision);
        else host.stdout.write(showDecision(decision, spec, createColour(host.stdout.colour)));
      });
  },
};
