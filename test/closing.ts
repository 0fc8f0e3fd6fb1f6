import { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Server } from 'node:http';

/** Something that runs on after its test, and would keep Jest alive. */
type Opened =
  | ChildProcess
  | { close(): unknown }
  | { stop(): unknown }
  | { dispose(): unknown }
  | { end(): unknown };

const openInTest: Opened[] = [];
const openInFile: Opened[] = [];
let open = openInFile;

beforeEach(() => {
  open = openInTest;
});

afterEach(async () => {
  await closeAll(openInTest);
  open = openInFile;
});

afterAll(() => closeAll(openInFile));

/**
 * Closes something after the test that opened it, also when that test fails or times out; after the last
 * test of the file if a `beforeAll` opened it. Tests may close it earlier themselves.
 *
 * @returns the same thing: `const server = closing(app.listen(0))`
 */
export function closing<T extends Opened>(opened: T): T {
  open.push(opened);
  return opened;
}

async function closeAll(list: Opened[]): Promise<void> {
  // A test that closes badly says so itself: here, one failure must not leave the others open.
  for (const opened of list.splice(0).toReversed()) await Promise.allSettled([close(opened)]);
}

async function close(opened: Opened): Promise<void> {
  if (opened instanceof ChildProcess) await end(opened);
  else if (opened instanceof Server) {
    opened.closeAllConnections();
    opened.close();
  } else if ('close' in opened) await opened.close();
  else if ('stop' in opened) await opened.stop();
  else if ('dispose' in opened) await opened.dispose();
  else await opened.end();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
