import { AsyncResource } from 'node:async_hooks';
import type {
  DecisionListener,
  ExposureFate,
  TrackedEvent,
  Visitor,
} from '../../assignment/listener.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { realTimers } from '../../runtime/real-timers.ts';
import { within } from '../../runtime/within.ts';
import { ContextShape } from '../../specification/context/shape.ts';
import { ShapeFile } from './shape-file.ts';

/** The first so many contexts are all read, and then the context of one decision in {@link ONE_IN}. */
const ALL_UP_TO = 1000;
const ONE_IN = 100;

/**
 * The most time that reading contexts takes in one process, in milliseconds. Most take 10 µs, but an
 * object with 100,000 names takes 30 ms.
 */
const MAX_READING_MS = 1000;

/** The time between two writes, in milliseconds. */
const WRITE_EVERY_MS = 3000;

/**
 * The times that the file is read again when the client closes, and the shortest wait before, in
 * milliseconds; the longest is twice as long.
 */
const MAX_CHECKS = 5;
const CHECK_AFTER_MS = 50;

/** The longest wait for the file when the client closes, in milliseconds. */
const CLOSE_MS = 5000;

type After = Parameters<DecisionListener['after']>;
type Exposed = Parameters<DecisionListener['exposed']>;

/**
 * Listens to decisions, and records the names and types of their contexts in a file. Passes everything on
 * to the client's other listener.
 */
export class ShapeRecorder implements DecisionListener {
  private readonly file: ShapeFile;
  private readonly once: OnceLogger;
  private readonly next: DecisionListener | undefined;
  /** Starts the timer outside the request that made the decision. */
  private readonly startTimer: () => void;
  private shape = new ContextShape();
  /** The contexts to read when the running code has ended. */
  private waiting = new Set<object>();
  private readonly known = new WeakSet();
  private read = 0;
  private passed = 0;
  private readingMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<boolean> | undefined;
  private closed = false;

  constructor(file: ShapeFile, once: OnceLogger, next: DecisionListener | undefined) {
    this.file = file;
    this.once = once;
    this.next = next;
    this.startTimer = AsyncResource.bind(() => {
      this.timer = setTimeout(() => this.write(false), WRITE_EVERY_MS);
      this.timer.unref();
    });
  }

  before(experiment?: string): string | undefined {
    return this.next?.before(experiment);
  }

  after(outcome: After[0], participant: After[1], context: object): void {
    this.next?.after(outcome, participant, context);
    if (this.isDue()) this.readSoon(context);
  }

  exposed(exposure: Exposed[0], context: object, visitor?: Visitor): ExposureFate | undefined {
    return this.next?.exposed(exposure, context, visitor);
  }

  tracked(event: TrackedEvent, visitor?: Visitor): void {
    this.next?.tracked(event, visitor);
  }

  /** Writes what is not in the file yet. Never rejects, and gives up after five seconds. */
  async close(): Promise<void> {
    // The microtask that reads the waiting contexts runs first.
    await Promise.resolve();
    this.closed = true;
    clearTimeout(this.timer);
    const late = () =>
      new SourceError(
        `the shape file ${this.file.path} is still being written; the client closes without it`,
      );
    await within(this.finish(), CLOSE_MS, late).catch((error: unknown) => this.report(error));
  }

  private isDue(): boolean {
    if (this.closed || this.readingMs > MAX_READING_MS) return false;
    return this.read < ALL_UP_TO || ++this.passed % ONE_IN === 0;
  }

  /**
   * Reads the context when the running code has ended, so that values count which later decisions of the
   * same code compute.
   */
  private readSoon(context: object): void {
    if (this.waiting.size === 0) queueMicrotask(() => this.readWaiting());
    if (this.waiting.has(context)) return;
    this.waiting.add(context);
    this.read++;
  }

  private readWaiting(): void {
    const contexts = this.waiting;
    this.waiting = new Set();
    const start = performance.now();
    try {
      for (const context of contexts) {
        this.shape.add(context, !this.known.has(context));
        this.known.add(context);
      }
      this.readingMs += performance.now() - start;
      if (this.timer === undefined && !this.closed) this.startTimer();
    } catch (error) {
      this.report(error);
    }
  }

  private async finish(): Promise<void> {
    await this.writing;
    const { contexts, version } = this.shape;
    if (contexts === 0 && version === 0) return;
    if (!(await this.write(true))) return;
    // Processes often close together, and one may have replaced the file that another had just written.
    for (let i = 0; i < MAX_CHECKS; i++) {
      const ms = CHECK_AFTER_MS * (1 + Math.random());
      await new Promise<void>((resolve) => void realTimers.setTimeout(resolve, ms));
      if (!(await this.file.add(new ContextShape(), false))) return;
    }
  }

  private write(always: boolean): Promise<boolean> {
    const writing = this.addToFile(always);
    this.writing = writing;
    return writing;
  }

  /**
   * Adds the shape to the file, and keeps it if that fails or the file has it already. Resolves to true
   * if the file has been written.
   */
  private async addToFile(always: boolean): Promise<boolean> {
    const { shape } = this;
    this.shape = new ContextShape();
    let isWritten = false;
    try {
      isWritten = await this.file.add(shape, always);
    } catch (error) {
      this.report(error);
    }
    this.timer = undefined;
    if (this.shape.version > 0 && !this.closed) this.startTimer();
    if (!isWritten) {
      shape.merge(this.shape);
      this.shape = shape;
    }
    return isWritten;
  }

  private report(error: unknown): void {
    this.once.error(
      'recordContextShape',
      `evenhand: recordContextShape failed; requests are not affected: ${thrownMessage(error)}`,
    );
  }
}

/**
 * Makes the listener that records the names and types of contexts.
 *
 * @param path relative to the current working directory
 * @param next gets everything that the listener gets
 */
export function recordContextShape(
  path: string,
  once: OnceLogger,
  next: DecisionListener | undefined,
): ShapeRecorder {
  return new ShapeRecorder(new ShapeFile(path), once, next);
}
