import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { closing } from '../closing.ts';

/** The repository, the working directory of `npm start`. */
export const ROOT = join(__dirname, '../..');

/** The options for running an example. */
interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** @default the repository */
  readonly cwd?: string;
}

/** The result of a finished process. */
interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An example that answers requests. */
export interface Server {
  /** The address without a trailing slash: `http://localhost:41234`. */
  readonly url: string;
  /** Returns the error output so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Runs an example until it ends. */
export async function run(script: string, options?: RunOptions): Promise<Finished> {
  const { child, output } = start(script, options);
  await once(child, 'close');
  return { code: child.exitCode, ...output };
}

/** Starts an example on a free port and waits until it prints its address. */
export async function serve(script: string, options?: RunOptions): Promise<Server> {
  const { child, output } = start(script, options);
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const [said] = /http:\/\/localhost:\d+/.exec(output.stdout) ?? [];
      if (said !== undefined) resolve(said);
    });
    ended.then(() => reject(new Error(`${script} ended:\n${output.stderr}`)), reject);
  });
  return {
    url,
    log: () => output.stderr,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** Throws without a build, because examples import the package by its name from dist/. */
function start(script: string, { env, cwd = ROOT }: RunOptions = {}) {
  if (!existsSync(join(ROOT, 'dist/cjs/package.json'))) {
    throw new Error('the package has not been built: run "npm run build" first');
  }
  const child: ChildProcess = closing(
    spawn(process.execPath, [join(ROOT, script)], {
      cwd,
      env: { ...process.env, NODE_ENV: 'development', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (output.stderr += String(chunk)));
  return { child, output };
}
