import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Chromium as it starts in a container, and asks nobody for anything but the pages it is shown. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of this machine's Chromium; undefined where it has none. */
function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = [...folders, '/usr/bin'].flatMap((folder) =>
    NAMES.map((name) => join(folder, name)),
  );
  return places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser with an empty profile, which goes away with it. */
async function openBrowser(executablePath: string): Promise<{
  context: BrowserContext;
  close(): Promise<void>;
}> {
  const profile = mkdtempSync(join(tmpdir(), 'evenhand-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ARGUMENTS,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What installs it here. */
const INSTALL = 'sudo apt-get install chromium';

/**
 * Tests that need Chromium; skipped, with a word of it, where this machine has none.
 *
 * @param what they are about
 * @param tests get what opens a browser
 */
export function describeInChromium(
  what: string,
  tests: (open: () => ReturnType<typeof openBrowser>) => void,
): void {
  const path = findChromium();
  // Set where a missing browser is a fault of the machine, such as in the project's own check.
  const required = process.env['EVENHAND_REQUIRE_CHROMIUM'] === '1';
  const isSkipped = path === undefined && !required;
  if (isSkipped) {
    // Jest prints neither the names nor the console of a file that is skipped as a whole.
    process.stderr.write(`The tests in Chromium are skipped, as there is none: ${INSTALL}\n`);
  }
  const run = isSkipped ? describe.skip : describe;
  run(`${what} in Chromium (to have it: ${INSTALL})`, () => {
    tests(() => {
      if (path === undefined) throw new Error(`there is no Chromium: ${INSTALL}`);
      return openBrowser(path);
    });
  });
}
