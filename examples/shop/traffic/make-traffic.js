// @ts-check
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, fileSink } from 'evenhand';
import { seededRandom } from './random.js';
import { playVisit } from './visit.js';
import { makeVisitor, makeVisits, WEEK_STARTS } from './visitors.js';

/** The file that the records are written to. */
const FILE = 'week.ndjson';

/** The visits after which the records are written. */
const VISITS_PER_WRITE = 2000;

/** One of so many batches is delivered twice, as after a lost answer. */
const BATCHES_PER_REPETITION = 20;

/**
 * Plays a week of visitors of the shop, and the four weeks before it, and writes the records that the
 * shop would have written.
 *
 * @param {object} options
 * @param {string} options.specification the path of the shop's experiments
 * @param {string} options.folder where `week.ndjson` is written; an earlier file is replaced
 * @param {number} [options.visitors]
 * @param {number} [options.seed]
 * @returns {Promise<{ file: string, visits: number, records: number }>}
 */
export async function makeTraffic({ specification, folder, visitors = 25_000, seed = 1 }) {
  const random = seededRandom(seed);
  const people = Array.from({ length: visitors }, (_, number) => makeVisitor(random, number));
  const visits = makeVisits(random, people);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, FILE);
  rmSync(file, { force: true });
  const client = createClient({
    source: specification,
    exposures: {
      sink: nowAndThenTwice(fileSink({ path: file })),
      service: 'shop',
      context: ['locale'],
      // Few are remembered, so people who return are recorded again.
      once: { maxEntries: 1000 },
    },
  });
  const realNow = Date.now;
  let time = 0;
  try {
    // Records are stamped with the time of the made-up visit.
    Date.now = () => time;
    let count = 0;
    for (const { at, visitor } of visits) {
      time = at;
      const participant = client.participant(
        { ...contextOf(visitor), anonymous: visitor.key },
        // The shop's staff looks at each headline in turn.
        visitor.kind === 'staff' ? { overrides: { hero_headline: 'question' } } : undefined,
      );
      const headline = at < WEEK_STARTS ? undefined : participant.variant('hero_headline');
      playVisit(participant, visitor, headline, random, (ms) => {
        time += ms;
      });
      count++;
      if (count % VISITS_PER_WRITE === 0) await client.exposures?.flush();
    }
  } finally {
    Date.now = realNow;
    await client.close();
  }
  return { file, visits: visits.length, records: client.exposures?.stats().recorded ?? 0 };
}

/** @param {import('./visitors.js').Visitor} visitor */
function contextOf({ locale }) {
  // Visitors are not logged in: only their browser tells where they are from.
  return { user: { id: null, is_authenticated: false }, locale, tenant: null };
}

/**
 * Returns a sink that sometimes delivers a batch twice.
 *
 * @param {import('evenhand').Sink} sink
 * @returns {import('evenhand').Sink}
 */
function nowAndThenTwice(sink) {
  let batches = 0;
  return {
    name: sink.name,
    write: async (batch, options) => {
      await sink.write(batch, options);
      if (++batches % BATCHES_PER_REPETITION === 0) await sink.write(batch.slice(0, 100), options);
    },
    close: async () => sink.close?.(),
  };
}
