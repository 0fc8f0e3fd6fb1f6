import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { describeInChromium } from './chromium.ts';

/** A place that holds pages while tests open them. */
export interface PageHost {
  /** Returns the address of each page. */
  start(): Promise<(name: string) => string>;
  stop(): Promise<void>;
}

/** The window in which a page is opened. */
export interface View {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Pages that tests open in Chromium. */
export interface OpenedPages {
  readonly page: Page;
  /** Errors, violations of the page's policy, dialogs, and requests other than for pages and their files. */
  readonly complaints: readonly string[];
  open(name: string, view?: View): Promise<void>;
}

/** The widths of a phone and of a laptop. */
export const WIDTHS = [375, 1280] as const;

const SCHEMES = ['light', 'dark'] as const;

/** Returns each name with each width and each colour scheme. */
export function inAllViews(
  names: readonly string[],
): (readonly [name: string, width: number, scheme: 'light' | 'dark'])[] {
  return names.flatMap((name) =>
    WIDTHS.flatMap((width) => SCHEMES.map((scheme) => [name, width, scheme] as const)),
  );
}

/** Holds pages that are single files, by their names. */
export function inFiles(
  texts: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>,
): PageHost {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-pages-'));
  return {
    async start() {
      for (const [name, text] of Object.entries(await texts())) {
        writeFileSync(join(folder, `${name}.html`), text);
      }
      return (name) => pathToFileURL(join(folder, `${name}.html`)).href;
    },
    async stop() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Holds pages of a server, by their paths. */
export function onServer(listener: RequestListener): PageHost {
  const server = createServer(listener);
  return {
    async start() {
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      return (name) => `http://127.0.0.1:${port}/${name}`;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** A `describe` for tests that open pages in Chromium. */
export function describePages(
  what: string,
  host: () => PageHost,
  tests: (pages: OpenedPages) => void,
): void {
  describeInChromium(what, (openChromium) => {
    const place = host();
    const complaints: string[] = [];
    let browser: { context: BrowserContext; close(): Promise<void> } | undefined;
    let page: Page | undefined;
    let addressOf = (name: string): string => name;
    const current = (): Page => {
      if (page === undefined) throw new Error('the browser is not open yet');
      return page;
    };

    beforeAll(async () => {
      addressOf = await place.start();
      const root = new URL('.', addressOf('page')).href;
      browser = await openChromium();
      page = browser.context.pages()[0] ?? (await browser.context.newPage());
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(root)) complaints.push(`request: ${request.url()}`);
      });
    });

    afterAll(async () => {
      await browser?.close();
      await place.stop();
    });

    tests({
      get page() {
        return current();
      },
      complaints,
      async open(name, { width = 1280, scheme = 'light' } = {}) {
        await current().setViewportSize({ width, height: 800 });
        await current().emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await current().goto(addressOf(name));
      },
    });
  });
}

/**
 * Adds the tests that every page in one file must pass: it fits into windows of all widths, and people with
 * disabilities can use it, with all parts open.
 *
 * @param widths the widths of windows that it must fit into
 */
export function testSinglePages(
  pages: OpenedPages,
  names: readonly string[],
  widths: readonly number[] = WIDTHS,
): void {
  it.each(names)('is one file without scripts that loads nothing: %s', async (name) => {
    await pages.open(name);
    expect(await pages.page.locator('script, link, img, iframe, [style]').count()).toBe(0);
    expect(pages.complaints).toEqual([]);
  });

  it.each(names.flatMap((name) => widths.map((width) => [name, width] as const)))(
    'shows all texts inside the window: %s at %i px',
    async (name, width) => {
      await pages.open(name, { width });
      await unfold(pages.page);
      expect(await overflowOf(pages.page)).toEqual({ page: width, outside: [] });
    },
  );

  it.each(inAllViews(names))(
    'has no violation of accessibility rules: %s at %i px, %s',
    async (name, width, scheme) => {
      await pages.open(name, { width, scheme });
      await unfold(pages.page);
      expect(await axeViolations(pages.page)).toEqual([]);
    },
  );
}

/** The elements whose texts must be inside the window. */
const TEXTS = 'h1, h2, h3, p, summary, dd, dt, li, tbody th, td, .note, .panel, svg text';

/** The width of a page, and the texts that are outside of the window and in no part that scrolls or cuts. */
export async function overflowOf(page: Page): Promise<{ page: number; outside: string[] }> {
  return page.evaluate(`({
    page: document.documentElement.scrollWidth,
    outside: [...document.querySelectorAll(${JSON.stringify(TEXTS)})]
      .filter((element) => element.closest('.scroll-x, .chips, svg svg') === null)
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < 0 || right > innerWidth + 1);
      })
      .map((element) => element.tagName + ': ' + element.textContent.slice(0, 40)),
  })`);
}

/** Opens all parts of a page that are folded. */
export async function unfold(page: Page): Promise<void> {
  await page.evaluate(
    `document.querySelectorAll('details').forEach((one) => { one.open = true; })`,
  );
}
