import type { BrowserContext, Page } from 'playwright-core';
import { serve, type Server } from './child.ts';
import { describeInChromium } from './chromium.ts';

describeInChromium('the shop', (openChromium) => {
  let shop: Server | undefined;
  let browser: { context: BrowserContext; close(): Promise<void> } | undefined;
  let page: Page;

  /** The errors in the browser's console. */
  const complaints: string[] = [];

  beforeAll(async () => {
    shop = await serve('examples/shop/server.js');
    browser = await openChromium();
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => {
      // A page that is left no longer needs its icon.
      if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
      complaints.push(`failed: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
    });
  });
  afterEach(() => {
    const [complaint] = complaints.splice(0);
    if (complaint !== undefined) throw new Error(`Chromium complained: ${complaint}`);
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.stop();
  });

  const open = (path: string) => page.goto(`${shop?.url}${path}`);
  /** Waits for the next page, because a click or key press resolves before the page is loaded. */
  async function toNextPage(act: () => Promise<void>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), act()]);
  }

  const variant = (name: string) => page.locator(`[data-variant="${name}"]`).innerText();

  /** Tells whether the second product is beside the first, and not below it. */
  async function isGrid(): Promise<boolean> {
    const [first, second] = await page.locator('.products li').all();
    const tops = [await first?.boundingBox(), await second?.boundingBox()].map((box) => box?.y);
    expect(tops).toEqual([expect.any(Number), expect.any(Number)]);
    return tops[0] === tops[1];
  }

  async function login(name: string): Promise<void> {
    await toNextPage(() => page.getByRole('link', { name: 'Log in' }).click());
    await page.getByRole('radio', { name }).check();
    await toNextPage(() => page.getByRole('main').getByRole('button', { name: 'Log in' }).click());
    await page.getByText(`${name}, `).waitFor();
  }

  it('keeps its headline after a reload', async () => {
    await open('/');
    const headline = await page.getByRole('heading', { level: 1 }).innerText();
    for (let i = 0; i < 3; i++) {
      await page.reload();
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(headline);
    }
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([
      { name: '__cwtk', httpOnly: true, sameSite: 'Lax' },
      { name: '__cwtk_r', httpOnly: true, sameSite: 'Lax' },
    ]);
  });

  it('changes when a user logs in', async () => {
    await open('/');
    expect(await variant('experiment_1')).toBe('inactive');
    await login('Bob');
    expect(await variant('experiment_1')).toBe('treatment');
    await page.getByRole('heading', { name: 'Three for two' }).waitFor();
    expect(await isGrid()).toBe(true);

    await toNextPage(() => page.getByRole('button', { name: 'Log out' }).click());
    await login('Ada');
    expect(await variant('experiment_1')).toBe('control');
    expect(await isGrid()).toBe(false);
  });

  it('contains the variants for scripts', async () => {
    await open('/');
    const json = await page.evaluate<string>('document.getElementById("variants").textContent');
    const variants: unknown = JSON.parse(json);
    expect(variants).toMatchObject({ experiment_1: 'control', product_layout: 'rows' });
  });

  it('obeys the override cookie', async () => {
    await page
      .context()
      .addCookies([{ name: '__cw', value: 'experiment_1:treatment', url: shop?.url ?? '' }]);
    await open('/');
    expect(await variant('experiment_1')).toBe('treatment');
    await page.context().clearCookies({ name: '__cw' });
    await page.reload();
    expect(await variant('experiment_1')).toBe('control');
  });

  it('obeys the form for overrides', async () => {
    await open('/experiments');
    await page.getByLabel('gift_cards', { exact: true }).selectOption('on');
    await toNextPage(() => page.getByRole('button', { name: 'Save choices' }).click());
    await toNextPage(() => page.getByRole('link', { name: 'Gift cards' }).click());
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Gift cards');
  });

  it('explains itself to an admin', async () => {
    await toNextPage(() => page.getByRole('link', { name: 'Admin' }).click());
    const explanation = page.getByRole('article', { name: 'experiment_1' });
    expect(await explanation.innerText()).toContain('75–99: control');
    const bar = explanation.getByRole('img', { name: /Buckets/ });
    const mark = await bar.locator('.mark').boundingBox();
    const whole = await bar.boundingBox();
    // The mark of bucket 78 is at 78% of the width.
    expect(((mark?.x ?? 0) - (whole?.x ?? 0)) / (whole?.width ?? 1)).toBeCloseTo(0.78, 1);

    await page.getByLabel('View as').selectOption('Rémi (fr-CA, free)');
    await page.getByRole('button', { name: 'Show decisions' }).click();
    await page.getByRole('article', { name: 'experiment_1 inactive' }).waitFor();
  });

  it('works with the keyboard only', async () => {
    await open('/');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to content');
    expect(await page.getByText('Skip to content').boundingBox()).toMatchObject({ x: 16 });
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.hash === '#main');
  });
});
