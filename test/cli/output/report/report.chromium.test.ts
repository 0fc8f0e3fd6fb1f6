import { renderReport } from '../../../../src/cli/output/report/render-report.ts';
import { audience, experiment } from '../../../assignment/build.ts';
import { describePages, inFiles, testSinglePages, WIDTHS } from '../../../e2e/pages.ts';
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
  experiment({
    name: 'a_long_name_without_any_space_that_no_phone_can_show_in_one_line',
    identity: 'random',
    audiences: [audience({ the_first_variant_with_a_long_name: 50, another_variant: 50 })],
  }),
  experiment({ name: 'everything', audiences: [audience({ on: 100, off: 0 })] }),
  experiment({
    name: 'some',
    audiences: [audience({ on: 100, off: 0 }, 'user.id < 10'), audience({ on: 0, off: 100 })],
  }),
  experiment({
    name: 'failing',
    audiences: [audience({ a: 100 }, `"${HOSTILE}" == country`), audience({ b: 100 })],
  }),
];

/** Gives 60% of the units the first half of the buckets. */
const skewed = (identity: string, seed: string) =>
  (Number(identity) % 10 < 6 ? 0 : 50) + ((Number(identity) + seed.length) % 50);

/** Returns a page for each kind of result. */
async function reports(): Promise<Record<string, string>> {
  const pageOf = async (specs: typeof SPECS, bucketOf?: typeof skewed): Promise<string> => {
    const { summary, plan } = await simulated(specs, {
      units: 5000,
      ...(bucketOf !== undefined && { bucketOf }),
    });
    const units = { kind: 'generated', count: 5000, base: {} } as const;
    const job = { units, now: Date.UTC(2026, 10, 30) };
    return renderReport(summary, plan, { origin: 'a <b>file</b>.json', job });
  };
  return {
    all: await pageOf(SPECS),
    right: await pageOf(SPECS.slice(0, 2)),
    off: await pageOf(SPECS.slice(0, 1), skewed),
    switches: await pageOf(SPECS.slice(4, 6)),
  };
}

const NAMES = ['all', 'right', 'off', 'switches'];

describePages(
  'the report of a simulation',
  () => inFiles(reports),
  (pages) => {
    const panelOf = (name: string) =>
      pages.page.locator('section', {
        has: pages.page.getByRole('heading', { name, exact: true }),
      });

    testSinglePages(pages, NAMES, [...WIDTHS, 768]);

    it('shows hostile names and rules as text', async () => {
      await pages.open('all');
      expect(await pages.page.title()).toBe('Simulation of a <b>file</b>.json');
      expect(await pages.page.locator('pre').innerText()).toContain(
        "pt>document.title='taken'</script>",
      );
    });

    it('explains dependent pairs first, and frames them in the matrix with their strength', async () => {
      await pages.open('all');
      expect(await pages.page.locator('.note').first().innerText()).toBe(
        'color and size depend on each other. They have the same seed and the same identity, so ' +
          'everyone has the same bucket in both: the variant in one decides the variant in the ' +
          'other. Give one of them its own seed.',
      );
      const matrix = pages.page.getByRole('img', { name: /^Strength of dependence of 6 pairs/ });
      expect(await matrix.locator('.pair').count()).toBe(6);
      expect(await matrix.locator('.dependent').count()).toBe(1);
      expect(await matrix.locator('.dependent text').textContent()).toBe('1.0');
      expect(await matrix.getAttribute('aria-label')).toContain(
        'dependent: color × size (p < 1e−300, strength 1.000)',
      );
      const table = panelOf('Pairs').getByRole('table').nth(1);
      expect((await table.innerText()).replaceAll(/\s+/g, ' ')).toMatch(
        /^color ↓ size → big small red \d,\d+ 0 blue 0 \d,\d+$/,
      );
    });

    it('shows that switches are on or off for everyone or by audience, without a chart', async () => {
      await pages.open('all');
      const rows = await panelOf('Switches').locator('tbody tr').allInnerTexts();
      expect(rows.map((row) => row.replaceAll(/\s+/g, ' ').trim())).toEqual([
        'everything everyone: on 5,000',
        'some user.id < 10: on 10',
        'everyone else: off 4,990',
      ]);
      expect(await panelOf('Switches').getByRole('img').count()).toBe(0);
      expect(await pages.page.locator('main').innerText()).not.toContain('100%');
    });

    it('says that all is well if it is', async () => {
      await pages.open('right');
      expect(await pages.page.locator('.note').allInnerTexts()).toEqual([
        'No problem found. 2 splits look right, and no dependence was found in 1 pair.',
      ]);
      await pages.open('switches');
      expect(await pages.page.locator('.note').allInnerTexts()).toEqual([
        'Nothing to test. No audience is split, or there are too few units.',
      ]);
    });

    it('draws each deviation in proportion to the scale of its panel', async () => {
      await pages.open('off');
      const chart = panelOf('checkout').getByRole('img', { name: /^short: [+−]/ });
      const label = (await chart.getAttribute('aria-label')) ?? '';
      const points = Number(/: ([+−][\d.]+) /.exec(label)?.[1]?.replace('−', '-'));
      const head = await panelOf('checkout').getByRole('columnheader').nth(4).innerText();
      const reach = Number(/to \+([\d.]+),/.exec(head)?.[1]);
      const box = await chart.boundingBox();
      const dot = await chart.locator('circle').boundingBox();
      const at = ((dot?.x ?? 0) + (dot?.width ?? 0) / 2 - (box?.x ?? 0)) / (box?.width ?? 1);
      expect(at).toBeCloseTo(0.5 + (points / reach) * 0.48, 2);
    });

    it('reports a split that is off in red, first and in its panel', async () => {
      await pages.open('off');
      expect(await pages.page.locator('.note.bad').innerText()).toMatch(
        /^The split of checkout is off\./,
      );
      expect(await panelOf('checkout').locator('.verdict.bad').innerText()).toMatch(
        /^Split is off \(sample ratio mismatch, p = /,
      );
      expect(await panelOf('checkout').locator('circle.vbad').count()).toBe(2);
      await pages.page.getByRole('link', { name: 'See the figures' }).click();
      expect(await pages.page.locator('h2:target').innerText()).toBe('checkout');
    });

    it('draws the buckets of each audience in their order', async () => {
      await pages.open('right');
      const strip = panelOf('checkout').getByRole('img', { name: /buckets/ });
      expect(await strip.getAttribute('aria-label')).toBe('100 buckets: short 0–24, long 25–99');
      const [whole, first] = [
        await strip.boundingBox(),
        await strip.locator('rect').first().boundingBox(),
      ];
      expect((first?.width ?? 0) / (whole?.width ?? 1)).toBeCloseTo(0.25, 2);
    });

    it('opens the other tables without a script', async () => {
      await pages.open('right');
      const table = panelOf('Pairs').getByRole('table', { includeHidden: true }).nth(1);
      expect(await table.isVisible()).toBe(false);
      await pages.page.locator('summary').first().click();
      await table.waitFor({ state: 'visible' });
    });

    it('follows the reader’s dark mode', async () => {
      const background = () =>
        pages.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      await pages.open('right');
      expect(await background()).toBe('rgb(250, 249, 246)');
      await pages.open('right', { scheme: 'dark' });
      expect(await background()).toBe('rgb(18, 20, 22)');
    });
  },
);
