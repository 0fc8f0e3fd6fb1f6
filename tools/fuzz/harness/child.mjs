// One target, fuzzed in a process of its own: an input that hangs or eats the memory does not take the
// one that watches along.
import { once } from 'node:events';
import { Coverage } from './coverage.mjs';
import { readCorpus } from './corpus.mjs';
import { CurrentInput } from './current-input.mjs';
import { watchBuiltIns } from './prototypes.mjs';
import { Random } from './random.mjs';

const [{ name, module, url, seconds, seed, keep, skipped, current }] = await once(
  process,
  'message',
);

/** How long a batch should take, in milliseconds: coverage is asked for after each. */
const BATCH_MS = 6;

/** Longer inputs are not kept in the corpus, in UTF-16 code units: it has to stay small. */
const MAX_KEPT = 1500;

/** One input in so many is evaluated twice, whose results must be the same. */
const REPEATED = 4;

/** One that breaks in so many ways has told enough. */
const MAX_TOLD = 100;

process.setSourceMapsEnabled(true);

const coverage = new Coverage();
coverage.watch(url);
const library = await import(url);
const { target } = await import(module);
const fuzzed = target.prepare(library);
const restoreBuiltIns = watchBuiltIns();
const random = new Random(seed);

const inputs = [];
const features = new Set();
const currentInput = new CurrentInput(current);
let executed = 0;
let told = 0;
let slowestMs = 0;
let slowest = '';

/** Runs one input; gives what it came to, for comparison. */
function execute(input) {
  currentInput.write(++executed, input);
  const start = performance.now();
  try {
    return fuzzed(input);
  } catch (error) {
    fail(input, error);
    return 'failed';
  } finally {
    const took = performance.now() - start;
    if (took > slowestMs) [slowestMs, slowest] = [took, input];
  }
}

function fail(input, error) {
  const shown = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  if (told++ < MAX_TOLD) process.send({ kind: 'finding', finding: { input, error: shown } });
}

function check(input, result) {
  const again = execute(input);
  if (again !== result) {
    fail(input, new Error(`not the same twice:\n${result}\n${again}`));
  }
}

/** Keeps the input if it reaches what none before it did. */
function consider(input) {
  const result = execute(input);
  const isNew = coverage.take();
  if (!isNew && !keepsFeature(result)) return;
  inputs.push(input);
  check(input, result);
  coverage.take();
}

/** Outcomes of a kind not seen yet make an input interesting, too. */
function keepsFeature(result) {
  const feature = result.slice(0, 80).replaceAll(/\d+/g, '0');
  if (features.has(feature) || features.size > 3000) return false;
  features.add(feature);
  return true;
}

/** Where a built-in object has changed, finds the input by running each again by itself. */
function checkBuiltIns(batch) {
  if (restoreBuiltIns().length === 0) return;
  for (const input of batch) {
    execute(input);
    const changed = restoreBuiltIns();
    if (changed.length > 0) {
      fail(input, new Error(`a built-in object was changed: ${changed.join(', ')}`));
    }
  }
}

const kept = readCorpus(name).filter((input) => !skipped.includes(input));
const seeds = [...kept, ...(seconds > 0 ? target.seeds() : [])];
for (const input of seeds) consider(input);
checkBuiltIns(seeds);
if (inputs.length === 0) inputs.push(...seeds.slice(0, 1), '');

const end = performance.now() + seconds * 1000;
let batchSize = 20;
while (performance.now() < end) {
  const start = performance.now();
  const batch = [];
  const interesting = [];
  for (let i = 0; i < batchSize; i++) {
    // The newest half of the inputs gets half of the draws.
    const from = random.oneIn(2) ? Math.floor(inputs.length / 2) : 0;
    const base = inputs[from + random.below(inputs.length - from)];
    const input = target.mutate(random, base, random.pick(inputs));
    if (skipped.includes(input)) continue;
    batch.push(input);
    const result = execute(input);
    if (random.oneIn(REPEATED)) check(input, result);
    if (keepsFeature(result)) interesting.push(input);
  }
  const took = performance.now() - start;
  batchSize = Math.max(5, Math.min(500, Math.round((batchSize * BATCH_MS) / Math.max(took, 0.1))));
  if (coverage.take()) {
    // Which of them it was: they are run one by one. What only their order reached stays unknown.
    coverage.undo();
    for (const input of batch) consider(input);
    coverage.redo();
  }
  inputs.push(...interesting.slice(0, 5));
  checkBuiltIns(batch);
}

const blocks = coverage.blocks;
const done = {
  kind: 'done',
  executed,
  blocks,
  kept: inputs.length,
  slowestMs,
  slowest,
  corpus: keep ? smallest() : undefined,
};
process.send(done, () => process.disconnect());

/** The fewest and shortest inputs that reach all that was reached: each adds to those before it. */
function smallest() {
  coverage.forget();
  const chosen = [];
  const short = [...new Set(inputs)].filter(({ length }) => length <= MAX_KEPT);
  for (const input of short.toSorted((a, b) => a.length - b.length)) {
    execute(input);
    if (coverage.take()) chosen.push(input);
  }
  return chosen;
}
