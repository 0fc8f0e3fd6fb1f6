import { ALL, COUNT, STAY, start, written } from './drain-child.ts';

describe('a process with waiting exposures', () => {
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

  it('ends if the sink is down, and logs the loss', async () => {
    const options = `{ closeTimeoutMs: 300, sinks: [{ name: 'down', write: () => Promise.reject(new Error('down')) }], sink: undefined }`;
    const { ended } = start('record();', { options });
    expect(await ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`the process ends with ${COUNT} records not written`),
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
