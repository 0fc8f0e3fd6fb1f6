// Writes schema/experiments.schema.json from src/spec/schema.ts; with --print, shows it instead.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';

const { experimentsSchema } = await tsImport('../src/spec/schema.ts', import.meta.url);
const text = `${JSON.stringify(experimentsSchema, null, 2)}\n`;

if (process.argv.includes('--print')) {
  process.stdout.write(text);
} else {
  writeFileSync(fileURLToPath(new URL('../schema/experiments.schema.json', import.meta.url)), text);
}
