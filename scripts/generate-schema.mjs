// Writes the files of schema/ from their sources. With --print and a file's name, prints that file.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const { experimentsSchema } = await tsImport(
  '../src/specification/schema/schema.ts',
  import.meta.url,
);
const { exposureRecordSchema } = await tsImport(
  '../src/exposures/records/schema.ts',
  import.meta.url,
);

const { resultSchema } = await tsImport(
  '../src/analysis/result/schema/result-schema.ts',
  import.meta.url,
);

const SCHEMAS = {
  'analysis-result.schema.json': resultSchema,
  'experiments.schema.json': experimentsSchema,
  'exposure.schema.json': exposureRecordSchema,
};

const textOf = (schema) => `${JSON.stringify(schema, null, 2)}\n`;

const [flag, file = 'experiments.schema.json'] = process.argv.slice(2);
if (flag === '--print') {
  process.stdout.write(textOf(SCHEMAS[file]));
} else {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    writeFileSync(fileURLToPath(new URL(`../schema/${name}`, import.meta.url)), textOf(schema));
  }
}
