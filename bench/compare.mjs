/**
 * `npm run bench:compare REVISION [suite] [-- --rounds N]` compares Evenhand at a commit, branch or tag
 * with the working tree. It measures both in turn.
 */
import { parseArgs } from 'node:util';
import { build, BUILD_VARIABLE } from './harness/build.mjs';
import { measureRounds } from './harness/rounds.mjs';
import { findSuites } from './harness/suites.mjs';
import { table } from './harness/table.mjs';

const ROUNDS = 9;
const DEFAULT_SUITE = 'decision';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: String(ROUNDS) } },
});
const [revision, filter = DEFAULT_SUITE] = positionals;
if (revision === undefined)
  throw new Error('a revision is missing; run npm run bench:compare REVISION');

const suites = await findSuites(filter);
const builds = [
  { label: revision, environment: { [BUILD_VARIABLE]: build(revision) } },
  { label: 'working tree', environment: { [BUILD_VARIABLE]: build() } },
];
for (const suite of suites) {
  for (const contestant of suite.ours) {
    const contestants = builds.map(({ label, environment }) => ({
      name: `${contestant}, ${label}`,
      contestant,
      environment,
    }));
    const figures = await measureRounds(suite, contestants, {
      rounds: Number(options.rounds),
      execArgv: [],
      onProgress: (text) => process.stderr.write(`${text}\n`),
    });
    const [{ name: before }] = contestants;
    console.log(`\n### ${suite.title}\n\n${table({ ratiosTo: [before] }, figures)}`);
  }
}
