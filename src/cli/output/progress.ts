import type { Host } from '../host/host.ts';

/** Nobody wants to see a bar for less. */
const QUIET_MS = 1000;

/** How often the bar moves. */
const INTERVAL_MS = 100;

const WIDTH = 30;

/** How far something is. */
export interface Progress {
  /** Says how much of the whole is done. */
  update(done: number): void;
  /** Takes the bar away; to be called before anything is printed. */
  end(): void;
}

/**
 * A bar on stderr for what takes more than a second; nothing where stderr is no terminal.
 *
 * @param total what `update` counts up to
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
