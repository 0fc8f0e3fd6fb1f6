import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import type { Sink } from '../../../src/exposures/delivery/sink.ts';
import { SinkError } from '../../../src/exposures/sinks/sink-error.ts';
import { closing } from '../../closing.ts';
import { recentNode } from '../../processes/recent-node.ts';

/** An answer of the child process. */
interface Answer {
  readonly id?: number;
  readonly isReady?: true;
  readonly failure?: {
    readonly message: string;
    readonly permanent?: boolean;
    /** True if the sink has rejected with the reason of its signal. */
    readonly isAbort: boolean;
  };
}

/** Options of the producer, and how it is made. */
export interface PlatformaticOptions {
  readonly topic: string;
  readonly bootstrapBrokers: readonly string[];
  readonly hasSerializers: boolean;
  /** True for the partitions of other clients. */
  readonly isCompatible?: boolean;
  readonly idempotent?: boolean;
  readonly retries?: number;
  readonly retryDelay?: number;
  readonly timeout?: number;
}

/** `kafkaSink()` with a producer of `@platformatic/kafka`, in a child process with a Node that it supports. */
export class PlatformaticSink implements Sink {
  readonly name = 'kafka';
  private readonly child: ChildProcess;
  private readonly ready: Promise<unknown>;
  private readonly running = new Map<number, (answer: Answer) => void>();
  private count = 0;

  constructor(options: PlatformaticOptions) {
    if (recentNode === undefined) throw new Error('npm could not install Node 24');
    this.child = closing(
      fork(join(__dirname, 'platformatic-sink.mjs'), [JSON.stringify(options)], {
        execPath: recentNode,
        execArgv: [],
        // Records may hold what JSON can't.
        serialization: 'advanced',
      }),
    );
    this.ready = once(this.child, 'message');
    this.child.on('message', (answer: Answer) => this.running.get(answer.id ?? -1)?.(answer));
    this.child.on('exit', () => {
      const failure = { message: 'the child process has ended', isAbort: false };
      for (const settle of this.running.values()) settle({ failure });
    });
  }

  async write(
    batch: readonly EventRecord[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    await this.ready;
    const id = this.count++;
    const abort = () => void this.child.send({ abort: id });
    signal.addEventListener('abort', abort);
    const answered = new Promise<Answer>((resolve) => this.running.set(id, resolve));
    this.child.send({ id, batch, isAborted: signal.aborted });
    const { failure } = await answered;
    this.running.delete(id);
    signal.removeEventListener('abort', abort);
    if (failure === undefined) return;
    if (failure.isAbort) throw signal.reason;
    throw new SinkError(failure.message, { permanent: failure.permanent === true });
  }

  /** Closes the producer, and ends the process. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || !this.child.connected) return;
    const ended = once(this.child, 'exit');
    this.child.send({ close: true });
    await ended;
  }
}
