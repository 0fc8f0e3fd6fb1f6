import type { Host } from '../host/host.ts';

/** The time before the bar appears, in milliseconds. */
const QUIET_MS = 1000;

/** The time between two updates of the bar, in milliseconds. */
const INTERVAL_MS = 100;

const WIDTH = 30;

/** A progress bar. */
export interface Progress {
  /** Sets the amount that is done. */
  update(done: number): void;
  /** Removes the bar; call it before printing anything. */
  end(): void;
}

/**
 * Shows a progress bar on stderr for work that takes more than a second; nothing if stderr is not a
 * terminal.
 *
 * @param total the amount at the end
 */
export function startProgress(host: Host, label: string, total: number): Progress {
  if (!host.stderr.isTTY) return { update: () => {}, end: () => {} };
  const start = host.now().getTime();
  let drawn = 0;
  return {
    update(done) {
      const elapsed = host.now().getTime() - start;
      if (elapsed < QUIET_MS || elapsed - drawn < INTERVAL_MS) return;
      drawn = elapsed;
      host.stderr.write(`\r${bar(label, Math.min(1, done / total))}\u001b[K`);
    },
    end() {
      if (drawn > 0) host.stderr.write('\r\u001b[K');
      drawn = 0;
    },
  };
}

function bar(label: string, share: number): string {
  const full = Math.floor(share * WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${label} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${percent}%`;
}
