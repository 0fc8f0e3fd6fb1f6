import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseJson } from '../../json/parse.ts';
import { member } from '../../json/own.ts';
import { StoreError } from '../../errors/store-errors.ts';
import { codeOf } from '../../sources/file/file-questions.ts';

/** The holder of a lock, as its file says. */
interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A held lock. */
export interface HeldLock {
  /** Returns false if another process took the lock away, because it seemed abandoned. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** The longest wait for a lock, and the time between two attempts, in milliseconds. */
const WAIT_MS = 5000;
const RETRY_MS = 20;

/** A lock of another machine is abandoned after this time: a write takes a fraction of a second. */
const ABANDONED_MS = 60_000;

/**
 * Takes the lock of a file against other processes: a file beside it that only one process can create. A
 * lock whose process has ended, or that is a minute old on another machine, is taken over.
 *
 * @param path the file's path, without links
 * @throws StoreError (`store`) after five seconds, with the process that holds the lock
 */
export async function lockFile(path: string, waitMs = WAIT_MS): Promise<HeldLock> {
  const lock = `${path}.lock`;
  const own: Holder = { id: randomUUID(), pid: process.pid, host: hostname(), at: Date.now() };
  for (let waited = 0; ; waited += RETRY_MS) {
    if (await created(lock, { ...own, at: Date.now() })) return held(lock, own);
    const holder = await holderOf(lock);
    if (holder !== undefined && isAbandoned(holder)) await takeAway(lock, holder, own.id);
    else if (waited >= waitMs) throw new StoreError(busy(path, lock, holder));
    // Keeps the process alive: a script may have nothing else to wait for.
    else await delay(RETRY_MS);
  }
}

function busy(path: string, lock: string, holder: Holder | undefined): string {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return `${path}: ${who} is writing it, so nothing was written; try again, or remove ${lock} if no process writes`;
}

async function created(lock: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    try {
      await file.writeFile(JSON.stringify(holder));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Returns the holder of a lock; undefined if the lock is gone, or not written yet. */
async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    const data = parseJson(await readFile(lock, 'utf8'), lock);
    const [id, pid, host, at] = ['id', 'pid', 'host', 'at'].map((name) => member(data, name));
    return { id: String(id), pid: Number(pid), host: String(host), at: Number(at) };
  } catch {
    return undefined;
  }
}

function isAbandoned({ pid, host, at }: Holder): boolean {
  if (host !== hostname()) return Date.now() - at > ABANDONED_MS;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Removes an abandoned lock. If another process has taken it over in between, that one keeps it. */
async function takeAway(lock: string, abandoned: Holder, id: string): Promise<void> {
  const aside = `${lock}.${id}`;
  try {
    await rename(lock, aside);
    const taken = await holderOf(aside);
    if (taken?.id !== abandoned.id) await link(aside, lock).catch(() => {});
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function held(lock: string, { id }: Holder): HeldLock {
  const isHeld = async (): Promise<boolean> => (await holderOf(lock))?.id === id;
  return {
    isHeld,
    async release() {
      if (await isHeld()) await rm(lock, { force: true });
    },
  };
}
