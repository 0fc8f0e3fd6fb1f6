/**
 * `npm run bench [suite] [-- options]` compares Evenhand with its peers.
 *
 *   --rounds N     the number of measurements of each contestant; default: 5, or the suite's number
 *   --only a,b     measures only these contestants
 *   --revision R   measures Evenhand at a commit, branch or tag; default: the working tree
 *   --json         prints JSON
 *   --cpu-prof     runs one round and writes a CPU profile of each process to bench/profiles
 */
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, BUILD_VARIABLE } from './harness/build.mjs';
import { measureRounds } from './harness/rounds.mjs';
import { findSuites } from './harness/suites.mjs';
import { table } from './harness/table.mjs';
import { judge, showTargets } from './harness/targets.mjs';

const ROUNDS = 5;
const PROFILES = fileURLToPath(new URL('profiles', import.meta.url));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    only: { type: 'string' },
    revision: { type: 'string' },
    json: { type: 'boolean', default: false },
    'cpu-prof': { type: 'boolean', default: false },
  },
});
const profiling = options['cpu-prof'];
const only = options.only?.split(',');
const say = (text) => options.json || console.log(text);

const suites = await findSuites(positionals[0]);
const hasPeers = existsSync(fileURLToPath(new URL('node_modules', import.meta.url)));
if (!hasPeers && suites.some(({ peers = true }) => peers)) {
  throw new Error('the peers are not installed; run npm install in bench/ first');
}
const environment = { [BUILD_VARIABLE]: build(options.revision) };
const machine = {
  node: process.version,
  cpu: cpus()[0].model,
  cores: availableParallelism(),
  load: loadavg()[0],
};
say(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}, load ${machine.load.toFixed(2)}`);

const report = { machine, suites: {} };
for (const suite of suites) {
  await suite.prepare?.();
  const contestants = suite.contestants
    .filter((name) => only?.includes(name) ?? true)
    .map((contestant) => ({ name: contestant, contestant, environment }));
  const figures = await measureRounds(suite, contestants, {
    rounds: profiling ? 1 : Number(options.rounds ?? suite.rounds ?? ROUNDS),
    execArgv: profiling ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`] : [],
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  const targets = judge(suite, figures);
  report.suites[suite.name] = { title: suite.title, figures, targets };
  say([`\n### ${suite.title}\n`, table(suite, figures), '', ...showTargets(targets)].join('\n'));
}
if (options.json) console.log(JSON.stringify(report, undefined, 2));
