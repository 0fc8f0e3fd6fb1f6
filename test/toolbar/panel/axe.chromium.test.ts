import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from '../../e2e/axe.ts';
import { describeInChromium } from '../../e2e/chromium.ts';
import { type PageServer, servePages } from '../page-server.ts';
import { shopPage } from './shop-page.ts';
import { FORCED, NAMESPACE, SHOP, viewedExperiment } from './shop-view.ts';

const STALE = { since: '2026-12-01T14:02:00.000Z', problem: 'connect ECONNREFUSED' };

// axe uses timers, which browsers without JavaScript don't run. The pages have no script of the toolbar.
describeInChromium('the panel, checked by axe,', (openChromium) => {
  let server: PageServer;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;

  beforeAll(async () => {
    server = await servePages();
    browser = await openChromium();
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    const [experiment, ...others] = FORCED.used;
    const broken = SHOP.used.slice(0, 1).map((one) => ({
      ...one,
      name: 'broken',
      tone: 'bad' as const,
      variant: undefined,
      notes: ['The fallback audience decided after an error'],
    }));
    const variants = Array.from({ length: 20 }, (_, i) => `variant_${i}`);
    server.pages.set('/closed', shopPage(SHOP));
    server.pages.set(
      '/open',
      shopPage(
        {
          ...FORCED,
          page: { ...FORCED.page, stale: STALE },
          used: [...(experiment === undefined ? [] : [experiment]), ...broken, ...others],
          namespaces: [NAMESPACE],
          unused: [...FORCED.unused, viewedExperiment('many', variants)],
          forced: [...FORCED.forced, { name: 'checkout_steps', value: 'one_page', from: 'cookie' }],
        },
        {
          open: '*',
          shared: { link: 'http://shop.example/?__ehov=a.b', until: STALE.since, forces: 1 },
        },
      ),
    );
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each([
    ['light', 1280],
    ['light', 375],
    ['dark', 1280],
    ['dark', 375],
  ] as const)('has no violations in the %s scheme at %i px', async (colorScheme, width) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 812 });
    await page.goto(`${server.url}/closed`, { waitUntil: 'networkidle' });
    expect(await axeViolations(page)).toEqual([]);
    await page.goto(`${server.url}/open`, { waitUntil: 'networkidle' });
    expect(await axeViolations(page)).toEqual([]);
    // Everything at once.
    await page.evaluate(
      `for (const one of document.querySelector('evenhand-toolbar').shadowRoot.querySelectorAll('details')) one.open = true`,
    );
    expect(await axeViolations(page)).toEqual([]);
  });
});
