// Coverage-guided fuzzing; see README.md. The exit code is 1 if an input broke something.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './harness/bundle.mjs';
import { readCorpus, writeCorpus, writeCrash } from './harness/corpus.mjs';
import { CurrentInput } from './harness/current-input.mjs';

const TARGETS = ['rules', 'specification', 'cookies', 'planout'];

/** The heap of a target's process, in megabytes. */
const MAX_HEAP_MB = 768;

/** The number of findings after which a target stops. */
const MAX_FINDINGS = 10;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    jobs: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    // An input that takes longer counts as a hang. The slowest allowed one takes a few seconds.
    'hang-ms': { type: 'string', default: '30000' },
    crashes: { type: 'string', default: join(import.meta.dirname, 'crashes') },
  },
});
const [which = 'all'] = positionals;
const {
  seconds,
  seed,
  jobs,
  'hang-ms': hangMs,
} = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, Number(value)]));
const chosen = which === 'all' ? TARGETS : [which];
if (!chosen.every((one) => TARGETS.includes(one) || existsSync(one)) || !(seconds >= 0)) {
  console.error(
    `usage: node tools/fuzz/run.mjs <${TARGETS.join('|')}|all|a target's file> [--seconds N] [--seed N] ` +
      '[--jobs N] [--keep] [--first] [--hang-ms N] [--crashes FOLDER]',
  );
  process.exit(2);
}

/** Returns the module of a target: one of the list, or any file. */
function moduleOf(target) {
  const file = TARGETS.includes(target)
    ? join(import.meta.dirname, 'targets', `${target}.mjs`)
    : resolve(target);
  return { name: basename(file, '.mjs'), module: pathToFileURL(file).href };
}

let failed = false;
const waiting = chosen.map(moduleOf);
await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, work));
process.exitCode = failed ? 1 : 0;

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { findings, report } = await fuzz(next);
    for (const finding of findings) {
      const file = writeCrash(options.crashes, next.name, finding);
      console.log(`${next.name}: ${finding.error}\n  ${file}`);
    }
    if (findings.length > 0) failed = true;
    console.log(report);
  }
}

/** Runs a target until its time is over, and restarts it after each input that ends its process. */
async function fuzz({ name, module }) {
  const { target } = await import(module);
  const built = await bundle(target.imports);
  const findings = [];
  const skipped = [];
  const start = performance.now();
  let executed = 0;
  try {
    for (;;) {
      const left = Math.max(0, seconds - (performance.now() - start) / 1000);
      const { ended, done, begun, stopped } = await runProcess(
        { name, module, url: built.url, seconds: left },
        skipped,
        findings,
      );
      if (stopped) return { findings, report: `${name}: ended with the first finding` };
      executed += done?.executed ?? begun;
      if (done !== undefined) {
        if (done.corpus !== undefined) writeCorpus(name, done.corpus);
        return { findings, report: describe(name, done, executed, start, findings) };
      }
      if (!findings.some(isLike(ended))) findings.push(ended);
      skipped.push(ended.input);
      if (options.first) return { findings, report: `${name}: ended with the first finding` };
      if (
        findings.length >= MAX_FINDINGS ||
        (left === 0 && skipped.length > readCorpus(name).length)
      ) {
        return { findings, report: `${name}: given up after ${findings.length} findings` };
      }
    }
  } finally {
    built.remove();
  }
}

/** Runs one process until it is done or an input ends it. */
async function runProcess(job, skipped, findings) {
  const current = join(dirname(fileURLToPath(job.url)), `current-${skipped.length}`);
  const file = new CurrentInput(current);
  const child = fork(join(import.meta.dirname, 'harness/child.mjs'), {
    execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`, '--stack-trace-limit=30'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  let seen = 0;
  let since = performance.now();
  let hung = false;
  const watchdog = setInterval(() => {
    const { count } = file.read();
    if (count !== seen) [seen, since] = [count, performance.now()];
    else if (count > 0 && performance.now() - since > hangMs) hung = child.kill('SIGKILL');
  }, 250);
  let done;
  child.on('message', (message) => {
    if (message.kind === 'done') done = message;
    else if (findings.length < MAX_FINDINGS && !findings.some(isLike(message.finding))) {
      findings.push(message.finding);
      if (options.first) child.kill('SIGKILL');
    }
  });
  child.send({ ...job, seed: seed + skipped.length, keep: options.keep, skipped, current });
  const [code, signal] = await once(child, 'close');
  clearInterval(watchdog);
  const { count, input } = file.read();
  file.close();
  if (options.first && findings.length > 0) return { stopped: true };
  if (done !== undefined) return { done };
  const why = /FATAL ERROR: .*|^\w*Error: .*/m.exec(stderr)?.[0] ?? stderr.slice(-1000);
  const what = hung
    ? `hangs: no end after ${hangMs} ms`
    : `ended its process with ${signal ?? code}: ${why}`;
  return { ended: { input, error: what }, begun: count };
}

/** Returns the beginning of an input, with invisible characters escaped. */
function shown(input) {
  return JSON.stringify(input.slice(0, 200)).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Returns true if the finding has the same error at the same place. */
function isLike({ error }) {
  const kindOf = (text) =>
    text.split('\n').slice(0, 3).join('\n').replaceAll(/\d+/g, '0').slice(0, 300);
  return (other) => kindOf(other.error) === kindOf(error);
}

function describe(name, { blocks, kept, slowestMs, slowest, corpus }, executed, start, findings) {
  const took = (performance.now() - start) / 1000;
  const parts = [
    `${executed} inputs in ${took.toFixed(0)} s, ${Math.round(executed / took)} per second`,
    `${blocks.run} of ${blocks.known} blocks`,
    `${kept} inputs of interest${corpus === undefined ? '' : `, ${corpus.length} kept`}`,
    `slowest ${slowestMs.toFixed(0)} ms: ${shown(slowest)}`,
    `${findings.length} findings`,
  ];
  return `${name}: ${parts.join('; ')}`;
}
