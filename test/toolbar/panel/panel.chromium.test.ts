import type { BrowserContext, Page } from 'playwright-core';
import { describeInChromium } from '../../e2e/chromium.ts';
import { type PageServer, servePages } from '../page-server.ts';
import { shopPage } from './shop-page.ts';
import { FORCED, SETUP, SHOP } from './shop-view.ts';
import { renderToolbar } from '../../../src/toolbar/panel/panel.ts';

const SHARED = {
  link: 'http://shop.example/?__ehov=abc.def',
  until: '2026-12-02T14:00:00.000Z',
  forces: 1,
};

/** Page styles that try to reach everything. */
const HOSTILE = `
  * { all: unset !important; }
  body > * { display: none !important; opacity: 0 !important; }
  evenhand-toolbar, evenhand-toolbar:not(#a):not(#b) { display: none !important; position: static !important;
    inset: auto !important; transform: scale(0) !important; visibility: hidden !important; --ink: #fff !important;
    --card: #fff !important; pointer-events: none !important; direction: rtl !important; }
  html { font-size: 4px !important; }`;

describeInChromium('the panel without script', (openChromium) => {
  let server: PageServer;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;

  /** The messages of the browser's console, such as violations of the policy. */
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await servePages();
    browser = await openChromium({ javaScriptEnabled: false });
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    server.pages.set('/', shopPage(SHOP));
    server.pages.set('/forced', shopPage(FORCED, { open: 'experiment_1' }));
    server.pages.set('/share', shopPage(FORCED, { open: '*', shared: SHARED }));
  });

  beforeEach(async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 860 });
    server.posts.length = 0;
  });

  afterEach(() => {
    const [complaint] = [...complaints.splice(0), ...server.reports.splice(0)];
    if (complaint !== undefined) throw new Error(`Chromium complained: ${complaint}`);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = (path: string) => page.goto(`${server.url}${path}`);
  /** Waits for the next page, because a click or key press resolves before the page is loaded. */
  const toNextPage = (act: () => Promise<void>) => Promise.all([page.waitForEvent('load'), act()]);
  const pill = () => page.locator('evenhand-toolbar .root > summary');
  const panel = () => page.locator('evenhand-toolbar .panel');
  const row = (name: string) => page.locator(`evenhand-toolbar [data-row="${name}"]`);
  const focused = () =>
    page.evaluate<string>(
      `(document.activeElement?.shadowRoot?.activeElement ?? document.activeElement).textContent.trim()`,
    );

  it('shows how many decisions the page used, and opens on a click', async () => {
    await open('/');
    expect(await pill().innerText()).toContain('8 decisions');
    expect(await panel().isVisible()).toBe(false);
    await pill().click();
    expect(await panel().isVisible()).toBe(true);
    expect(await panel().innerText()).toContain('Used on this page');
    expect(await row('experiment_1').locator('.why').innerText()).toBe(
      'audience 1, bucket 78 of 75–99',
    );
  });

  it('forces a variant by a form that comes back to the page', async () => {
    await open('/');
    await pill().click();
    await row('experiment_1').locator('summary').click();
    await toNextPage(() => row('experiment_1').getByRole('button', { name: 'treatment' }).click());
    expect(server.posts).toEqual([
      {
        path: '/__evenhand/override',
        fields: { back: '/', open: 'experiment_1', set: 'experiment_1:treatment' },
      },
    ]);
    expect(page.url()).toBe(`${server.url}/`);
  });

  it('opens and forces a variant with Tab, Enter and a visible focus', async () => {
    await open('/');
    // The page has one link, so the pill is second.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('8 decisions');
    const outline = `(() => { const style = getComputedStyle(document.activeElement.shadowRoot.activeElement);
      return style.outlineStyle + ' ' + style.outlineWidth; })()`;
    expect(await page.evaluate(outline)).toBe('solid 2px');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('experiment_1');
    expect(await page.evaluate(outline)).toBe('solid 2px');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('treatment');
    expect(await page.evaluate(outline)).toBe('solid 2px');
    await toNextPage(() => page.keyboard.press('Enter'));
    expect(server.posts.map(({ fields }) => fields['set'])).toEqual(['experiment_1:treatment']);
  });

  it('gives the focus back to the chosen variant, or to the link, after a form', async () => {
    await open('/forced');
    expect(await focused()).toBe('treatment');
    expect(await row('experiment_1').innerText()).toContain('Remove override');
    await open('/share');
    const value = `document.activeElement.shadowRoot.activeElement.value`;
    expect(await page.evaluate(value)).toBe(SHARED.link);
  });

  it.each([
    ['bottom-right', 432],
    ['top-left', 432],
    ['bottom-left', 432],
    ['top-right', 432],
  ] as const)('stands in the corner %s, and fills a narrow window', async (position, width) => {
    server.pages.set('/corner', shopPage(SHOP, { open: '*', position }));
    await open('/corner');
    const box = await panel().boundingBox();
    expect(box?.width).toBe(width);
    const y = position.startsWith('top') ? 16 : 860 - 16 - (box?.height ?? 0);
    expect(box).toMatchObject({ x: position.endsWith('left') ? 16 : 1280 - 16 - width, y });
    await page.setViewportSize({ width: 375, height: 812 });
    expect(await panel().boundingBox()).toMatchObject({ x: 8, width: 359 });
    const scrolls = `document.documentElement.scrollWidth > innerWidth`;
    expect(await page.evaluate(scrolls)).toBe(false);
  });

  it('stays usable under page styles that hide everything', async () => {
    await open('/');
    const before = await pill().boundingBox();
    const policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'";
    const head = `<style>${HOSTILE}</style>`;
    server.pages.set('/hostile', shopPage(SHOP, {}, { head, policy }));
    await open('/hostile');
    expect(await pill().boundingBox()).toEqual(before);
    await pill().click();
    const look = `(() => { const style = getComputedStyle(document.querySelector('evenhand-toolbar').shadowRoot
      .querySelector('.panel .name')); return [style.color, style.fontSize, style.direction]; })()`;
    expect(await page.evaluate(look)).toEqual(['rgb(22, 25, 28)', '13px', 'ltr']);
    await row('experiment_1').locator('summary').click();
    await toNextPage(() => row('experiment_1').getByRole('button', { name: 'inactive' }).click());
    expect(server.posts).toHaveLength(1);
  });

  it('stands above an overlay of the page with the highest z-index', async () => {
    const policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'";
    const head = `<style>.over { position: fixed; inset: 0; z-index: 2147483647; background: #fff; }</style>`;
    server.pages.set(
      '/over',
      shopPage(SHOP, {}, { head, policy, body: '<div class="over"></div>' }),
    );
    await open('/over');
    await pill().click();
    expect(await panel().isVisible()).toBe(true);
  });

  it('works behind a page without an end, in ISO-8859-1', async () => {
    const [experiment, ...others] = SHOP.used;
    const used =
      experiment === undefined ? [] : [{ ...experiment, why: 'größer – 今日' }, ...others];
    const markup = renderToolbar({ ...SHOP, used }, SETUP);
    expect(markup).toMatch(/^[\p{ASCII}]*$/u);
    const text = `<!doctype html><html lang=de><title>x</title><main><h1>Gr\xf6\xdfe</h1><p>unfinished <b>`;
    server.pages.set('/latin', {
      body: Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(markup)]),
      headers: { 'Content-Type': 'text/html; charset=iso-8859-1' },
    });
    await open('/latin');
    expect(await page.locator('h1').innerText()).toBe('Größe');
    await pill().click();
    expect(await row('experiment_1').locator('.why').innerText()).toBe('größer – 今日');
  });

  it('stays hidden if the page blocks its style sheet', async () => {
    const policy = "default-src 'none'";
    server.pages.set('/blocked', shopPage(SHOP, {}, { policy }));
    await open('/blocked');
    await page.waitForLoadState('networkidle');
    expect(await pill().isVisible()).toBe(false);
    expect(complaints.splice(0)).toEqual([expect.stringContaining('toolbar.css')]);
  });

  it('leaves the page beside the closed toolbar to the page', async () => {
    await page.setViewportSize({ width: 375, height: 812 });
    const policy = "default-src 'none'; style-src 'self' 'unsafe-inline'";
    const head = `<style>.under { position: fixed; left: 8px; bottom: 8px; }</style>`;
    const body = '<a class="under" href="/other">Under</a>';
    server.pages.set('/under', shopPage(SHOP, {}, { head, policy, body }));
    server.pages.set('/other', shopPage(SHOP));
    await open('/under');
    await page.getByText('Under').click();
    await page.waitForURL(`${server.url}/other`);
    expect(await pill().isVisible()).toBe(true);
  });

  it('is not printed', async () => {
    await open('/');
    await page.emulateMedia({ media: 'print' });
    expect(await pill().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
  });
});
