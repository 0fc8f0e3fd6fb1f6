// @ts-check
// Starts two processes of a shop that share one database: node examples/postgres/run.js
// Without DATABASE_URL it starts a temporary PostgreSQL server and stops it at the end.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createPostgresStore, migratePostgres } from 'evenhand/postgres';
import { Pool } from 'pg';
import { startPostgres } from './throwaway-postgres.js';

const PORTS = (process.env['PORTS'] ?? '3000,3001').split(',');

const given = process.env['DATABASE_URL'];
const throwaway = given === undefined ? await startPostgres() : undefined;
const url = throwaway?.url ?? given;

const pool = new Pool({ connectionString: url });
await migratePostgres({ pool });
const store = createPostgresStore({ pool });
if ((await store.list()).experiments.length === 0) {
  const experiments = new URL('experiments.json', import.meta.url);
  await store.put(JSON.parse(readFileSync(experiments, 'utf8')), {
    author: 'ada',
    reason: 'the shop opens',
  });
}
await pool.end();

const file = fileURLToPath(new URL('server.js', import.meta.url));
const shops = PORTS.map((PORT) =>
  fork(file, { env: { ...process.env, DATABASE_URL: url, PORT }, detached: true }),
);
console.log(`Two processes of a shop share one database. Try this in another terminal:

  export DATABASE_URL=${url}
  npx evenhand postgres list
  npx evenhand postgres switch sale on --reason 'end of season'
  npx evenhand postgres history
  psql $DATABASE_URL -c 'TABLE evenhand_exposures'

Then open both as user 1 and user 2 (/?user=1, /?user=2). Ctrl-C stops everything.`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    const ended = shops.map((shop) => new Promise((resolve) => shop.once('exit', resolve)));
    for (const shop of shops) shop.kill('SIGTERM');
    await Promise.all(ended);
    await throwaway?.stop();
    process.exit();
  });
}
