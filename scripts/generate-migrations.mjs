// Writes src/integrations/postgres/migrations.generated.ts from sql/postgres/*.sql, so that they are there wherever
// the code is, also in an application in one file; with --print, shows it instead.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

const names = readdirSync(path('sql/postgres'))
  .filter((name) => name.endsWith('.sql'))
  .sort((a, b) => (a < b ? -1 : 1));
const entries = names.map((name) => {
  const sql = readFileSync(path(`sql/postgres/${name}`), 'utf8');
  return `  { name: '${name.replace(/\.sql$/, '')}', sql: ${JSON.stringify(sql)} },`;
});
const text = `// Generated from sql/postgres/ by scripts/generate-migrations.mjs; do not edit.

/** The migrations, in their order, as in the files of sql/postgres/. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
${entries.join('\n')}
];
`;

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(path('src/integrations/postgres/migrations.generated.ts'), text);
