import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { resultPage } from '../../../src/analysis/output/result-page.ts';
import { axeViolations } from '../../e2e/axe.ts';
import { describeInChromium } from '../../e2e/chromium.ts';
import { HOSTILE, RESULTS } from './fixtures/results.ts';

const NAMES = Object.keys(RESULTS);
const WIDTHS = [375, 1280];
const SCHEMES = ['light', 'dark'] as const;

/** Opens all folded parts; the window's width, and the texts that are cut or outside of it. */
const CUT = `(document.querySelectorAll('details').forEach((one) => { one.open = true; }), {
  page: document.documentElement.scrollWidth,
  cut: [...document.querySelectorAll('h1, h2, h3, p, dd, dt, li, .note, .panel, tbody th, td')]
    .filter((element) => element.closest('.scroll-x') === null)
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < 0 || right > innerWidth + 1);
    })
    .map((element) => element.tagName + ': ' + element.textContent.slice(0, 40)),
})`;

describeInChromium('the page of a result', (openChromium) => {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-page-'));
  let browser: { context: BrowserContext; close(): Promise<void> } | undefined;
  let page: Page;

  /** Errors, violations of the policy, dialogs, and requests other than for the page itself. */
  const complaints: string[] = [];

  const urlOf = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    for (const [name, result] of Object.entries(RESULTS)) {
      const statement = { dialect: 'duckdb', sql: `SELECT '${HOSTILE}'` } as const;
      writeFileSync(
        join(folder, `${name}.html`),
        resultPage(result, { origin: HOSTILE, statement }),
      );
    }
    browser = await openChromium();
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (!NAMES.map(urlOf).includes(request.url())) complaints.push(`request: ${request.url()}`);
    });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(NAMES)('is one file without scripts or styles at elements: %s', async (name) => {
    await page.goto(urlOf(name));
    expect(await page.locator('script, link, img, iframe, [style]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each(NAMES.flatMap((name) => WIDTHS.map((width) => [name, width] as const)))(
    'fits: %s at %i px, with all parts open',
    async (name, width) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(urlOf(name));
      expect(await page.evaluate(CUT)).toEqual({ page: width, cut: [] });
    },
  );

  const variants = NAMES.flatMap((name) =>
    WIDTHS.flatMap((width) => SCHEMES.map((scheme) => [name, width, scheme] as const)),
  );

  it.each(variants)(
    'has no violation of accessibility rules: %s at %i px, %s',
    async (name, width, colorScheme) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.goto(urlOf(name));
      await page.evaluate(CUT);
      expect(await axeViolations(page)).toEqual([]);
    },
  );

  it('follows the reader’s dark mode', async () => {
    await page.goto(urlOf('decided'));
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe('rgb(250, 249, 246)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe('rgb(18, 20, 22)');
  });

  it('draws each difference in proportion to the common scale', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(urlOf('decided'));
    const chart = page.getByRole('img', { name: /^purchases, one_page: \+6\.0%/ });
    expect(await chart.getAttribute('aria-label')).toBe(
      'purchases, one_page: +6.0%, 97.5% interval +1.1% to +10.9%',
    );
    const box = await chart.boundingBox();
    const dot = await chart.locator('circle').boundingBox();
    const at = ((dot?.x ?? 0) + (dot?.width ?? 0) / 2 - (box?.x ?? 0)) / (box?.width ?? 1);
    // 6% of a reach of 15% on each side, which takes 48% of the width.
    expect(at).toBeCloseTo(0.5 + (0.06 / 0.15) * 0.48, 2);
  });

  it('shows verdict, split, metrics, data and method in this order', async () => {
    await page.goto(urlOf('segments'));
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'Split',
      'Results',
      'By user.plan',
      'Cumulative difference, day by day',
      'Data',
      'How it was computed',
    ]);
  });

  it.each(['split-off', 'too-few', 'no-data'])('shows no differences: %s', async (name) => {
    await page.goto(urlOf(name));
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'Split',
      'Data',
      'How it was computed',
    ]);
    expect(await page.locator('main').innerText()).toMatch(/hidden|No records/);
    expect(await page.locator('.forest').count()).toBe(0);
  });

  it('opens the further figures without a script', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setScriptExecutionDisabled', { value: true });
    await page.goto(urlOf('decided'));
    const figures = page.getByText('Chance to be better').first();
    expect(await figures.isVisible()).toBe(false);
    await page.getByText('purchases: all figures').click();
    await figures.waitFor({ state: 'visible' });
    expect(await page.getByText('it never decides').first().isVisible()).toBe(true);
    await session.send('Emulation.setScriptExecutionDisabled', { value: false });
  });

  it('shows hostile texts as text, and prints without folded parts', async () => {
    await page.goto(urlOf('hostile'));
    expect(await page.title()).toContain('</td><img src=x onerror=alert(1)>');
    expect(await page.locator('h1').innerText()).toContain('|`a`|[b](javascript:c)@all\ufffdtxt');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('Chance to be better').first().isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
    expect(complaints).toEqual([]);
  });
});
