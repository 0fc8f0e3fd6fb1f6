import { Readable, Writable } from 'node:stream';
import { type ExitCode, GOOD } from '../../src/cli/host/exit-codes.ts';
import type { Host, Output } from '../../src/cli/host/host.ts';

/** The settings of a test's host; by default a pipe without colours in an empty environment. */
export interface HostSetup {
  readonly cwd: string;
  readonly stdin?: string;
  readonly isTTY?: boolean;
  readonly colour?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
}

/** A host without a process. */
export interface TestHost extends Host {
  /** Returns the output on stdout so far. */
  out(): string;
  /** Returns the output on stderr so far. */
  err(): string;
  exitCode(): ExitCode;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

/** Creates a host that records its output. */
export function testHost({
  cwd,
  stdin = '',
  isTTY = false,
  colour = false,
  env = {},
  now = () => new Date('2026-11-02T12:00:00Z'),
}: HostSetup): TestHost {
  const texts = { out: '', err: '' };
  let exitCode: ExitCode = GOOD;
  const controller = new AbortController();
  const output = (name: keyof typeof texts): Output => ({
    write: (text) => {
      texts[name] += text;
    },
    isTTY,
    columns: 80,
    colour,
    stream: new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk);
        done();
      },
    }),
  });
  return {
    cwd,
    env,
    stdin: { isTTY, stream: Readable.from(stdin === '' ? [] : [stdin]) },
    stdout: output('out'),
    stderr: output('err'),
    version: '0.0.0',
    now,
    setExitCode: (code) => {
      if (code > exitCode) exitCode = code;
    },
    interruption: () => controller.signal,
    out: () => texts.out,
    err: () => texts.err,
    exitCode: () => exitCode,
    interrupt: () => controller.abort(),
  };
}
