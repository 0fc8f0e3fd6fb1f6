import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { planExperiment } from '../../../src/analysis/power/plan-experiment.ts';
import { planPage } from '../../../src/analysis/power/page/plan-page.ts';
import { axeViolations } from '../../e2e/axe.ts';
import { describeInChromium } from '../../e2e/chromium.ts';
import { options } from './fixture.ts';

/** A script that would run if the page treated names as HTML. */
const HOSTILE = `</style><img src=x onerror=alert(1)><script>document.title='taken'</script>`;

const PLANS = {
  lift: planExperiment(options({ lift: 0.05, unitsPerDay: 7800, cuped: 0.3 })),
  shares: planExperiment(options({ experiment: 'prices', units: 20_000, lift: 0.05 })),
  guardrail: planExperiment(options({ metric: 'errors', unitsPerDay: 3000 })),
  impossible: planExperiment(options({ lift: 11, unitsPerDay: 100 })),
};
const NAMES = Object.keys(PLANS);
const WIDTHS = [375, 1280];
const SCHEMES = ['light', 'dark'] as const;

/** Opens all folded parts; the window's width, and the texts that are cut or outside of it. */
const CUT = `(document.querySelectorAll('details').forEach((one) => { one.open = true; }), {
  page: document.documentElement.scrollWidth,
  cut: [...document.querySelectorAll('h1, h2, p, dd, dt, li, .note, .panel, svg text, tbody th, td')]
    .filter((element) => element.closest('.scroll-x') === null)
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < 0 || right > innerWidth + 1);
    })
    .map((element) => element.tagName + ': ' + element.textContent.slice(0, 40)),
})`;

describeInChromium('the page of a plan', (openChromium) => {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-plan-'));
  let browser: { context: BrowserContext; close(): Promise<void> } | undefined;
  let page: Page;

  /** Errors, violations of the policy, dialogs, and requests other than for the page itself. */
  const complaints: string[] = [];

  const urlOf = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    for (const [name, plan] of Object.entries(PLANS)) {
      const named = { ...plan, metric: { ...plan.metric, name: HOSTILE.slice(0, 60) } };
      const shown = name === 'impossible' ? named : plan;
      writeFileSync(join(folder, `${name}.html`), planPage(shown, { origin: HOSTILE }));
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

  it.each(NAMES)(
    'is one file without scripts, and shows hostile names as text: %s',
    async (name) => {
      await page.goto(urlOf(name));
      expect(await page.locator('script, link, img, iframe, [style]').count()).toBe(0);
      expect(await page.title()).toMatch(/^Plan of (checkout|prices)$/);
      expect(complaints).toEqual([]);
    },
  );

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

  it('draws the power from the error rate to almost 1, with the target marked', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(urlOf('lift'));
    const chart = page.getByRole('img', { name: /^Power against the lift: 80% at 5%, / });
    const line = await chart.locator('path.line').getAttribute('d');
    const heights = [...(line ?? '').matchAll(/ (\d+(\.\d+)?)/g)].map(([, y]) => Number(y));
    // Upwards is a smaller number.
    expect(heights).toEqual(heights.toSorted((a, b) => b - a));
    expect(heights.length).toBe(41);
    const mark = await chart.locator('line.limit').boundingBox();
    const box = await chart.boundingBox();
    const at = ((mark?.x ?? 0) - (box?.x ?? 0)) / (box?.width ?? 1);
    // The middle of the lines, which take 87% of the width.
    expect(at).toBeCloseTo(0.435, 2);
  });

  it('shows no power if no number of units suffices', async () => {
    await page.goto(urlOf('impossible'));
    expect(await page.getByRole('img', { name: /^Power/ }).count()).toBe(0);
    expect(await page.getByText('No number of units detects a lift').count()).toBe(1);
  });
});
