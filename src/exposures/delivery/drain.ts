import { startImmediate } from '../../runtime/real-timers.ts';

/** A holder of records that must not be lost when the process ends. */
export interface Drainable {
  /** True if signals that end the process wait for the records. */
  readonly drainsOnSignals: boolean;
  /** Returns the number of records that have not been written. */
  pending(): number;
  /** Writes the records. Resolves when they are written or the time is up. Never rejects. */
  drain(): Promise<void>;
  /** Logs how many records are lost; called when the process ends with records left. */
  reportLost(): void;
}

/**
 * The signals that end a process and leave it time: from a service manager, the keyboard, a closed
 * terminal, a restart in development (SIGUSR2), and Ctrl+Break on Windows. Node keeps SIGUSR1 for its
 * debugger.
 */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGBREAK'] as const;

/**
 * The most times that records are written because the event loop is empty. Writing wakes the loop up,
 * so an application that makes a record each time it is empty would never end.
 */
const MAX_IDLE_DRAINS = 5;

/** The symbol under which all copies of this package share one {@link ProcessDrains}. */
const DRAINS: unique symbol = Symbol.for('evenhand/drains');

/** The symbol under which the package signal-exit, a common dependency, counts its listeners. */
const SIGNAL_EXIT: unique symbol = Symbol.for('signal-exit emitter');
/** The property of `process` in which signal-exit before version 4 counts them. */
const OLD_SIGNAL_EXIT = '__signal_exit_emitter__';

/** The process with the properties that packages add to it. */
type SharedProcess = typeof process & {
  [DRAINS]?: ProcessDrains;
  [OLD_SIGNAL_EXIT]?: { count?: unknown };
};

/**
 * Writes the records of `target` before the process ends: when the event loop is empty, and on the
 * signals that ask a process to end. If the application handles the signal itself, the records are written
 * meanwhile and the application decides when the process ends. Otherwise the signal ends the
 * process as soon as the records are written. A second signal ends it immediately.
 *
 * `process.exit()` leaves no time for writing, so the remaining records are counted in the log.
 *
 * @returns a function that stops watching `target`
 */
export function drainAtEnd(target: Drainable): () => void {
  const shared: SharedProcess = process;
  const drains = (shared[DRAINS] ??= new ProcessDrains());
  drains.add(target);
  return () => drains.remove(target);
}

/** All drainable objects of the process, with one process listener for each event. */
class ProcessDrains {
  private readonly targets = new Set<Drainable>();
  /** Objects that could not be drained when the event loop was empty. */
  private readonly givenUp = new WeakSet<Drainable>();
  private idleDrains = 0;
  private isListening = false;
  private isEnding = false;

  constructor() {
    // After the application's own listeners and the promises that they wait for: they may make records.
    const drainLast = () => process.nextTick(() => this.drainIdle());
    process.on('beforeExit', () => queueMicrotask(drainLast));
    process.on('exit', () => this.reportLost());
    // One more turn of the event loop, after which Node emits `beforeExit` again: the first record may
    // have been made in a listener of it, and then this one has missed the event.
    startImmediate(() => {});
  }

  add(target: Drainable): void {
    this.targets.add(target);
    this.listen();
  }

  remove(target: Drainable): void {
    this.targets.delete(target);
    this.listen();
  }

  /**
   * Listens only while an object needs it, because a listener disables a signal's default action.
   */
  private listen(): void {
    const isNeeded = [...this.targets].some(({ drainsOnSignals }) => drainsOnSignals);
    if (isNeeded === this.isListening) return;
    this.isListening = isNeeded;
    for (const signal of SIGNALS) {
      // In front: a `once` listener is no longer counted after it has been called.
      if (isNeeded) process.prependListener(signal, this.onSignal);
      else process.removeListener(signal, this.onSignal);
    }
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    const targets = [...this.targets].filter(({ drainsOnSignals }) => drainsOnSignals);
    const isAlone = process.listenerCount(signal) <= 1 + yieldingListeners(signal);
    if (isAlone && this.isEnding) {
      this.end(signal);
      return;
    }
    const drained = Promise.all(targets.map((target) => target.drain()));
    if (!isAlone) return;
    this.isEnding = true;
    void drained.then(() => this.end(signal));
  };

  /** Ends the process with the signal's default action. */
  private end(signal: NodeJS.Signals): void {
    this.reportLost();
    process.removeListener(signal, this.onSignal);
    try {
      process.kill(process.pid, signal);
    } catch {
      // Windows can't send every signal that it receives.
      process.exit(1);
    }
  }

  private drainIdle(): void {
    const waiting = [...this.targets].filter(
      (target) => target.pending() > 0 && !this.givenUp.has(target),
    );
    if (waiting.length === 0 || this.idleDrains === MAX_IDLE_DRAINS) return;
    this.idleDrains++;
    for (const target of waiting) void this.drainOnce(target);
  }

  /**
   * Drains one object. Node emits `beforeExit` again afterwards, so a failed object is not retried.
   */
  private async drainOnce(target: Drainable): Promise<void> {
    await target.drain();
    if (target.pending() > 0) this.givenUp.add(target);
  }

  private reportLost(): void {
    for (const target of this.targets) if (target.pending() > 0) target.reportLost();
  }
}

/** Counts the listeners of a signal that end the process themselves if they are the only ones. */
function yieldingListeners(signal: NodeJS.Signals): number {
  // The package signal-exit does not listen to it.
  if (signal === 'SIGBREAK') return 0;
  const shared: SharedProcess = process;
  const everywhere = globalThis as { [SIGNAL_EXIT]?: { count?: unknown } };
  return countOf(everywhere[SIGNAL_EXIT]) + countOf(shared[OLD_SIGNAL_EXIT]);
}

function countOf(emitter: { count?: unknown } | undefined): number {
  return typeof emitter?.count === 'number' ? emitter.count : 0;
}
