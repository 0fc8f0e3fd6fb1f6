import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { runScript } from './run-script.ts';

const EXPERIMENT = {
  name: 'exp',
  identity: 'user.id',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [
    {
      rule: 'user.id in ["é", "ß"]',
      allocations: [{ variant: 'a', percent: 100 }],
    },
    {
      allocations: [
        { variant: 'a', percent: 50 },
        { variant: 'b', percent: 50 },
      ],
    },
  ],
};

const IDS = ['é', 'ß', ...Array.from({ length: 500 }, (_, i) => `user ${i}`)];

/** The decisions that every thread and process must make. */
const DECIDED = IDS.map((id) =>
  parseExperiments([EXPERIMENT]).participant({ user: { id } }).variant('exp'),
);

describe('worker threads and clusters', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-threads-'));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const records = (file: string) =>
    readFileSync(join(directory, file), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { id: string; unit: string; variant: string });

  it('make the same decisions in each thread, and write whole lines to one file', async () => {
    const thread = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { createClient, fileSink } = require('evenhand');
      const { path, experiment, ids } = workerData;
      const client = createClient({ source: [experiment], exposures: { sink: fileSink({ path }) } });
      const decided = ids.map((id) => client.participant({ user: { id } }).variant('exp'));
      client.close().then(() => parentPort.postMessage(decided));
    `;
    const decided = await runScript(`
      import { Worker } from 'node:worker_threads';
      const workerData = ${JSON.stringify({ path: join(directory, 'e.ndjson'), experiment: EXPERIMENT, ids: IDS })};
      const options = { eval: true, execArgv: [], workerData };
      const decided = await Promise.all(Array.from({ length: 4 }, () => new Promise((resolve, reject) => {
        new Worker(${JSON.stringify(thread)}, options).on('message', resolve).on('error', reject);
      })));
      console.log(JSON.stringify(decided));
    `);
    expect(decided).toEqual([DECIDED, DECIDED, DECIDED, DECIDED]);
    // The rule gives its audience one variant without a bucket, which records no exposure.
    expect(records('e.ndjson')).toHaveLength(4 * (IDS.length - 2));
  });

  it('lose no written record when threads are ended at random moments', async () => {
    const thread = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { createClient, fileSink } = require('evenhand');
      const { path, experiment } = workerData;
      const client = createClient({ source: [experiment], exposures: { sink: fileSink({ path }) } });
      (async () => {
        for (let batch = 0; ; batch++) {
          const units = [];
          for (let i = 0; i < 20; i++) {
            const id = [require('node:worker_threads').threadId, batch, i].join(' ');
            client.participant({ user: { id } }).variant('exp');
            units.push(id);
          }
          await client.exposures.flush();
          parentPort.postMessage(units);
        }
      })();
    `;
    const written = (await runScript(`
      import { Worker } from 'node:worker_threads';
      const workerData = ${JSON.stringify({ path: join(directory, 'e.ndjson'), experiment: EXPERIMENT })};
      const options = { eval: true, execArgv: [], workerData };
      const written = [];
      for (let round = 0; round < 5; round++) {
        await Promise.all(Array.from({ length: 3 }, async () => {
          const worker = new Worker(${JSON.stringify(thread)}, options);
          await new Promise((resolve) => worker.once('message', (units) => { written.push(...units); resolve(); }));
          worker.on('message', (units) => written.push(...units));
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
          await worker.terminate();
        }));
      }
      console.log(JSON.stringify(written));
    `)) as string[];
    const units = new Set(records('e.ndjson').map(({ unit }) => unit));
    expect(written.length).toBeGreaterThanOrEqual(300);
    expect(written.filter((unit) => !units.has(unit))).toEqual([]);
  });

  it('make the same decisions in each process of a cluster that shares a port', async () => {
    const answers = (await runScript(`
      import cluster from 'node:cluster';
      import { writeFileSync } from 'node:fs';
      import { get } from 'node:http';
      const file = ${JSON.stringify(join(directory, 'process.mjs'))};
      writeFileSync(file, ${JSON.stringify(clusterProcess())});
      cluster.setupPrimary({ exec: file, execArgv: [] });
      const workers = Array.from({ length: 3 }, () => cluster.fork());
      const port = (await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('listening', resolve)))))[0].port;
      const ask = (id) => new Promise((resolve, reject) => {
        get({ port, host: '127.0.0.1', agent: false, path: '/?id=' + encodeURIComponent(id) }, (response) => {
          let text = '';
          response.on('data', (part) => (text += part)).on('end', () => resolve(JSON.parse(text)));
        }).on('error', reject);
      });
      const answers = [];
      for (const id of ${JSON.stringify(IDS)}) answers.push(await ask(id));
      for (const worker of workers) worker.kill();
      console.log(JSON.stringify(answers));
    `)) as { variant: string; pid: number }[];
    expect(answers.map(({ variant }) => variant)).toEqual(DECIDED);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3);
  });

  /** The program of a process in the cluster; its directory has no packages. */
  function clusterProcess(): string {
    const from = JSON.stringify(join(__dirname, './x.js'));
    return `
      import { createRequire } from 'node:module';
      const require = createRequire(${from});
      const express = require('express');
      const { evenhand } = require('evenhand');
      const app = express();
      app.use((req, res, next) => { req.user = { id: req.query.id }; next(); });
      app.use(evenhand({ source: ${JSON.stringify([EXPERIMENT])} }));
      app.get('/', (req, res) => res.json({ variant: req.variant('exp'), pid: process.pid }));
      app.listen(0, '127.0.0.1');
    `;
  }
});
