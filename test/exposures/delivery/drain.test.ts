import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE } from '../../processes/repository.ts';

/** The number of exposures that each child records. */
const COUNT = 5000;

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-drain-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The code that records exposures to a file in small batches; each test adds its own around it. */
const PROGRAM = `
  import { appendFile } from 'node:fs/promises';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { createClient } from PACKAGE;
  const sink = {
    name: 'lines',
    async write(batch) {
      await sleep(DELAY);
      await appendFile('out.ndjson', batch.map((record) => JSON.stringify(record) + '\\n').join(''));
    },
  };
  const half = [{ variant: 'a', percent: 50 }, { variant: 'b', percent: 50 }];
  const client = createClient({
    source: [{
      name: 'exp', identity: 'id', variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ allocations: half }],
    }],
    exposures: { sink, batch: { maxRecords: 500 }, ...OPTIONS },
  });
  const record = () => {
    for (let id = 0; id < ${COUNT}; id++) client.participant({ id }).variant('exp');
  };
`;

interface Setting {
  /** The duration of each write, in milliseconds. */
  readonly delay?: number;
  /** The options of the exposures, as source code. */
  readonly options?: string;
  /** Code that runs first. */
  readonly before?: string;
}

/** Starts a child that runs `body`. */
function start(body: string, { delay = 0, options = '{}', before = '' }: Setting = {}) {
  const source = PROGRAM.replace('PACKAGE', JSON.stringify(PACKAGE.entry))
    .replace('DELAY', String(delay))
    .replace('OPTIONS', options);
  const args = [...PACKAGE.flags, '--input-type=module', '--eval', before + source + body];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'pipe' });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    code,
    signal,
    ...output,
  }));
  const says = async (word: string): Promise<void> => {
    while (!output.stdout.includes(word) && child.exitCode === null)
      await once(child.stdout, 'data');
  };
  return { child, ended, says };
}

/** The units in the file, in order. */
function written(): string[] {
  const path = join(folder, 'out.ndjson');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { unit: string }).unit);
}

const ALL = Array.from({ length: COUNT }, (_, id) => String(id));

const STAY = `
  setInterval(() => {}, 1000);
  record();
  console.log('ready');
`;

describe('a process with waiting exposures', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const)(
    'writes all of them on %s, and then ends by that signal',
    async (signal) => {
      const { child, ended, says } = start(STAY, { delay: 20 });
      await says('ready');
      expect(written().length).toBeLessThan(COUNT);
      child.kill(signal);
      expect(await ended).toMatchObject({ code: null, signal, stderr: '' });
      expect(written()).toEqual(ALL);
    },
  );

  it('writes records that arrive while it is ending', async () => {
    const { child, ended, says } = start(
      `process.on('SIGUSR2', () => client.participant({ id: 'late' }).variant('exp'));
      ${STAY}`,
      { delay: 50 },
    );
    await says('ready');
    child.kill('SIGTERM');
    child.kill('SIGUSR2');
    expect(await ended).toMatchObject({ signal: 'SIGTERM' });
    expect(written()).toEqual([...ALL, 'late']);
  });

  it('ends at the second signal', async () => {
    const options = '{ closeTimeoutMs: 60000 }';
    const { child, ended, says } = start(STAY, { delay: 30_000, options });
    await says('ready');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect(await ended).toMatchObject({
      signal: 'SIGINT',
      stderr: expect.stringContaining(`the process ends with ${COUNT} records not written`),
    });
  });

  it('does not wait for a sink forever, and logs the loss', async () => {
    const options = '{ closeTimeoutMs: 200 }';
    const { child, ended, says } = start(STAY, { delay: 30_000, options });
    await says('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({
      signal: 'SIGTERM',
      stderr: `evenhand: the process ends with ${COUNT} records not written\n`,
    });
  });

  it.each(['on', 'once', 'prependListener'])(
    'lets the application end the process if it listens with %s()',
    async (method) => {
      const { child, ended, says } = start(`${STAY}
        process.${method}('SIGTERM', () => {
          console.log('mine');
          setTimeout(() => process.exit(7), 1500);
        });
      `);
      await says('ready');
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 7, stdout: 'ready\nmine\n', stderr: '' });
      expect(written()).toEqual(ALL);
    },
  );

  it('keeps a once-listener that was added earlier', async () => {
    const before = `process.once('SIGTERM', () => setTimeout(() => process.exit(7), 1500));`;
    const { child, ended, says } = start(STAY, { before });
    await says('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 7 });
    expect(written()).toEqual(ALL);
  });

  it('ends even if signal-exit, which waits for others, is loaded', async () => {
    // Like signal-exit 4, which kills the process if it is the only listener.
    const before = `
      const emitter = { count: 1 };
      globalThis[Symbol.for('signal-exit emitter')] = emitter;
      const listener = () => {
        if (process.listeners('SIGTERM').length !== emitter.count) return;
        console.log('signal-exit');
        process.removeListener('SIGTERM', listener);
        process.kill(process.pid, 'SIGTERM');
      };
      process.on('SIGTERM', listener);
    `;
    const { child, ended, says } = start(STAY, { before });
    await says('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM', stdout: 'ready\nsignal-exit\n' });
    expect(written()).toEqual(ALL);
  });

  it('ends immediately with drainOnSignals: false', async () => {
    const { child, ended, says } = start(STAY, {
      delay: 1000,
      options: '{ drainOnSignals: false }',
    });
    await says('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM' });
    expect(written()).toEqual([]);
  });

  it('loses only unwritten records on SIGKILL', async () => {
    const { child, ended, says } = start(
      `
      setInterval(() => {}, 1000);
      record();
      await client.exposures.flush();
      client.participant({ id: 'last' }).variant('exp');
      console.log('ready');
    `,
      { options: '{ batch: { maxRecords: 500, maxWaitMs: 60000 } }' },
    );
    await says('ready');
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    expect(written()).toEqual(ALL);
  });

  it('writes all of them on SIGHUP and goes on if the application listens itself', async () => {
    const { child, ended, says } = start(
      `process.on('SIGHUP', async () => {
        await client.exposures.flush();
        console.log('mine');
        setTimeout(() => process.exit(7), 100);
      });
      ${STAY}`,
    );
    await says('ready');
    child.kill('SIGHUP');
    expect(await ended).toMatchObject({ code: 7, stdout: 'ready\nmine\n', stderr: '' });
    expect(written()).toEqual(ALL);
  });

  it('writes or counts each of them on SIGHUP if the sink is too slow', async () => {
    const { child, ended, says } = start(STAY, {
      delay: 100,
      options: '{ closeTimeoutMs: 250 }',
    });
    await says('ready');
    child.kill('SIGHUP');
    const { stderr, ...end } = await ended;
    expect(end).toMatchObject({ code: null, signal: 'SIGHUP' });
    const lost = /^evenhand: the process ends with (\d+) records not written\n$/.exec(stderr)?.[1];
    // A batch that was being written may have arrived, too.
    expect(written().length + Number(lost)).toBeGreaterThanOrEqual(COUNT);
    expect(written().length + Number(lost)).toBeLessThanOrEqual(COUNT + 500);
  });

  it('ends when nodemon restarts it: the application passes SIGUSR2 on to itself', async () => {
    const { child, ended, says } = start(`${STAY}
      process.once('SIGUSR2', () => setTimeout(() => process.kill(process.pid, 'SIGUSR2'), 100));
    `);
    await says('ready');
    child.kill('SIGUSR2');
    expect(await ended).toMatchObject({ code: null, signal: 'SIGUSR2', stderr: '' });
    expect(written()).toEqual(ALL);
  });

  it.each([
    ['synchronously', "process.once('beforeExit', () => { record(); });"],
    [
      'after promises',
      `process.once('beforeExit', async () => {
        for (let i = 0; i < 100; i++) await null;
        record();
      });`,
    ],
    ['after records have been written', "record(); process.once('beforeExit', () => late());"],
  ])('writes records made in a beforeExit listener %s', async (_when, body) => {
    const { ended } = start(
      `const late = () => client.participant({ id: 'late' }).variant('exp'); ${body}`,
    );
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(written()).toEqual(body.includes('late()') ? [...ALL, 'late'] : ALL);
  });

  it('ends although the application makes a record whenever the event loop is empty', async () => {
    const { ended } = start(`
      let made = 0;
      process.on('beforeExit', () => client.participant({ id: made++ }).variant('exp'));
      process.on('exit', () => console.log(made));
    `);
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toBe('evenhand: the process ends with 1 record not written\n');
    expect(written()).toHaveLength(Number(stdout) - 1);
  });

  it('writes them when the event loop is empty, without being asked', async () => {
    const { ended } = start('record();', { delay: 5 });
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(written()).toEqual(ALL);
  });

  it('stays alive only until they are written', async () => {
    const { ended } = start('record(); await client.exposures.flush();');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('ends if the sink is down, and logs the loss', async () => {
    const options = `{ closeTimeoutMs: 300, sinks: [{ name: 'down', write: () => Promise.reject(new Error('down')) }], sink: undefined }`;
    const { ended } = start('record();', { options });
    expect(await ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`the process ends with ${COUNT} records not written`),
    });
  });

  it('logs the loss on process.exit()', async () => {
    const { ended } = start('record(); process.exit(3);');
    expect(await ended).toMatchObject({
      code: 3,
      stderr: `evenhand: the process ends with ${COUNT} records not written\n`,
    });
  });

  it('restores the default action of signals after closing', async () => {
    const { child, ended, says } = start(`
      setInterval(() => {}, 1000);
      record();
      console.log(process.listenerCount('SIGTERM'));
      await client.close();
      console.log(process.listenerCount('SIGTERM'), 'ready');
    `);
    await says('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM', stdout: '1\n0 ready\n' });
  });

  it('listens to no signal before there is a record to write', async () => {
    const { ended } = start(`console.log(process.listenerCount('SIGTERM'));`);
    expect(await ended).toMatchObject({ stdout: '0\n' });
  });
});
