import { runScript } from './run-script.ts';

/** The host's own listeners, and what they receive. */
const HOST = `
  const told = [];
  for (const event of ['uncaughtException', 'unhandledRejection', 'warning']) {
    process.on(event, (error) => told.push(event + ': ' + error.stack));
  }
  process.on('exit', () => told.forEach((line) => console.error(line)));
  const EVENTS = ['uncaughtException', 'unhandledRejection', 'warning', 'SIGHUP',
    'SIGUSR1', 'SIGUSR2', 'multipleResolves', 'disconnect', 'message'];
  const listeners = () => Object.fromEntries(EVENTS.map((event) => [event, process.listenerCount(event)]));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;

const HALF = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const EXPERIMENT = JSON.stringify({
  name: 'exp',
  identity: 'user.id',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [{ allocations: HALF }],
});

/** A thread that serves a different version for each request. */
const SERVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  let version = 0;
  const server = createServer((req, res) => {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(['version_' + version++ + ':on', ${EXPERIMENT}]));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

describe('the process of the application', () => {
  it('receives no exception of Evenhand, whatever its own callbacks do', async () => {
    const answer = await runScript(`
      import { createClient, createExposures, evenhand, callbackSink } from 'evenhand';
      ${HOST}
      const before = listeners();
      const boom = () => { throw new Error('boom'); };
      const reject = () => Promise.reject(new Error('boom'));
      const broken = [boom, reject, () => ({ then: boom }), () => undefined];
      const clients = [];
      for (const fail of broken) {
        const logger = { warn: fail, error: fail };
        const good = { origin: 'test', data: [${EXPERIMENT}, 'banner:on'] };
        let loads = 0;
        const source = {
          name: 'broken', intervalMs: 100,
          load: () => (loads++ === 0 ? good : fail()),
          watch: fail, close: fail,
        };
        const exposures = {
          sinks: [{ name: 'broken', write: fail, close: fail }],
          batch: { maxRecords: 1, maxWaitMs: 1 }, onDrop: fail,
        };
        const client = createClient({
          source, logger, exposures, random: Math.random, cacheFile: '/nowhere/at/all.json',
          hooks: { decision: fail, exposure: fail }, onError: 'fallback',
        });
        for (const event of ['ready', 'changed', 'stale', 'error']) client.on(event, fail);
        clients.push(client);
        for (let id = 0; id < 20; id++) {
          const participant = client.participant({ user: { id } });
          participant.variant('exp');
          participant.variant('unknown');
          participant.track('purchase', { value: 1 });
        }
      }
      await pause(1500);
      const decided = clients.map((client) => client.participant({ user: { id: 4 } }).variant('exp'));
      await Promise.allSettled(clients.map((client) => client.close()));
      await pause(100);
      console.log(JSON.stringify({ told, decided, before, after: listeners() }));
      process.exit();
    `);
    expect(answer).toEqual({
      told: [],
      decided: ['b', 'b', 'b', 'b'],
      before: (answer as { before: unknown }).before,
      after: (answer as { before: unknown }).before,
    });
  });

  it('keeps its own signal handlers, before and after those of Evenhand', async () => {
    const answer = await runScript(`
      import { createClient } from 'evenhand';
      ${HOST}
      const calls = [];
      process.on('SIGTERM', () => calls.push('first'));
      const written = [];
      const client = createClient({
        source: [${EXPERIMENT}],
        exposures: { sink: { name: 'list', write: async (batch) => void written.push(...batch) } },
      });
      process.on('SIGTERM', () => calls.push('last'));
      for (let id = 0; id < 10; id++) client.participant({ user: { id } }).variant('exp');
      process.kill(process.pid, 'SIGTERM');
      await pause(500);
      // Still alive, because the host listens itself and decides when the process ends.
      const drained = written.length;
      await client.close();
      const left = process.listeners('SIGTERM').length;
      console.log(JSON.stringify({ calls, drained, left, told }));
    `);
    expect(answer).toEqual({ calls: ['first', 'last'], drained: 10, left: 2, told: [] });
  });

  it('may be blocked; sources and sinks continue afterwards', async () => {
    const answer = await runScript(`
      import { createClient, httpSource } from 'evenhand';
      import { Worker } from 'node:worker_threads';
      ${HOST}
      // In another thread, which is not blocked.
      const worker = new Worker(${JSON.stringify(SERVER)}, { eval: true, execArgv: [] });
      const port = await new Promise((resolve) => worker.once('message', resolve));
      const written = new Set();
      const client = createClient({
        source: httpSource('http://127.0.0.1:' + port + '/', { intervalMs: 100, timeoutMs: 300 }),
        logger: false,
        exposures: { sink: { name: 'set', write: async (batch) => batch.forEach(({ id }) => written.add(id)) } },
      });
      await client.ready({ timeoutMs: 20_000 });
      let exposed = 0;
      for (let stall = 0; stall < 3; stall++) {
        for (let i = 0; i < 100; i++) client.participant({ user: { id: exposed++ } }).variant('exp');
        // Longer than the source's timeout and several of its intervals.
        const end = performance.now() + 1000;
        while (performance.now() < end);
        await pause(150);
      }
      const { revision } = client.status();
      let later = revision;
      for (let i = 0; i < 100 && later === revision; i++) { await pause(100); later = client.status().revision; }
      await client.exposures.flush();
      const { dropped } = client.exposures.stats();
      const { state, problem } = client.status();
      await client.close();
      console.log(JSON.stringify({ told, moved: later !== revision, written: written.size, exposed, dropped, state, problem: problem ?? null }));
      process.exit();
    `);
    expect(answer).toEqual({
      told: [],
      moved: true,
      written: 300,
      exposed: 300,
      dropped: 0,
      state: 'ready',
      problem: null,
    });
  });
});
