// Measures how often the analysis is right: `npm run trust`. It writes research/trust/results.json and the
// tables of docs/trust.md. `--render` only regenerates the tables from the stored results. `--scale 4`
// simulates four times as many experiments. A scale below 1 stores nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { designs } from './designs.ts';
import { withTables } from './document.ts';
import { faultsOf, type Results } from './results.ts';
import { simulate } from './simulate.ts';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/trust.md', import.meta.url));

const { values: options } = parseArgs({
  options: { render: { type: 'boolean', default: false }, scale: { type: 'string', default: '1' } },
});
const scale = Number(options.scale);

let results: Results;
if (options.render) results = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
else {
  results = await simulate(designs(scale), console.log);
  if (scale >= 1) {
    const text = JSON.stringify(results, (_, value: unknown) => rounded(value));
    writeFileSync(RESULTS, await laidOut(text, RESULTS));
    results = JSON.parse(text) as Results;
  }
}
if (options.render || scale >= 1) {
  const text = withTables(readFileSync(DOCUMENT, 'utf8'), results);
  writeFileSync(DOCUMENT, await laidOut(text, DOCUMENT));
} else console.log(JSON.stringify(results, undefined, 1));

const faults = faultsOf(results);
for (const { what, share, limit, p } of faults) {
  console.error(`chance does not explain this: ${what}: ${share.share}, limit ${limit}, p ${p}`);
}
process.exitCode = faults.length > 0 ? 1 : 0;

/** Formats a text like `npm run format`. */
async function laidOut(text: string, filepath: string): Promise<string> {
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

/** Rounds calculated values to six digits. Counts stay exact. */
function rounded(value: unknown): unknown {
  const isCalculated = typeof value === 'number' && !Number.isInteger(value);
  return isCalculated ? Number(value.toPrecision(6)) : value;
}
