import { cpuTimePerOperation } from '../harness/clock.mjs';
import { allocatedPerOperation } from '../harness/heap.mjs';
import { fnv1a, sha1 } from '../work/hashes.mjs';

const KEYS = 10_000;
const BUCKETS = 100;

/** Twenty bytes, the usual length of an identity and a seed. */
const ASCII = '20 bytes, ASCII';
/** Twenty bytes with a letter beyond ASCII. */
const UTF8 = '20 bytes, UTF-8';
const ALLOCATED = 'bytes allocated';

const contestants = {
  async evenhand() {
    const { importEvenhand } = await import('../harness/build.mjs');
    const { bucketOf } = await importEvenhand();
    return (key) => bucketOf(key, '');
  },
  /** The hash that is used when WebAssembly is not available. */
  'evenhand-typescript': () => {
    delete globalThis.WebAssembly;
    return contestants.evenhand();
  },
  'crypto-sha1': () => (key) => sha1(key) % BUCKETS,
  async 'xxhash-wasm-h64'() {
    const { default: xxhash } = await import('xxhash-wasm');
    const hashes = await xxhash();
    return (key) => Number(hashes.h64(key) % 100n);
  },
  fnv1a: () => (key) => fnv1a(key) % BUCKETS,
};

export const suite = {
  name: 'hash',
  title: 'A key to a bucket, ns',
  contestants: Object.keys(contestants),
  ours: ['evenhand', 'evenhand-typescript'],
  tasks: {
    ascii: (contestant) => measure(contestant, 'user'),
    utf8: async (contestant) => ({ [UTF8]: (await measure(contestant, 'usé'))[ASCII] }),
  },
  ratiosTo: ['evenhand'],
  plainColumns: [ALLOCATED],
  targets: [
    {
      what: 'crypto-sha1 : evenhand',
      figure: (at) => at('crypto-sha1', ASCII) / at('evenhand', ASCII),
      atLeast: 3,
    },
    {
      what: 'xxhash-wasm-h64 : evenhand',
      figure: (at) => at('xxhash-wasm-h64', ASCII) / at('evenhand', ASCII),
      atLeast: 1,
    },
    {
      what: 'evenhand, bytes allocated',
      figure: (at) => at('evenhand', ALLOCATED),
      atMost: 0,
    },
  ],
};

async function measure(contestant, prefix) {
  const bucketOf = await contestants[contestant]();
  const keys = Array.from({ length: KEYS }, (_, i) =>
    flat(`${prefix}-${String(i).padStart(5, '0')}experiment`),
  );
  prove(contestant, bucketOf, keys);
  const run = (count = KEYS) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += bucketOf(keys[i]);
    if (sum === 0) throw new Error('nothing was hashed');
  };
  return {
    [ASCII]: await cpuTimePerOperation(run, KEYS),
    [ALLOCATED]: allocatedPerOperation(run),
  };
}

/** Throws unless all buckets occur, and about evenly. */
function prove(contestant, bucketOf, keys) {
  const counts = Array.from({ length: BUCKETS }, () => 0);
  for (const key of keys) counts[bucketOf(key)]++;
  const even = KEYS / BUCKETS;
  if (counts.some((count) => !(count > even / 2 && count < even * 1.5))) {
    throw new Error(`${contestant} fills its buckets unevenly: ${counts.join()}`);
  }
}

/** Returns the text as a flat string, as from a database. V8 stores a concatenation as a tree. */
function flat(text) {
  return Buffer.from(text).toString();
}
