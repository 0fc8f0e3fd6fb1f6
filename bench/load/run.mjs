/**
 * `npm run bench:load -- --minutes 30` puts two shops under load in turn. One has everything on: four
 * processes, decisions by user and by cookie, exposures to files, a specification that changes every
 * second. The other is the same shop without Evenhand. The report shows requests per second, slow and
 * failed requests, and the growth of the heap and of open files.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, BUILD_VARIABLE } from '../harness/build.mjs';
import { EXPERIMENTS_FILE, experimentsIn, PROCESSES } from './settings.mjs';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    connections: { type: 'string', default: '32' },
  },
});
const minutes = Number(options.minutes);
const connections = Number(options.connections);

/** The duration of one shop's turn under load. */
const TURN_SECONDS = 15;
const KINDS = ['without', 'with'];
const MB = 1e6;

const directory = mkdtempSync(join(tmpdir(), 'evenhand-load-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const env = { ...process.env, NODE_ENV: 'production', [BUILD_VARIABLE]: build() };

let second = 0;
function change() {
  const file = join(directory, EXPERIMENTS_FILE);
  writeFileSync(`${file}.new`, JSON.stringify(experimentsIn(second++)));
  renameSync(`${file}.new`, file);
}

const turns = { without: [], with: [] };
const states = { without: [], with: [] };
change();
const shops = Object.fromEntries(
  await Promise.all(KINDS.map(async (kind) => [kind, await openShop(kind)])),
);
const cannon = fork(script('cannon.mjs'));
const changing = setInterval(change, 1000);

// The first turns don't count: V8 compiles, and caches fill up.
for (const kind of KINDS) await shoot(kind);
const end = performance.now() + minutes * 60_000;
while (performance.now() < end) {
  for (const kind of KINDS) {
    turns[kind].push(await shoot(kind));
    states[kind].push(await shops[kind].measure());
  }
  process.stderr.write(`${Math.max(0, Math.round((end - performance.now()) / 1000))} s left\n`);
}
clearInterval(changing);
report(await Promise.all(KINDS.map((kind) => shops[kind].close())));
cannon.disconnect();

async function openShop(kind) {
  const port = await freePort();
  const child = fork(script('shop.mjs'), [kind, directory, String(port)], {
    env,
    execArgv: ['--expose-gc'],
  });
  const ended = [];
  child.on('message', (message) => {
    if (message.ended === undefined) return;
    if (turns[kind].length === 0) throw new Error(message.ended);
    ended.push(message.ended);
  });
  await answer(child, (message) => message.listening);
  return {
    port,
    ended,
    measure: () => askAll(child, 'measure', ({ heap }) => heap !== undefined),
    close: async () => {
      const states = await askAll(child, 'close', ({ closed }) => closed);
      child.disconnect();
      return states;
    },
  };
}

/** Collects the answers of all processes of a shop. */
async function askAll(child, question, isAnswer) {
  const answers = [];
  const all = answer(child, (message) => {
    if (isAnswer(message)) answers.push(message);
    return answers.length === PROCESSES;
  });
  child.send({ ask: question });
  await all;
  return answers;
}

async function shoot(kind) {
  const result = answer(cannon, () => true);
  cannon.send({ port: shops[kind].port, seconds: TURN_SECONDS, connections });
  return result;
}

/** Resolves with the first message of a process that matches. */
function answer(child, isIt) {
  return new Promise((resolve) => {
    const look = (message) => {
      if (!isIt(message)) return;
      child.off('message', look);
      resolve(message);
    };
    child.on('message', look);
  });
}

function report([, closed]) {
  const ratio = (name) => (of(name, 'with') / of(name, 'without')).toFixed(2);
  console.log(`${turns.with.length} turns of ${TURN_SECONDS} s each, ${connections} connections`);
  console.log('| | without | with | ratio |\n|---|---|---|---|');
  for (const [what, name] of [
    ['requests per second', 'perSecond'],
    ['p99, ms', 'p99'],
    ['p99.9, ms', 'p999'],
  ]) {
    console.log(`| ${what} | ${of(name, 'without')} | ${of(name, 'with')} | ${ratio(name)} |`);
  }
  for (const [what, sum] of [
    ['requests', 'total'],
    ['failed', 'failed'],
  ]) {
    console.log(`| ${what} | ${total(sum, 'without')} | ${total(sum, 'with')} | |`);
  }
  for (const kind of KINDS) {
    const first = states[kind].at(0);
    const last = states[kind].at(-1);
    const heap = (state) => state.map(({ heap }) => (heap / MB).toFixed(1)).join(' ');
    const files = (state) => state.map(({ files }) => files).join(' ');
    console.log(`${kind}: heap, MB, of each process: ${heap(first)} → ${heap(last)}`);
    console.log(`${kind}: open files of each process: ${files(first)} → ${files(last)}`);
    for (const message of shops[kind].ended) console.log(`${kind}: ${message}`);
  }
  const sum = (name) => closed.reduce((sum, { exposures }) => sum + exposures[name], 0);
  const [recorded, deduplicated, written, dropped] = [
    'recorded',
    'deduplicated',
    'written',
    'dropped',
  ].map(sum);
  console.log(
    `exposures: ${recorded} recorded, ${deduplicated} repeated, ${written} written, ${dropped} dropped`,
  );
  const revisions = new Set(states.with.flat().map(({ revision }) => revision));
  console.log(`${second} changes of the file; ${revisions.size} revisions in force when asked`);
}

/** Returns the median of a figure over all turns. */
function of(name, kind) {
  const sorted = turns[kind].map((turn) => turn[name]).sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] * 10) / 10;
}

function total(name, kind) {
  return turns[kind].reduce((sum, turn) => sum + turn[name], 0);
}

function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
