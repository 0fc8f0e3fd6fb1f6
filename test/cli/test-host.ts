import { Readable, Writable } from 'node:stream';
import { type ExitCode, GOOD } from '../../src/cli/host/exit-codes.ts';
import type { Host, Output } from '../../src/cli/host/host.ts';

/** What a test sets; the rest is a pipe without colours in an empty environment. */
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
  /** What has been printed on stdout. */
  out(): string;
  /** What has been printed on stderr. */
  err(): string;
  exitCode(): ExitCode;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

/** A host that remembers what was printed. */
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
