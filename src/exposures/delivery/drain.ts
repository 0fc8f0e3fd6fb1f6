/** What has records that should not be lost when the process ends. */
export interface Drainable {
  /** Whether signals are to be waited for. */
  readonly drainsOnSignals: boolean;
  /** How many records have not been written. */
  pending(): number;
  /** Writes them; resolves when that is done, or has taken too long. Never rejects. */
  drain(): Promise<void>;
  /** Called when the process ends and there are records left. */
  reportLost(): void;
}

/** The signals that end a process, by default and politely. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The name under which all copies of the package in the process find its {@link ProcessDrains}. */
const DRAINS: unique symbol = Symbol.for('evenhand/drains');

/** Where signal-exit, which many packages bring along, keeps how many listeners it has. */
const SIGNAL_EXIT: unique symbol = Symbol.for('signal-exit emitter');
/** Where its versions before 4 keep it, on the process. */
const OLD_SIGNAL_EXIT = '__signal_exit_emitter__';

/** What others have put on the process. */
type SharedProcess = typeof process & {
  [DRAINS]?: ProcessDrains;
  [OLD_SIGNAL_EXIT]?: { count?: unknown };
};

/**
 * Has records written before the process ends: when there is nothing more to do, and on SIGTERM and
 * SIGINT. Where the application takes care of a signal itself, the records are written meanwhile, and
 * when the process ends stays its decision; else the signal does what it would have done, as soon as
 * they are written. A second signal is not kept waiting.
 *
 * `process.exit()` leaves no time: what is left then is counted in the log.
 *
 * @returns ends it
 */
export function drainAtEnd(target: Drainable): () => void {
  const shared: SharedProcess = process;
  const drains = (shared[DRAINS] ??= new ProcessDrains());
  drains.add(target);
  return () => drains.remove(target);
}

/** All that is to be drained in the process, and its one listener for each event. */
class ProcessDrains {
  private readonly targets = new Set<Drainable>();
  /** Those that could not be drained when there was nothing more to do. */
  private readonly givenUp = new WeakSet<Drainable>();
  private isListening = false;
  private isEnding = false;

  constructor() {
    process.on('beforeExit', () => this.drainIdle());
    process.on('exit', () => this.reportLost());
  }

  add(target: Drainable): void {
    this.targets.add(target);
    this.listen();
  }

  remove(target: Drainable): void {
    this.targets.delete(target);
    this.listen();
  }

  /** A listener takes a signal's default away, so there is one only while somebody needs it. */
  private listen(): void {
    const isNeeded = [...this.targets].some(({ drainsOnSignals }) => drainsOnSignals);
    if (isNeeded === this.isListening) return;
    this.isListening = isNeeded;
    for (const signal of SIGNALS) {
      // First, to see those that listen once: they are gone when they are called.
      if (isNeeded) process.prependListener(signal, this.onSignal);
      else process.removeListener(signal, this.onSignal);
    }
  }

  private readonly onSignal = (signal: NodeJS.Signals): void => {
    const targets = [...this.targets].filter(({ drainsOnSignals }) => drainsOnSignals);
    const isAlone = process.listenerCount(signal) <= 1 + yieldingListeners();
    if (isAlone && this.isEnding) {
      this.end(signal);
      return;
    }
    const drained = Promise.all(targets.map((target) => target.drain()));
    if (!isAlone) return;
    this.isEnding = true;
    void drained.then(() => this.end(signal));
  };

  /** Lets the signal do what it does where nobody listens. */
  private end(signal: NodeJS.Signals): void {
    this.reportLost();
    process.removeListener(signal, this.onSignal);
    process.kill(process.pid, signal);
  }

  private drainIdle(): void {
    for (const target of this.targets) {
      if (target.pending() > 0 && !this.givenUp.has(target)) void this.drainOnce(target);
    }
  }

  /** While it drains the process has something to do; once that is all, this is called again. */
  private async drainOnce(target: Drainable): Promise<void> {
    await target.drain();
    if (target.pending() > 0) this.givenUp.add(target);
  }

  private reportLost(): void {
    for (const target of this.targets) if (target.pending() > 0) target.reportLost();
  }
}

/** How many listeners of a signal end the process by themselves once no others are there. */
function yieldingListeners(): number {
  const shared: SharedProcess = process;
  const everywhere = globalThis as { [SIGNAL_EXIT]?: { count?: unknown } };
  return countOf(everywhere[SIGNAL_EXIT]) + countOf(shared[OLD_SIGNAL_EXIT]);
}

function countOf(emitter: { count?: unknown } | undefined): number {
  return typeof emitter?.count === 'number' ? emitter.count : 0;
}
