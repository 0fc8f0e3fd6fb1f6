import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closing } from '../closing.ts';
import { PACKAGE } from '../processes/repository.ts';

/** Runs a module that does nothing but await; returns its exit status and output. */
async function run(body: string) {
  const entry = JSON.stringify(PACKAGE.entry);
  const program = `
    import { createClient } from ${entry};
    const never = () => new Promise(() => {});
    const source = { name: 'mine', timeoutMs: 50, load: never };
    const delivering = { ...source, load: () => ({ data: ['a:on'], origin: 'x' }) };
    const make = (options) => createClient({ logger: false, ...options });
    const report = (promise) => promise.then(
      () => console.log('resolved'),
      (error) => console.log(error.message),
    );
    ${body}`;
  const args = [...PACKAGE.flags, '--input-type=module', '--eval', program];
  const child = closing(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  await once(child, 'close');
  return { status: child.exitCode, output };
}

const LATE = 'the source "mine" took longer than 50 ms\n';

// With nothing to do but await, Node ends a process with code 13.
describe('a program that only awaits a client', () => {
  it.each([
    ['ready(), and load() never settles', 'await report(make({ source }).ready());', LATE],
    [
      'ready(), and a stand-in replaces a source that never answers',
      'await report(make({ source, bootstrap: ["a:on"], startTimeoutMs: 20 }).ready());',
      'resolved\n',
    ],
    [
      'reload(), and load() never settles',
      `let loads = 0;
      const load = () => (loads++ === 0 ? delivering.load() : never());
      const client = make({ source: { ...source, load } });
      await client.ready();
      await report(client.reload());`,
      LATE,
    ],
    [
      "close(), and the source's close() never settles",
      'await report(make({ source: { ...delivering, close: never } }).close());',
      'resolved\n',
    ],
    [
      "close(), and a sink's write() and close() never settle",
      `const sink = { name: 'mine', write: never, close: never };
      const client = make({ source: delivering, exposures: { sink, closeTimeoutMs: 20 } });
      client.participant({}).track('visit');
      await report(client.close());`,
      'resolved\n',
    ],
    [
      "flush(), and a sink's first write() never settles",
      `let writes = 0;
      const sink = { name: 'mine', write: async () => { if (writes++ === 0) await never(); } };
      const retry = { minDelayMs: 1, maxDelayMs: 1 };
      const client = make({ source: delivering, exposures: { sink, writeTimeoutMs: 20, retry } });
      client.participant({}).track('visit');
      await report(client.exposures.flush());`,
      'resolved\n',
    ],
  ])('stays alive for %s', async (_what, body, output) => {
    expect(await run(body)).toEqual({ status: 0, output });
  });

  it('ends at once if it awaits nothing', async () => {
    const hour = '{ ...source, timeoutMs: 3_600_000 }';
    expect(await run(`make({ source: ${hour} });`)).toEqual({ status: 0, output: '' });
  });
});
