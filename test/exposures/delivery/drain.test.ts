import { TESTS_EVERYTHING } from '../../runs.ts';
import { ALL, COUNT, STAY, start, written } from './drain-child.ts';

const QUICK = ['SIGTERM', 'SIGINT'] as const;
const SIGNALS = TESTS_EVERYTHING ? ([...QUICK, 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const) : QUICK;

describe('a process with waiting exposures', () => {
  it.each(SIGNALS)('writes all of them on %s, and then ends by that signal', async (signal) => {
    const { child, ended, says } = start(STAY, { delay: 20 });
    await says('ready');
    expect(written().length).toBeLessThan(COUNT);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: null, signal, stderr: '' });
    expect(written()).toEqual(ALL);
  });

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

  it('writes them when the event loop is empty, without being asked', async () => {
    const { ended } = start('record();', { delay: 5 });
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(written()).toEqual(ALL);
  });

  it('stays alive only until they are written', async () => {
    const { ended } = start('record(); await client.exposures.flush();');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('logs the loss on process.exit()', async () => {
    const { ended } = start('record(); process.exit(3);');
    expect(await ended).toMatchObject({
      code: 3,
      stderr: `evenhand: the process ends with ${COUNT} records not written\n`,
    });
  });
});
