import { experimentsSchema } from '../../specification/schema/schema.ts';
import { type Command, jsonOption } from '../host/command.ts';
import { printJson } from '../output/json.ts';

/** `schema`: prints the JSON Schema of the specification. */
export const schemaCommand: Command = {
  name: 'schema',
  register(program, host) {
    program
      .command('schema')
      .description('prints the JSON Schema of the specification, for editors and other tools')
      .addOption(jsonOption())
      .action(() => printJson(host, experimentsSchema));
  },
};
