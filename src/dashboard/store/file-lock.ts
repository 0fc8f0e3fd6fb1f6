import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
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

/** The age of an abandoned lock whose process can't be asked: a write takes a fraction of a second. */
const ABANDONED_MS = 60_000;

/**
 * Takes the lock of a file against other processes: a file beside it that only one process can create. A
 * lock whose process has ended is taken over, and so is one of another machine that is a minute old.
 *
 * @param path the file's path, without links
 * @throws StoreError (`store`) after five seconds, with the process that holds the lock
 */
export async function lockFile(path: string, waitMs = WAIT_MS): Promise<HeldLock> {
  const lock = `${path}.lock`;
  const id = randomUUID();
  for (let waited = 0; ; waited += RETRY_MS) {
    const own: Holder = { id, pid: process.pid, host: hostname(), at: Date.now() };
    if (await created(lock, own)) return held(lock, own);
    const holder = await holderOf(lock);
    if (holder !== undefined && isAbandoned(holder)) await takeAway(lock, holder, own);
    if (waited >= waitMs) throw new StoreError(busy(path, lock, holder));
    // Keeps the process alive: a script may have nothing else to wait for.
    await delay(RETRY_MS);
  }
}

function busy(path: string, lock: string, holder: Holder | undefined): string {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return `${path}: ${who} is writing it, so nothing was written; try again, or remove ${lock} if no process writes`;
}

/** Creates the lock with its holder at once: a process killed in between leaves no lock without a holder. */
async function created(lock: string, holder: Holder): Promise<boolean> {
  const draft = `${lock}.${holder.id}`;
  const content = JSON.stringify(holder);
  try {
    await writeFile(draft, content);
    try {
      await link(draft, lock);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
      // Some mounted file systems have no hard links.
      await writeFile(lock, content, { flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
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
  // After a restart, a container often has the host name and process id of the one that was killed.
  const isUnknown = host !== hostname() || pid === process.pid;
  if (isUnknown) return Date.now() - at > ABANDONED_MS;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/**
 * Removes an abandoned lock. Only the process with the claim to this very lock may remove it, so that nobody
 * removes the lock of the process that took it over.
 */
async function takeAway(lock: string, abandoned: Holder, own: Holder): Promise<void> {
  const claim = `${lock}.${digestOf(abandoned.id)}`;
  if (await created(claim, own)) {
    try {
      if ((await holderOf(lock))?.id === abandoned.id) await rm(lock, { force: true });
    } finally {
      await rm(claim, { force: true });
    }
    return;
  }
  const claimant = await holderOf(claim);
  if (claimant !== undefined && isAbandoned(claimant)) await takeAway(claim, claimant, own);
}

/** Returns a part of a file's name for any text. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
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
