import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { describeWith, findProgram } from '../servers/find-program.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The arguments of Chromium in a container. They turn off all requests of its own. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A host of this machine that browsers do not trust as they trust localhost.
  '--host-resolver-rules=MAP *.test 127.0.0.1',
];

/** Options of a browser. */
interface BrowserOptions {
  /** False if pages run no scripts. Default: true. */
  readonly javaScriptEnabled?: boolean;
}

/** Opens a browser with an empty profile, which is removed on close. */
async function openBrowser(
  executablePath: string,
  options: BrowserOptions,
): Promise<{
  context: BrowserContext;
  close(): Promise<void>;
}> {
  const profile = mkdtempSync(join(tmpdir(), 'evenhand-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: ARGUMENTS,
    ...options,
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * A `describe` for tests that need Chromium.
 *
 * @param what the page or application that is tested
 * @param tests are given a function that opens a browser
 */
export function describeInChromium(
  what: string,
  tests: (open: (options?: BrowserOptions) => ReturnType<typeof openBrowser>) => void,
): void {
  const program = NAMES.map(findProgram).find((path) => path !== undefined);
  const install = 'sudo apt-get install chromium';
  const needed = { name: 'Chromium', program, install, variable: 'EVENHAND_REQUIRE_CHROMIUM' };
  describeWith(needed, `${what} in Chromium`, () => {
    tests((options = {}) => {
      if (program === undefined) throw new Error(`Chromium is not installed: ${install}`);
      return openBrowser(program, options);
    });
  });
}
