// Writes src/integrations/postgres/migrations.generated.ts from sql/postgres/*.sql, so that a bundled
// application contains the migrations. With --print, prints the file instead.
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

/** The migrations in order: the files of sql/postgres/. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
${entries.join('\n')}
];
`;

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(path('src/integrations/postgres/migrations.generated.ts'), text);
