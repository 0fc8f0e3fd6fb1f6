import { resultPage } from '../../../src/analysis/output/result-page.ts';
import { describePages, inFiles, testSinglePages } from '../../e2e/pages.ts';
import { HOSTILE, RESULTS } from './fixtures/results.ts';

const NAMES = Object.keys(RESULTS);

/** Returns the page of each result. */
function resultPages(): Record<string, string> {
  const statement = { dialect: 'duckdb', sql: `SELECT '${HOSTILE}'` } as const;
  return Object.fromEntries(
    Object.entries(RESULTS).map(([name, result]) => [
      name,
      resultPage(result, { origin: HOSTILE, statement }),
    ]),
  );
}

describePages(
  'the page of a result',
  () => inFiles(resultPages),
  (pages) => {
    testSinglePages(pages, NAMES);

    it('follows the reader’s dark mode', async () => {
      const background = () =>
        pages.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      await pages.open('decided');
      expect(await background()).toBe('rgb(250, 249, 246)');
      await pages.open('decided', { scheme: 'dark' });
      expect(await background()).toBe('rgb(18, 20, 22)');
    });

    it('draws each difference in proportion to the common scale', async () => {
      await pages.open('decided');
      const chart = pages.page.getByRole('img', { name: /^purchases, one_page: \+6\.0%/ });
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
      await pages.open('segments');
      expect(await pages.page.locator('h2').allInnerTexts()).toEqual([
        'Split',
        'Results',
        'By user.plan',
        'Cumulative difference, day by day',
        'Data',
        'How it was computed',
      ]);
    });

    it.each(['split-off', 'too-few', 'no-data'])('shows no differences: %s', async (name) => {
      await pages.open(name);
      expect(await pages.page.locator('h2').allInnerTexts()).toEqual([
        'Split',
        'Data',
        'How it was computed',
      ]);
      expect(await pages.page.locator('main').innerText()).toMatch(/hidden|No records/);
      expect(await pages.page.locator('.forest').count()).toBe(0);
    });

    it('opens the further figures without a script', async () => {
      const session = await pages.page.context().newCDPSession(pages.page);
      await session.send('Emulation.setScriptExecutionDisabled', { value: true });
      await pages.open('decided');
      const figures = pages.page.getByText('Chance to be better').first();
      expect(await figures.isVisible()).toBe(false);
      await pages.page.getByText('purchases: all figures').click();
      await figures.waitFor({ state: 'visible' });
      expect(await pages.page.getByText('it never decides').first().isVisible()).toBe(true);
      await session.send('Emulation.setScriptExecutionDisabled', { value: false });
    });

    it('shows hostile texts as text, and prints without folded parts', async () => {
      await pages.open('hostile');
      expect(await pages.page.title()).toContain('</td><img src=x onerror=alert(1)>');
      expect(await pages.page.locator('h1').innerText()).toContain(
        '|`a`|[b](javascript:c)@all\ufffdtxt',
      );
      await pages.page.emulateMedia({ media: 'print' });
      expect(await pages.page.getByText('Chance to be better').first().isVisible()).toBe(true);
      await pages.page.emulateMedia({ media: null });
      expect(pages.complaints).toEqual([]);
    });
  },
);
