import { plainEnvironment } from '../../processes/plain-environment.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type Job, prepareJob } from '../../../src/workbench/simulate/job.ts';
import { runJob } from '../../../src/workbench/simulate/run-job.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { makeProject, removeProjects } from '../../cli/project.ts';
import { ROOT } from '../../cli/run-cli.ts';
import { closing } from '../../closing.ts';

/** Threads run the built command line, so these tests need it. */
const BUILT = join(ROOT, 'dist/cli/evenhand.js');

afterAll(removeProjects);

const SPECS = [
  experiment({
    name: 'one',
    audiences: [audience({ a: 10, b: 90 }, 'user.id % 2 == 0'), audience({ a: 50, b: 50 })],
  }),
  experiment({ name: 'two', identity: 'anonymous', audiences: [audience({ x: 33, y: 67 })] }),
  experiment({
    name: 'failing',
    audiences: [audience({ a: 100 }, 'user.id < 30 or nothing'), audience({ a: 1, b: 99 })],
  }),
];

function start(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  if (!existsSync(BUILT)) throw new Error('the command line has not been built: npm run build');
  const project = makeProject({ 'experiments.config.json': JSON.stringify(SPECS), ...files });
  const child = closing(
    spawn(process.execPath, [BUILT, 'simulate', ...args], {
      cwd: project.path,
      env: plainEnvironment(),
    }),
  );
  child.stdin.on('error', () => {});
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...output }));
  return { child, ended };
}

describe('evenhand simulate --workers', () => {
  it('prints the same for any number of threads', async () => {
    const args = ['--units', '30011', '--preview', '5', '--json', '--workers'];
    const alone = await start([...args, '1']).ended;
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    for (const workers of ['2', '5']) {
      expect(await start([...args, workers]).ended).toEqual(alone);
    }
  });

  it('prints the same for a file with broken lines', async () => {
    const lines = Array.from({ length: 2000 }, (_, i) =>
      i % 250 === 0 ? '{broken' : `{"user":{"id":${i % 700}}}`,
    );
    const files = { 'rows.ndjson': lines.join('\n') };
    const args = ['--contexts', 'rows.ndjson', '--json', '--workers'];
    const alone = await start([...args, '1'], files).ended;
    expect(alone.code).toBe(1);
    expect(JSON.parse(alone.stdout)).toMatchObject({ units: 1992, brokenLineCount: 8 });
    expect(await start([...args, '3'], files).ended).toEqual(alone);
  });

  it('prints a partial result at Ctrl-C even if a pipe is still open', async () => {
    const { child, ended } = start(['one', '--contexts', '-']);
    // More than a pipe holds: once it is written, the command is reading and handles Ctrl-C.
    child.stdin.write('{"user":{"id":1}}\n'.repeat(100_000));
    await once(child.stdin, 'drain');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^PARTIAL: interrupted\. [\d,]+ units from \(standard input\)/);
    expect(code).toBe(130);
  });

  it('exits without an error if the reader closes the pipe', async () => {
    const { child, ended } = start(['--units', '2000', '--preview', '2000']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('runJob', () => {
  it('stops its threads on abort and keeps their counts', async () => {
    const job: Job = {
      data: SPECS,
      names: ['one', 'two'],
      units: { kind: 'generated', count: 1e9, base: {} },
      preview: 0,
      now: 0,
    };
    const controller = new AbortController();
    const tally = await runJob(job, prepareJob(job), {
      workers: 2,
      signal: controller.signal,
      onProgress: (done) => done > 0 && controller.abort(),
      startWorker: (task) => new Worker(BUILT, { workerData: task }),
      stdin: Readable.from([]),
    });
    expect(tally.stopped).toBe(true);
    expect(tally.units).toBeGreaterThan(0);
    expect(tally.units).toBeLessThan(1e9);
    const cells = tally.cells.reduce((sum, count) => sum + count, 0);
    expect(cells).toBe(2 * tally.units);
  });

  it('reports the error of a thread', async () => {
    const job: Job = {
      data: SPECS,
      names: ['one'],
      units: {
        kind: 'file',
        path: '/nowhere/rows',
        shown: 'rows',
        maxLines: Number.POSITIVE_INFINITY,
      },
      preview: 0,
      now: 0,
    };
    const run = runJob(job, prepareJob(job), {
      workers: 2,
      signal: new AbortController().signal,
      onProgress: () => {},
      startWorker: (task) => new Worker(BUILT, { workerData: task }),
      stdin: Readable.from([]),
    });
    await expect(run).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining("can't read rows: "),
    });
  });
});
