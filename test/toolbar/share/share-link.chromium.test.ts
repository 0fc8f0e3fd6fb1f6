import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { BrowserContext, Page } from 'playwright-core';
import { evenhand } from 'evenhand';
import { signToken } from '../../../src/toolbar/share/token.ts';
import { toolbar } from 'evenhand/toolbar';
import { closing } from '../../closing.ts';
import { axeViolations } from '../../e2e/axe.ts';
import { describeInChromium } from '../../e2e/chromium.ts';

const SECRET = 'a secret that is at least 32 bytes';
const STAFF = 'x-staff';

const source = {
  experiments: [
    {
      name: 'checkout',
      identity: 'random',
      variants: [{ name: 'control' }, { name: 'treatment' }],
      audiences: [
        {
          allocations: [
            { variant: 'control', percent: 100 },
            { variant: 'treatment', percent: 0 },
          ],
        },
      ],
    },
  ],
};

describeInChromium('a share link', (openChromium) => {
  let server: Server;
  let context: BrowserContext;
  let browser: Awaited<ReturnType<typeof openChromium>>;
  /** The headers of the requests that the application has received. */
  const referers: (string | undefined)[] = [];

  beforeAll(async () => {
    const app = express();
    const experiments = closing(evenhand({ source: source.experiments, logger: false }));
    // The application's own policy, as helmet sets it: neither our page nor its forms may depend on it.
    app.use((_req, res, next) => {
      res.set('Referrer-Policy', 'no-referrer');
      res.set('Content-Security-Policy', "default-src 'none'; form-action 'none'");
      next();
    });
    const share = { secret: SECRET, grants: true };
    app.use(toolbar(experiments, { allow: (req) => req.get(STAFF) === 'yes', share }));
    app.use(experiments);
    app.get('/shop/cart', (req, res) => {
      referers.push(req.get('referer'));
      res.send(`<!doctype html><p id="variant">${req.variant('checkout')}</p>`);
    });
    server = closing(createServer(app).listen(0, '127.0.0.1'));
    await once(server, 'listening');
    browser = await openChromium();
    context = browser.context;
  });

  afterAll(async () => {
    await browser?.close();
  });

  /** Opens a page of its own browser session, and fails if the browser complains. */
  async function openPage(
    options: Parameters<NonNullable<ReturnType<BrowserContext['browser']>>['newContext']>[0],
    complaints: string[],
  ): Promise<Page> {
    const own = await context.browser()?.newContext(options);
    const page = await (own ?? context).newPage();
    page.on('console', (message) => {
      // It says so about every site without HTTPS.
      if (!message.text().startsWith('The Cross-Origin-Opener-Policy header has been ignored')) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return page;
  }

  function linkTo(host: string, seconds = 3600): string {
    const port = (server.address() as AddressInfo).port;
    const token = signToken(
      {
        host: `${host}:${port}`,
        overrides: new Map([['checkout', 'treatment']]),
        expires: Math.floor(Date.now() / 1000) + seconds,
        by: 'Ann <script>Lee</script>',
      },
      SECRET,
    );
    return `http://${host}:${port}/shop/cart?x=1&__ehov=${token}`;
  }

  describe.each([
    ['localhost', true],
    ['localhost', false],
    // Not a trustworthy origin, so the browser sends no Sec-Fetch-Site.
    ['shop.test', true],
  ])('on http://%s with JavaScript %s', (host, javaScriptEnabled) => {
    it('asks first, forces the variant, and can be ended', async () => {
      const complaints: string[] = [];
      const page = await openPage({ javaScriptEnabled }, complaints);
      referers.length = 0;
      await page.goto(linkTo(host));
      await page.getByText('Ann <script>Lee</script>').waitFor();
      await page.getByRole('button', { name: 'Use these variants' }).click();
      await page.waitForURL((url) => url.search === '?x=1');
      expect(await page.locator('#variant').innerText()).toBe('treatment');
      await page.goto(linkTo(host));
      await page.getByRole('button', { name: 'Stop using shared variants' }).click();
      await page.waitForURL((url) => url.search === '?x=1');
      expect(await page.locator('#variant').innerText()).toBe('control');
      await page.goto(linkTo(host));
      await page.getByRole('link', { name: 'Continue without them' }).click();
      await page.waitForURL((url) => url.search === '?x=1');
      // No page learns the token, whose scripts could report their referrer.
      expect(referers).toHaveLength(3);
      expect(referers.filter((referer) => referer?.includes('__ehov'))).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 375],
    ['dark', 375],
  ] as const)('is accessible in the %s scheme at %s pixels', async (colorScheme, width) => {
    const complaints: string[] = [];
    const page = await openPage({ colorScheme, viewport: { width, height: 800 } }, complaints);
    await page.goto(linkTo('localhost'));
    // The policy of the page lets no script run, axe-core neither.
    const html = await page.content();
    await page.goto('about:blank');
    await page.setContent(html);
    expect(await axeViolations(page)).toEqual([]);
    const scrolls = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    expect(await page.evaluate(scrolls)).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('can be accepted with the keyboard alone, and left without', async () => {
    const complaints: string[] = [];
    const page = await openPage({}, complaints);
    await page.goto(linkTo('localhost'));
    await page.getByRole('link', { name: 'Continue without them' }).click();
    await page.waitForURL((url) => url.search === '?x=1');
    expect(await page.locator('#variant').innerText()).toBe('control');
    await page.goto(linkTo('localhost'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.search === '?x=1');
    expect(await page.locator('#variant').innerText()).toBe('treatment');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
