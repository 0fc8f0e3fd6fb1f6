// A process that changes a namespace; `many-processes.test.ts` starts several. Its arguments are a
// connection string and its task as JSON. It starts when it receives a line on its standard input.
import { once } from 'node:events';
import { Pool } from 'pg';
import { createPostgresNamespaces } from '../../../../src/integrations/postgres/namespaces/postgres-namespaces.ts';

/** The task of the process. */
export interface Orders {
  /** Rounds of concurrent changes: `+name segments definition` or `-name`. */
  readonly rounds: readonly (readonly string[])[];
  /** The start of a statement; the process kills itself instead of sending it. */
  readonly dieAt?: string;
}

/** The result, as a line on standard output. */
export interface Outcome {
  readonly done: readonly string[];
  /** The rejected changes, each with its problem. */
  readonly refused: readonly string[];
}

const BY = { author: `process ${process.pid}` };
const [url = '', orders = ''] = process.argv.slice(2);
const { rounds, dieAt } = JSON.parse(orders) as Orders;
const pool = new Pool({ connectionString: url, max: 5 });
const namespaces = createPostgresNamespaces({ pool });

if (dieAt !== undefined) {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
    const dying = (...args: readonly unknown[]): unknown => {
      if (String(args[0]).startsWith(dieAt)) process.kill(process.pid, 'SIGKILL');
      return query(...args);
    };
    Object.assign(client, { query: dying });
  });
}

async function change(order: string): Promise<void> {
  const [name = '', segments, definition = 'any'] = order.slice(1).split(' ');
  if (order.startsWith('-')) await namespaces.removeExperiment('shared', name, BY);
  else {
    const experiment = {
      name,
      segments: Number(segments),
      experiment: definition,
      script: 'x = 1;',
    };
    await namespaces.addExperiment('shared', experiment, BY);
  }
}

await pool.query('SELECT 1');
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const done: string[] = [];
const refused: string[] = [];
for (const round of rounds) {
  await Promise.all(
    round.map(async (order) => {
      try {
        await change(order);
        done.push(order);
      } catch (error) {
        refused.push(`${order}: ${(error as { problem?: string }).problem ?? String(error)}`);
      }
    }),
  );
}
process.stdout.write(`${JSON.stringify({ done, refused } satisfies Outcome)}\n`);
await pool.end();
process.stdin.destroy();
