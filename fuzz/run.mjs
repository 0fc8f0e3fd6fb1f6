// Coverage-guided fuzzing; README.md tells how to use it. Exits with 1 where an input broke something.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { bundle } from './harness/bundle.mjs';
import { readCorpus, writeCorpus, writeCrash } from './harness/corpus.mjs';

const TARGETS = ['rules', 'specification', 'cookies', 'planout'];

/** Heap of a target's thread, in megabytes. */
const MAX_HEAP_MB = 768;

/** Room for the text of an input, in bytes of UTF-8. */
const MAX_TEXT_BYTES = 200_000;

/** A target that breaks so often has told enough. */
const MAX_FINDINGS = 10;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    jobs: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    // An input that takes longer has hung; the slowest that is allowed takes a few seconds.
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
    `usage: node fuzz/run.mjs <${TARGETS.join('|')}|all|a target's file> [--seconds N] [--seed N] ` +
      '[--jobs N] [--keep] [--first] [--hang-ms N] [--crashes FOLDER]',
  );
  process.exit(2);
}

/** The module of a target: one of the list, or any file. */
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

/** Runs a target until its time is over, anew after each input that ends its thread. */
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
      const { ended, done, begun, stopped } = await runThread(
        { name, module, url: built.url, left },
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

/** One thread's life: it is done, or was ended by an input. */
async function runThread({ name, module, url, left }, skipped, findings) {
  const state = new SharedArrayBuffer(8);
  const text = new SharedArrayBuffer(MAX_TEXT_BYTES);
  const progress = new Int32Array(state);
  const worker = new Worker(new URL('./harness/worker.mjs', import.meta.url), {
    workerData: {
      name,
      module,
      url,
      seconds: left,
      seed: seed + skipped.length,
      keep: options.keep,
      skipped,
      state,
      text,
    },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const inputNow = () =>
    new TextDecoder().decode(new Uint8Array(text).slice(0, Atomics.load(progress, 1)));
  let seen = -1;
  let since = performance.now();
  let hung = false;
  const watchdog = setInterval(() => {
    const begun = Atomics.load(progress, 0);
    if (begun !== seen) [seen, since] = [begun, performance.now()];
    else if (begun > 0 && performance.now() - since > hangMs) {
      hung = true;
      void worker.terminate();
    }
  }, 250);
  let done;
  worker.on('message', (message) => {
    if (message.kind === 'done') done = message;
    else if (findings.length < MAX_FINDINGS && !findings.some(isLike(message.finding))) {
      findings.push(message.finding);
      if (options.first) void worker.terminate();
    }
  });
  const error = await new Promise((resolve) => {
    let thrown;
    worker.on('error', (cause) => (thrown = cause));
    worker.on('exit', () => resolve(thrown));
  });
  clearInterval(watchdog);
  if (options.first && findings.length > 0) return { stopped: true };
  if (done !== undefined) return { done, begun: done.executed };
  const what = hung
    ? `hangs: no end after ${hangMs} ms`
    : `ended its thread: ${error?.stack ?? error}`;
  return { ended: { input: inputNow(), error: what }, begun: Atomics.load(progress, 0) };
}

/** The beginning of an input, in letters that can be seen. */
function shown(input) {
  return JSON.stringify(input.slice(0, 200)).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether another finding is of the same kind: the same error at the same place. */
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
