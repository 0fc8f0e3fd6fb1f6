// Fuzzes one target in its own process. An input that hangs or uses up the memory does not stop the
// process that watches.
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

/** The target duration of a batch, in milliseconds. Coverage is read after each batch. */
const BATCH_MS = 6;

/** The longest input kept in the corpus, in UTF-16 code units. The corpus has to stay small. */
const MAX_KEPT = 1500;

/** One input in this many is evaluated twice, and the results must be equal. */
const REPEATED = 4;

/** The most findings of one process. */
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

/** Runs one input and returns its result, for comparison. */
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

/** Keeps the input if it reaches code that no earlier input reached. */
function consider(input) {
  const result = execute(input);
  const isNew = coverage.take();
  if (!isNew && !keepsFeature(result)) return;
  inputs.push(input);
  check(input, result);
  coverage.take();
}

/** New kinds of results also make an input worth keeping. */
function keepsFeature(result) {
  const feature = result.slice(0, 80).replaceAll(/\d+/g, '0');
  if (features.has(feature) || features.size > 3000) return false;
  features.add(feature);
  return true;
}

/** Finds the input that changed a built-in object, by running each one again by itself. */
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
    // The inputs are run one by one to find the cause. A fault that only their order causes stays
    // unexplained.
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

/**
 * Returns the fewest and shortest inputs that reach the same code. Each one adds to those before
 * it.
 */
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
