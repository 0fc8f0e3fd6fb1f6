/**
 * One process of a shop under load: a page that uses everything in Evenhand, or the same page without
 * Evenhand. Arguments: `with` or `without`, and the directory of the experiments and exposures.
 *
 * run.mjs starts it as a cluster, so all processes of a shop share its port.
 */
import cluster from 'node:cluster';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import { EXPERIMENTS_FILE, PROCESSES } from './settings.mjs';
import { importEvenhand } from '../harness/build.mjs';

const [kind, directory, port] = process.argv.slice(2);

if (cluster.isPrimary) {
  for (let i = 0; i < PROCESSES; i++) cluster.fork();
  // A process that ends is an error of the run, so nothing replaces it.
  cluster.on('exit', (worker, code, signal) => {
    process.send({ ended: `process ${worker.id} has ended: ${code ?? signal}` });
  });
  let listening = 0;
  cluster.on('listening', () => ++listening === PROCESSES && process.send({ listening }));
  process.on('message', (message) => {
    for (const worker of Object.values(cluster.workers)) worker.send(message);
  });
  cluster.on('message', (worker, message) => process.send({ ...message, worker: worker.id }));
  process.on('disconnect', () => process.exit());
} else {
  serve(kind === 'with' ? await withEvenhand() : withoutEvenhand());
}

/** Returns an application that reads the user from a header, and the decisions of the page. */
async function withEvenhand() {
  const { evenhand, fileSink, settingsSource } = await importEvenhand();
  const experiments = evenhand({
    source: settingsSource(join(directory, EXPERIMENTS_FILE), { watch: true }),
    exposures: {
      sink: fileSink({
        path: join(directory, `exposures-${cluster.worker.id}.ndjson`),
        rotate: { maxBytes: 20_000_000, keep: 1 },
      }),
    },
  });
  const app = createApp();
  app.use(experiments);
  return {
    app,
    choose: (req) => ({
      price: req.variant('price'),
      layout: req.variant('layout'),
      banner: req.isOn('banner'),
    }),
    stats: () => ({
      revision: experiments.status().revision,
      exposures: experiments.exposures.stats(),
    }),
    close: () => experiments.close(),
  };
}

function withoutEvenhand() {
  return {
    app: createApp(),
    choose: () => ({ price: 'high', layout: 'list', banner: true }),
    stats: () => ({}),
    close: async () => {},
  };
}

function createApp() {
  const app = express();
  app.use((req, _res, next) => {
    req.user = { id: req.headers['x-user'], plan: 'pro' };
    next();
  });
  return app;
}

function serve({ app, choose, stats, close }) {
  app.get('/', (req, res) => {
    const { price, layout, banner } = choose(req);
    res.send(
      `<!doctype html><title>Shop</title><main class="${layout}">` +
        (banner ? '<p class="banner">Sale</p>' : '') +
        `<p class="price">${price}</p></main>`,
    );
  });
  process.on('message', async ({ ask }) => {
    if (ask === 'close') {
      await close();
      process.send({ closed: true, ...stats() });
      return;
    }
    globalThis.gc();
    globalThis.gc();
    process.send({
      heap: process.memoryUsage().heapUsed,
      files: readdirSync('/proc/self/fd').length,
      ...stats(),
    });
  });
  app.listen(Number(port), '127.0.0.1');
}
