import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { renderReport } from '../../../../src/cli/output/report/render-report.ts';
import { audience, experiment } from '../../../assignment/build.ts';
import { describeInChromium } from '../../../e2e/chromium.ts';
import { makeProject, removeProjects } from '../../project.ts';
import { simulated } from '../../../workbench/simulate/simulated.ts';

/** A script that would run if the page treated names as HTML. */
const HOSTILE = `</code><img src=x onerror=alert(1)><script>document.title='taken'</script>`;

const SPECS = [
  experiment({
    name: 'checkout',
    audiences: [audience({ short: 25, long: 75 }, 'user.id % 2 == 0'), audience({ long: 100 })],
  }),
  experiment({ name: 'color', seed: HOSTILE, audiences: [audience({ red: 50, blue: 50 })] }),
  experiment({ name: 'size', seed: HOSTILE, audiences: [audience({ big: 50, small: 50 })] }),
  experiment({ name: 'everything', audiences: [audience({ on: 100 })] }),
  experiment({
    name: 'failing',
    audiences: [audience({ a: 100 }, `"${HOSTILE}" == country`), audience({ b: 100 })],
  }),
];

/** Finds texts that are cut, outside the window, or broken into letters; runs in the page. */
const CUT = `({
  page: document.documentElement.scrollWidth,
  cut: [...document.querySelectorAll('h1, h2, h3, p, th, td, caption, li, .card')]
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < 0 || right > innerWidth || element.scrollWidth > element.clientWidth + 1;
    })
    .map((element) => element.tagName + ': ' + element.textContent.slice(0, 40)),
  tall: [...document.querySelectorAll('.shares th, .shares td')]
    .filter((cell) => cell.clientHeight > 3 * parseFloat(getComputedStyle(cell).lineHeight))
    .map((cell) => cell.textContent),
})`;

describeInChromium('the report', (openChromium) => {
  let browser: { context: BrowserContext; close(): Promise<void> } | undefined;
  let page: Page;

  /** Errors on the page, and requests other than for the page itself. */
  const complaints: string[] = [];

  beforeAll(async () => {
    const { summary } = await simulated(SPECS, { units: 5000 });
    const text = renderReport(summary, {
      origin: `a <b>file</b>.json`,
      units: { kind: 'generated', count: 5000, base: {} },
    });
    const path = join(makeProject({}).path, 'out.html');
    writeFileSync(path, text);
    browser = await openChromium();
    page = browser.context.pages()[0] ?? (await browser.context.newPage());
    const url = pathToFileURL(path).href;
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== url) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url);
  });

  afterAll(async () => {
    await browser?.close();
    removeProjects();
  });

  it('is one file without scripts that loads nothing and logs no errors', async () => {
    expect(await page.locator('script, link, img, iframe').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows hostile names and rules as text', async () => {
    expect(await page.title()).toBe('Simulation of a <b>file</b>.json');
    const rule = page.locator('article', { hasText: 'failing' }).last().locator('pre');
    expect(await rule.innerText()).toContain("pt>document.title='taken'</script>");
  });

  it('says of a switch that everyone gets a variant, without a chart', async () => {
    const article = page.locator('article', { hasText: 'everything' });
    expect(await article.innerText()).toBe('everything\n\nEveryone, 5,000 units: on');
    expect(await article.locator('svg, table').count()).toBe(0);
    expect(await page.locator('svg', { hasText: 'everything' }).count()).toBe(0);
  });

  it.each([375, 768, 1280])('fits a window of %i px without cutting a text', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(CUT);
    expect(wide).toEqual({ page: width, cut: [], tall: [] });
  });

  it('draws each bar in proportion to its share', async () => {
    const article = page.locator('article', { hasText: 'checkout' });
    const row = article.getByRole('row', { name: /^short/ });
    const chart = row.getByRole('img').first();
    const [bar, track] = [chart.locator('.bar'), chart.locator('.track')];
    const width = (await bar.boundingBox())?.width ?? 0;
    const whole = (await track.boundingBox())?.width ?? 1;
    expect(width / whole).toBeCloseTo(0.25, 1);
    expect(await chart.getAttribute('aria-label')).toMatch(/^short: 2\d\.\d\d%, allocated 25%$/);
  });

  it('draws an interval around each share', async () => {
    const charts = page.getByRole('img', { name: /95% interval/ });
    expect(await charts.count()).toBeGreaterThan(3);
    const interval = await charts.first().locator('.interval').boundingBox();
    const point = await charts.first().locator('.point').boundingBox();
    const middle = (point?.x ?? 0) + (point?.width ?? 0) / 2;
    expect(interval?.x).toBeLessThan(middle);
    expect((interval?.x ?? 0) + (interval?.width ?? 0)).toBeGreaterThan(middle);
  });

  it('marks the dependent pair in the map and explains it', async () => {
    const map = page.getByRole('img', { name: /Strength of dependence/ });
    expect(await map.locator('.dependent').count()).toBe(1);
    expect(await map.locator('g').count()).toBe(3);
    const pair = page.locator('article', { hasText: 'Dependent:' });
    expect(await pair.innerText()).toContain('the same seed and the same identity');
    expect(await pair.getByRole('row').count()).toBe(3);
  });

  it('opens the other cross-tables without a script', async () => {
    const table = page.locator('details table').first();
    expect(await table.isVisible()).toBe(false);
    await page.locator('summary').first().click();
    await table.waitFor({ state: 'visible' });
  });

  it('follows the reader’s dark mode', async () => {
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).not.toBe(light);
  });

  it('fits a narrow screen: only cards scroll sideways', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
  });
});
