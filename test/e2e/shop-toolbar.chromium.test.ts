import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from './axe.ts';
import { serve, type Server } from './child.ts';
import { describeInChromium } from './chromium.ts';

const SIZES = [
  { width: 1280, height: 860 },
  { width: 375, height: 720 },
] as const;

describeInChromium('the toolbar in the shop', (openChromium) => {
  let shop: Server;
  let browser: { context: BrowserContext; close(): Promise<void> };

  /** The errors in the browser's console, violations of the shop's own policy included. */
  const complaints: string[] = [];

  beforeAll(async () => {
    shop = await serve('examples/shop/server.js');
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.stop();
  });
  afterEach(() => {
    const [complaint] = complaints.splice(0);
    if (complaint !== undefined) throw new Error(`Chromium complained: ${complaint}`);
  });

  async function inPage(
    options: Parameters<NonNullable<ReturnType<BrowserContext['browser']>>['newContext']>[0],
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.context.browser()?.newContext(options);
    if (context === undefined) throw new Error('Chromium has no other contexts');
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('requestfailed', (request) => {
        // A page that is left no longer needs its icon.
        if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
        complaints.push(`failed: ${request.url()}`);
      });
      await page.goto(shop.url);
      await use(page);
    } finally {
      await context.close();
    }
  }

  /** Waits for the next page, because a click resolves before the page is loaded. */
  async function toNextPage(page: Page, act: () => Promise<void>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), act()]);
  }

  const bar = (page: Page) => page.locator('evenhand-toolbar');
  const pill = (page: Page) => bar(page).locator('summary').first();
  const row = (page: Page, name: string) => bar(page).locator(`details[data-row="${name}"]`);
  const shown = (page: Page, name: string) => page.locator(`[data-variant="${name}"]`).innerText();

  describe.each(SIZES)('$width px wide', (viewport) => {
    it.each([
      ['light', true],
      ['light', false],
      ['dark', true],
      ['dark', false],
    ] as const)(
      'opens, forces a variant and takes it back, %s, JavaScript %s',
      async (colorScheme, javaScriptEnabled) => {
        await inPage({ viewport, colorScheme, javaScriptEnabled }, async (page) => {
          expect(await pill(page).innerText()).toMatch(/8 decisions/);
          await pill(page).click();
          await row(page, 'gift_cards').locator('summary').click();
          await toNextPage(page, () =>
            row(page, 'gift_cards').getByRole('button', { name: 'on', exact: true }).click(),
          );
          expect(await row(page, 'gift_cards').locator('summary').innerText()).toMatch(
            /on[\s\S]*forced by you/,
          );
          const box = await bar(page).locator('.panel').boundingBox();
          expect(box?.x).toBeGreaterThanOrEqual(0);
          expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);

          await toNextPage(page, () =>
            row(page, 'gift_cards').getByRole('button', { name: 'Remove override' }).click(),
          );
          expect(await row(page, 'gift_cards').locator('summary').innerText()).toMatch(/off/);
        });
      },
    );

    it.each(['light', 'dark'] as const)(
      'has no violations that axe finds, %s',
      async (colorScheme) => {
        await inPage({ viewport, colorScheme, bypassCSP: true }, async (page) => {
          expect(await axeViolations(page)).toEqual([]);
          await pill(page).click();
          await row(page, 'experiment_1').locator('summary').click();
          expect(await axeViolations(page)).toEqual([]);
        });
      },
    );
  });

  it('is used with Tab and Enter alone', async () => {
    await inPage({ viewport: SIZES[0], javaScriptEnabled: false }, async (page) => {
      const tabTo = async (text: string): Promise<void> => {
        for (let i = 0; i < 100; i++) {
          await page.keyboard.press('Tab');
          const focused = page.locator('evenhand-toolbar :focus');
          if ((await focused.count()) === 1 && (await focused.innerText()).includes(text)) return;
        }
        throw new Error(`Tab never came to ${text}`);
      };
      const before = await shown(page, 'hero_headline');
      await tabTo('decisions');
      await page.keyboard.press('Enter');
      await tabTo('hero_headline');
      await page.keyboard.press('Enter');
      const other = before === 'proud' ? 'plain' : 'proud';
      await tabTo(other);
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
      expect(await shown(page, 'hero_headline')).toBe(other);
    });
  });

  it('shows a link that forces the same variants in another browser, after a question', async () => {
    let link = '';
    await inPage({ viewport: SIZES[0] }, async (page) => {
      await pill(page).click();
      await row(page, 'hero_headline').locator('summary').click();
      await toNextPage(page, () =>
        row(page, 'hero_headline').getByRole('button', { name: 'question' }).click(),
      );
      await toNextPage(page, () =>
        bar(page).getByRole('button', { name: 'Share this view' }).click(),
      );
      link = await bar(page).locator('.share input').inputValue();
    });
    await inPage({ viewport: SIZES[1] }, async (page) => {
      await page.goto(link);
      expect(await axeViolations(page)).toEqual([]);
      await toNextPage(page, () =>
        page.getByRole('button', { name: 'Use these variants' }).click(),
      );
      expect(page.url()).toBe(`${shop.url}/`);
      expect(await shown(page, 'hero_headline')).toBe('question');
    });
  });
});

describeInChromium('the shop in production', (openChromium) => {
  it('shows no toolbar to visitors, and none of its addresses', async () => {
    const shop = await serve('examples/shop/server.js', { env: { NODE_ENV: 'production' } });
    const browser = await openChromium();
    try {
      const page = await browser.context.newPage();
      await page.goto(shop.url);
      expect(await page.content()).not.toContain('evenhand-toolbar');
      expect((await page.goto(`${shop.url}/__evenhand/panel`))?.status()).toBe(404);
    } finally {
      await browser.close();
      await shop.stop();
    }
  });
});
