// Measures the randomness of everything that is dealt and drawn: `npm run randomness`. It writes
// docs/images/randomness/ and the tables of docs/randomness.md. `--render` only regenerates the
// pictures and tables from the stored results; `--threads 4` sets the number of threads.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { CHARTS } from './charts/charts.ts';
import { withTables } from './document.ts';
import { FULL } from './measure.ts';
import { faultsOf, kindsOf, type Results } from './results.ts';
import { allTasks, collect } from './tasks.ts';
import { runOnThreads } from './threads.ts';

const path = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const RESULTS = path('images/randomness/results.json');

const { values: options } = parseArgs({
  options: {
    render: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});

if (!options.render) {
  const threads = Math.max(1, Number(options.threads) || 1);
  const done = await runOnThreads(allTasks(), FULL, threads, console.log);
  mkdirSync(path('images/randomness'), { recursive: true });
  const text = JSON.stringify(collect(FULL, done), (_, value: unknown) => rounded(value));
  writeFileSync(RESULTS, await laidOut(text, RESULTS));
}

const results = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
for (const [name, draw] of CHARTS) writeFileSync(path(`images/randomness/${name}`), draw(results));
const document = path('randomness.md');
const text = withTables(readFileSync(document, 'utf8'), results);
writeFileSync(document, await laidOut(text, document));

console.table(kindsOf(results));
const faults = faultsOf(results);
for (const { name, worstOf, worst } of faults)
  console.error(`chance does not explain this: ${name}: ${worstOf}, p ${worst}`);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Formats a text like `npm run format`. */
async function laidOut(text: string, filepath: string): Promise<string> {
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

/**
 * Rounds calculated values to six digits, so that every machine gives the same. Counts stay exact.
 */
function rounded(value: unknown): unknown {
  const isCalculated = typeof value === 'number' && !Number.isInteger(value);
  return isCalculated ? Number(value.toPrecision(6)) : value;
}
