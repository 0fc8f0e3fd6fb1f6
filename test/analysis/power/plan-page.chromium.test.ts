import { planExperiment } from '../../../src/analysis/power/plan-experiment.ts';
import { planPage } from '../../../src/analysis/power/page/plan-page.ts';
import { describePages, inFiles, testSinglePages } from '../../e2e/pages.ts';
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

/** Returns the page of each plan. */
function planPages(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PLANS).map(([name, plan]) => {
      const named = { ...plan, metric: { ...plan.metric, name: HOSTILE.slice(0, 60) } };
      return [name, planPage(name === 'impossible' ? named : plan, { origin: HOSTILE })];
    }),
  );
}

describePages(
  'the page of a plan',
  () => inFiles(planPages),
  (pages) => {
    testSinglePages(pages, NAMES);

    it.each(NAMES)('shows hostile names as text: %s', async (name) => {
      await pages.open(name);
      expect(await pages.page.title()).toMatch(/^Plan of (checkout|prices)$/);
    });

    it('draws the power from the error rate to almost 1, with the target marked', async () => {
      await pages.open('lift');
      const chart = pages.page.getByRole('img', { name: /^Power against the lift: 80% at 5%, / });
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
      await pages.open('impossible');
      expect(await pages.page.getByRole('img', { name: /^Power/ }).count()).toBe(0);
      expect(await pages.page.getByText('No number of units detects a lift').count()).toBe(1);
    });
  },
);
