import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { summarise } from './summary.mjs';

const CONTESTANT = fileURLToPath(new URL('contestant.mjs', import.meta.url));

/**
 * Measures a suite. Every round measures each contestant once, in a new process for each task, so the
 * machine's slow minutes affect all contestants alike.
 *
 * @param contestants each with a `name` for the table, the suite's `contestant` and its `environment`
 * @param options `rounds`, `execArgv` for the processes, `onProgress`
 * @returns median, min and max of the rounds, by the contestant's name and by column
 */
export async function measureRounds(suite, contestants, { rounds, execArgv, onProgress }) {
  const measured = new Map(contestants.map(({ name }) => [name, new Map()]));
  for (let round = 0; round < rounds; round++) {
    for (const task of Object.keys(suite.tasks)) {
      for (const contestant of rotate(contestants, round)) {
        onProgress(`${suite.name}: round ${round + 1} of ${rounds}, ${task}, ${contestant.name}`);
        const figures = await measureOnce(suite, task, contestant, execArgv);
        const columns = measured.get(contestant.name);
        for (const [column, figure] of Object.entries(figures)) {
          columns.set(column, [...(columns.get(column) ?? []), figure]);
        }
      }
    }
  }
  const summaries = [...measured].map(([name, columns]) => [
    name,
    Object.fromEntries([...columns].map(([column, figures]) => [column, summarise(figures)])),
  ]);
  return Object.fromEntries(summaries);
}

/** Changes the order in each round, so that no contestant always runs first or after the same one. */
function rotate(items, by) {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

async function measureOnce(suite, task, { contestant, environment }, execArgv) {
  const child = fork(CONTESTANT, [suite.name, task, contestant], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    execArgv: ['--expose-gc', ...execArgv],
    // The output of a contestant must not get into the report.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let figures;
  child.once('message', (message) => (figures = message));
  const [code] = await once(child, 'exit');
  if (code !== 0 || figures === undefined) {
    throw new Error(`${suite.name}: ${contestant} failed at ${task}`);
  }
  return figures;
}
