/**
 * Makes trips through the sources and prints the files that each of them entered, as JSON. Started by
 * `entered-files.ts` in a process of its own: precise coverage slows a process down.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { Session } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler } from 'express';
import { callbackSink, createClient, evenhand, type EvenhandOptions } from '../../../src/index.ts';

/** An experiment by the user's id, with a rule that reads the context. */
const EXPERIMENTS = [
  {
    name: 'search',
    identity: 'user.id',
    variants: [{ name: 'active' }, { name: 'inactive' }],
    audiences: [
      {
        rule: 'user.plan in ["pro", "team"]',
        allocations: [
          { variant: 'active', percent: 50 },
          { variant: 'inactive', percent: 50 },
        ],
      },
      { allocations: [{ variant: 'inactive', percent: 100 }] },
    ],
  },
];

const USER = { id: 'u-1', plan: 'pro' };

/** The sources, as their addresses begin. */
const SOURCES = new URL('../../../src/', import.meta.url).href;

const session = new Session();

/** The trips by name. Each calls `start` before the measured part and `stop` after it. */
const TRIPS: Readonly<Record<string, () => Promise<void>>> = {
  // First, so that nothing it needs is prepared.
  'file to snapshot': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-hops-'));
    const path = join(folder, 'experiments.config.json');
    writeFileSync(path, JSON.stringify(EXPERIMENTS));
    start();
    const experiments = evenhand({ source: path });
    await experiments.ready();
    stop();
    await experiments.close();
    rmSync(folder, { recursive: true });
  },
  middleware: () =>
    serve({}, (app, experiments) => {
      app.use(enter, experiments, leave);
    }),
  'first variant': () =>
    serve({}, (app, experiments) => {
      app.use(experiments, enter, ask, leave);
    }),
  'second variant': () =>
    serve({}, (app, experiments) => {
      app.use(experiments, ask, enter, ask, leave);
    }),
  'first variant with a new exposure': () =>
    // The earlier records wait in the queue, so that the measured one starts no timer.
    serve(
      { exposures: { sink: callbackSink(() => {}), batch: { maxWaitMs: 3_600_000 } } },
      (app, experiments) => {
        app.use(experiments, enter, ask, leave);
      },
    ),
  'variant without Express': () => {
    const client = createClient({ source: EXPERIMENTS });
    for (const user of EARLIER_USERS) client.participant({ user }).variant('search');
    start();
    client.participant({ user: USER }).variant('search');
    stop();
    return client.close();
  },
};

const ask: RequestHandler = (req, _res, next) => {
  req.variant('search');
  next();
};

const enter: RequestHandler = (_req, _res, next) => {
  start();
  next();
};

const leave: RequestHandler = (_req, res) => {
  stop();
  res.end();
};

/** The users whose requests come first: the measured request must not be the first of its kind. */
const EARLIER_USERS = Array.from({ length: 20 }, (_, i) => ({ ...USER, id: `earlier-${i}` }));

/** Answers some requests of an application; the last one is measured. */
async function serve(
  options: EvenhandOptions,
  mount: (app: Express, experiments: RequestHandler) => void,
): Promise<void> {
  const experiments = evenhand({ source: EXPERIMENTS, ...options });
  const app = express();
  const users = [...EARLIER_USERS, USER];
  app.use((req, _res, next) => {
    Object.assign(req, { user: users.shift() });
    next();
  });
  mount(app, experiments);
  const server = http.createServer(app);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  while (users.length > 0) {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    await response.text();
  }
  server.closeAllConnections();
  server.close();
  await experiments.close();
}

let entered: string[] = [];

/** Forgets the calls so far. */
function start(): void {
  session.post('Profiler.takePreciseCoverage');
}

/** Keeps the files whose functions were called since `start`. */
function stop(): void {
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error !== null) throw error;
    entered = coverage.result
      .filter(({ url, functions }) => url.startsWith(SOURCES) && functions.some(wasCalled))
      .map(({ url }) => fileURLToPath(url).slice(fileURLToPath(SOURCES).length))
      .sort();
  });
}

function wasCalled({ ranges }: { readonly ranges: readonly { readonly count: number }[] }) {
  return ranges.some(({ count }) => count > 0);
}

session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
const files: Record<string, string[]> = {};
for (const [name, trip] of Object.entries(TRIPS)) {
  await trip();
  files[name] = entered;
}
console.log(JSON.stringify(files));
