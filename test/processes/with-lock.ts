import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** The pause before the next attempt to take a lock, in milliseconds. */
const PAUSE_MS = 50;

/**
 * Runs a function while no other process runs one with the same lock. Everything here is synchronous,
 * because `describe` is.
 *
 * @param path the file that exists while the lock is held, with the id of the process
 * @param patienceMs the longest wait, in milliseconds
 */
export function withLock<T>(path: string, patienceMs: number, run: () => T): T {
  const deadline = performance.now() + patienceMs;
  while (!take(path)) {
    if (performance.now() > deadline) throw new Error(`another process holds ${path}; remove it`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  try {
    return run();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Creates the file; returns false if another process holds the lock. */
function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isHeld(path)) rmSync(path, { force: true });
    return false;
  }
}

/** Returns false if the holder has ended without removing its file. */
function isHeld(path: string): boolean {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    // The holder has created the file, and not yet written its id.
    if (holder === 0) return true;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
