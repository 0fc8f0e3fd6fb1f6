import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { importEvenhand } from '../harness/build.mjs';
import { createExperiments, EXPERIMENT } from './experiments.mjs';

/** The number of users who keep returning. */
const RETURNING_USERS = 1000;

/** The plan and locale of all users. They match the rule, so each decision is an exposure. */
const PLAN = 'pro';
const LOCALE = 'en-US';

/** A sink that accepts every record and keeps none. */
const discarding = ({ callbackSink }) => ({ sink: callbackSink(() => {}) });

/** The contestants: which decisions they record, for which users, and to which sink. */
const KINDS = {
  off: {},
  'returning users': { to: discarding, returns: true },
  'new users': { to: discarding },
  'returning users to file': { to: toFile, returns: true },
  'new users to file': { to: toFile },
};

function toFile({ fileSink }) {
  const directory = mkdtempSync(join(tmpdir(), 'evenhand-exposures-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'exposures.ndjson');
  return { sink: fileSink({ path }), path };
}

/** The names of the contestants. */
export const EXPOSING = Object.keys(KINDS);

/** Returns the user of the n-th decision. */
export function userOf(contestant, n) {
  const number = KINDS[contestant].returns ? n % RETURNING_USERS : n;
  return { id: `user-${number}`, plan: PLAN, locale: LOCALE };
}

/** Runs `create` with the contestant's options. `finish` checks that everything was recorded. */
async function begin(contestant, locale, create) {
  const [evenhandPackage, { configuration }] = await Promise.all([
    importEvenhand(),
    import('../contestants/evenhand.mjs'),
  ]);
  const source = JSON.parse(configuration(createExperiments(1), locale));
  const target = KINDS[contestant].to?.(evenhandPackage);
  const exposures = target && { sink: target.sink };
  const made = create(evenhandPackage, { source, exposures });
  return { made, finish: () => prove(contestant, made, target) };
}

/** Decides through a client, as a job does. */
export async function beginClient(contestant) {
  const { made, finish } = await begin(contestant, 'locale', ({ createClient }, options) =>
    createClient(options),
  );
  const decide = ({ id, plan, locale }) =>
    made.participant({ locale, user: { id, plan } }).variant(EXPERIMENT);
  return { client: made, decide, finish };
}

/** Returns an Express application whose route answers with the variant of the user in `x-user`. */
export async function beginApplication(contestant) {
  const { made, finish } = await begin(contestant, 'user.locale', ({ evenhand }, options) =>
    evenhand(options),
  );
  const app = express();
  app.use((req, _res, next) => {
    req.user ??= userOf(contestant, Number(req.headers['x-user']));
    next();
  });
  app.use(made);
  app.get('/', (req, res) => {
    res.send(req.variant(EXPERIMENT));
  });
  return { app, finish };
}

/** Throws if a contestant lost a record or recorded nothing. */
async function prove(contestant, { exposures }, target) {
  if (target === undefined) return;
  await exposures.flush();
  const { recorded, deduplicated, written, dropped } = exposures.stats();
  const done = KINDS[contestant].returns ? deduplicated > recorded : deduplicated === 0;
  if (recorded === 0 || written !== recorded || dropped > 0 || !done) {
    throw new Error(`${contestant}: ${JSON.stringify(exposures.stats())}`);
  }
  const { path } = target;
  if (path !== undefined && countLines(path) !== recorded) {
    throw new Error(`${contestant}: ${countLines(path)} lines for ${recorded} records`);
  }
}

function countLines(path) {
  let lines = 0;
  for (const byte of readFileSync(path)) if (byte === 0x0a) lines++;
  return lines;
}
