import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { importEvenhand } from '../harness/build.mjs';
import { createExperiments, EXPERIMENT } from './experiments.mjs';

/** So many users come again and again, where users return. */
const RETURNING_USERS = 1000;

/** All of them are in the audience that deals variants, so that each decision is an exposure. */
const PLAN = 'pro';
const LOCALE = 'en-US';

/** Hands every record over and keeps none. */
const discarding = ({ callbackSink }) => ({ sink: callbackSink(() => {}) });

/** What the contestants record: nothing, or each decision to a sink; who comes; and to where. */
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

/** The user of the n-th decision. */
export function userOf(contestant, n) {
  const number = KINDS[contestant].returns ? n % RETURNING_USERS : n;
  return { id: `user-${number}`, plan: PLAN, locale: LOCALE };
}

/** What `create` makes with the contestant's options; `finish` proves that it has recorded all. */
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

/** A client, asked as a job asks. */
export async function beginClient(contestant) {
  const { made, finish } = await begin(contestant, 'locale', ({ createClient }, options) =>
    createClient(options),
  );
  const decide = ({ id, plan, locale }) =>
    made.participant({ locale, user: { id, plan } }).variant(EXPERIMENT);
  return { client: made, decide, finish };
}

/** An application of Express whose route answers with the variant of the user in `x-user`. */
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

/** Whoever has lost a record, or made none, has not done the work. */
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
