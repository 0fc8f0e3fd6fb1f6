import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { dashboard } from '../../src/dashboard/dashboard.ts';
import { fileStore } from '../../src/dashboard/store/file-store.ts';
import { evenhand } from '../../src/index.ts';
import { axeViolations } from '../e2e/axe.ts';
import { describePages, inAllViews, onServer, overflowOf, WIDTHS } from '../e2e/pages.ts';
import { SHOP } from './fixtures/shop-specification.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-dashboard-'));
const path = join(folder, 'experiments.json');
writeFileSync(path, JSON.stringify(SHOP, null, 2));

/** A shop whose team has the dashboard under `/experiments`. */
function shop() {
  const experiments = evenhand({ source: path, logger: false });
  const app = express();
  app.use(experiments);
  const options = { store: fileStore(path), author: () => 'ada', name: 'shop' };
  app.use('/experiments', dashboard(experiments, options));
  return app;
}

const stored = (): { experiments: unknown[] } =>
  JSON.parse(readFileSync(path, 'utf8')) as { experiments: unknown[] };

const RAMP = 'experiments/experiments/checkout_steps/ramp?audience=1&variant=one_page&to=40';

const PAGES = [
  'experiments/',
  'experiments/?state=stale',
  'experiments/?q=nothing-like-this',
  'experiments/switches',
  'experiments/experiments/checkout_steps',
  'experiments/experiments/price_badge',
  'experiments/experiments/free_shipping/switch',
  'experiments/experiments/checkout_steps/ramp',
  RAMP,
  'experiments/experiments/search_ranking/ramp?variant=margin&to=65',
];

describePages(
  'the dashboard',
  () => onServer(shop()),
  (pages) => {
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const withoutScript = async (run: () => Promise<void>): Promise<void> => {
      const session = await pages.page.context().newCDPSession(pages.page);
      await session.send('Emulation.setScriptExecutionDisabled', { value: true });
      await run();
      await session.send('Emulation.setScriptExecutionDisabled', { value: false });
    };

    it.each(PAGES.flatMap((name) => WIDTHS.map((width) => [name, width] as const)))(
      'shows all texts inside the window: %s at %i px',
      async (name, width) => {
        await pages.open(name, { width });
        expect(await overflowOf(pages.page)).toEqual({ page: width, outside: [] });
        expect(pages.complaints).toEqual([]);
      },
    );

    it.each(inAllViews(PAGES))(
      'has no violation of accessibility rules: %s at %i px, %s',
      async (name, width, scheme) => {
        await pages.open(name, { width, scheme });
        expect(await axeViolations(pages.page)).toEqual([]);
      },
    );

    it('filters while someone types', async () => {
      await pages.open('experiments/');
      await pages.page.locator('.filters input[type="search"]').fill('badge');
      await pages.page.getByText('1–1 of 1').waitFor();
      expect(await pages.page.locator('.list .name').allInnerTexts()).toEqual(['price_badge']);
    });

    it('previews a ramp while someone types', async () => {
      await pages.open('experiments/experiments/checkout_steps/ramp');
      await pages.page.getByLabel('Percent').fill('30');
      const sentence = pages.page.getByText('No one sees a different variant.');
      await sentence.waitFor();
      expect(await sentence.isVisible()).toBe(true);
    });

    it('flips a switch with its knob, without a script', async () => {
      await withoutScript(async () => {
        await pages.open('experiments/switches', { width: 375 });
        await pages.page.getByRole('switch', { name: 'free_shipping' }).click();
        await pages.page.getByText('free_shipping is off.').waitFor();
      });
      const knob = pages.page.getByRole('switch', { name: 'free_shipping' });
      expect(await knob.getAttribute('aria-checked')).toBe('false');
      expect(stored().experiments).toContain('free_shipping:off');
    });

    it('ramps a variant without a script, by keyboard alone', async () => {
      await withoutScript(async () => {
        await pages.open(RAMP);
        await pages.page.getByLabel('Reason').focus();
        await pages.page.keyboard.type('ticket 501');
        await pages.page.keyboard.press('Enter');
        await pages.page.getByText('one_page is at 40%.').waitFor();
      });
      expect(await pages.page.getByText('ticket 501').isVisible()).toBe(true);
      expect(JSON.stringify(stored())).toContain('{"variant":"one_page","percent":40}');
    });

    it('asks for a tick before people see a different variant', async () => {
      await pages.open('experiments/experiments/search_ranking/ramp?variant=margin&to=65');
      await pages.page.getByRole('button', { name: 'Ramp to 65%' }).click();
      await pages.page.getByText('Some users would see a different variant.').waitFor();
      await pages.page.getByLabel('Change what they see anyway').check();
      await pages.page.getByRole('button', { name: 'Ramp to 65%' }).click();
      await pages.page.getByText('margin is at 65%.').waitFor();
      expect(JSON.stringify(stored())).toContain('{"variant":"margin","percent":65}');
    });

    it('shows the change of somebody else, and applies one’s own to it', async () => {
      await pages.open('experiments/experiments/gift_cards/switch?to=on');
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace('"gift_cards:off"', '"gift_cards:on"'));
      await pages.page.getByRole('button', { name: 'Turn gift_cards on' }).click();
      await pages.page.getByText('changed this first').waitFor();
      expect(readFileSync(path, 'utf8')).toContain('"gift_cards:on"');
    });
  },
);
