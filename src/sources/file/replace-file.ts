import { promises } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { thrownMessage } from '../../errors/thrown.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { notRegular } from './file-kind.ts';

/** File permissions: specifications and contexts have internal names, which other users must not read. */
const OWNER_ONLY = 0o600;

/**
 * Replaces a file atomically: after a crash it holds the old text or the new one. Its owner alone can
 * read it. Rejects for a pipe, a socket, a device or a directory, which the rename would replace.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const { open, rename, rm, stat } = promises;
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${nodeCrypto().randomBytes(6).toString('hex')}`,
  );
  try {
    const file = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    const kind = await stat(path).catch(() => undefined);
    if (kind !== undefined && !kind.isFile()) {
      throw notRegular(kind);
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Returns the reason why {@link replaceFile} failed, without the random name of the temporary file, so
 * that repeats are recognised.
 */
export function writeReason(error: unknown): string {
  const message = thrownMessage(error);
  return message.split(', ', 1)[0] ?? message;
}
