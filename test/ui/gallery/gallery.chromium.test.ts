import type { RequestListener } from 'node:http';
import { pageSheet } from '../../../src/ui/style/sheets.ts';
import { axeViolations } from '../../e2e/axe.ts';
import { describePages, inAllViews, onServer, overflowOf, WIDTHS } from '../../e2e/pages.ts';
import { gallery } from './gallery.ts';

/** The strictest policy of an application under which pages must work. */
const POLICY = "default-src 'none'; style-src 'self'";

/** The width of the ring around the focused element. */
const FOCUS_RING = `(({ outlineStyle, outlineWidth }) => (outlineStyle === 'none' ? '0px' : outlineWidth))(
  getComputedStyle(document.activeElement),
)`;

const serve: RequestListener = (request, response) => {
  const isSheet = request.url === '/style.css';
  response.writeHead(200, {
    'content-type': isSheet ? 'text/css' : 'text/html',
    'content-security-policy': POLICY,
  });
  response.end(isSheet ? pageSheet() : gallery());
};

describePages(
  'a page with all blocks',
  () => onServer(serve),
  (pages) => {
    const chart = (id: string) => pages.page.locator(`#${id} .strip`);

    it('works under a policy that forbids scripts and inline styles', async () => {
      await pages.open('gallery');
      expect(await pages.page.locator('script, style, [style], [onclick]').count()).toBe(0);
      expect(await pages.page.title()).toBe('Gallery');
      const background = 'getComputedStyle(document.body).backgroundColor';
      expect(await pages.page.evaluate(background)).toBe('rgb(250, 249, 246)');
      expect(pages.complaints).toEqual([]);
    });

    it.each(WIDTHS)('shows all texts inside a window of %i px', async (width) => {
      await pages.open('gallery', { width });
      expect(await overflowOf(pages.page)).toEqual({ page: width, outside: [] });
    });

    it.each(inAllViews(['gallery']))(
      'has no violation of accessibility rules: %s at %i px, %s',
      async (name, width, scheme) => {
        await pages.open(name, { width, scheme });
        expect(await axeViolations(pages.page)).toEqual([]);
      },
    );

    it('shows hostile names as text', async () => {
      await pages.open('gallery');
      expect(
        await pages.page.getByText(`<b style=color:red>\ufffdname\ufffd`).count(),
      ).toBeGreaterThan(5);
      expect(await pages.page.locator('b[style]').count()).toBe(0);
    });

    it('draws cells and pin where their buckets are, at each width', async () => {
      for (const width of WIDTHS) {
        await pages.open('gallery', { width });
        const whole = await chart('pinned').boundingBox();
        const cells = await chart('pinned').locator('rect').all();
        const boxes = await Promise.all(cells.map((cell) => cell.boundingBox()));
        const shares = boxes.map((box) => (box?.width ?? 0) / (whole?.width ?? 1));
        expect(shares.map((share) => Math.round(share * 100))).toEqual([25, 25, 50]);
        const pin = await chart('pinned').locator('.pin').boundingBox();
        const middle = (pin?.x ?? 0) + (pin?.width ?? 0) / 2 - (whole?.x ?? 0);
        expect(middle / (whole?.width ?? 1)).toBeCloseTo(0.315, 2);
      }
    });

    it('keeps only every tenth gap of narrow strips', async () => {
      const isShown = () => chart('pinned').locator('path.gap').first().isVisible();
      await pages.open('gallery');
      expect(await isShown()).toBe(true);
      await pages.open('gallery', { width: 375 });
      expect(await isShown()).toBe(false);
      expect(await chart('pinned').locator('path.gap').last().isVisible()).toBe(true);
    });

    it('marks people who join in ink, and people who see something else in red', async () => {
      await pages.open('gallery');
      const strokes = (id: string) =>
        pages.page.evaluate<string[]>(
          `[...document.querySelectorAll('#${id} .moved')].map((line) => getComputedStyle(line).stroke)`,
        );
      expect(await strokes('joining')).toEqual(['rgb(22, 25, 28)']);
      expect(await strokes('switching')).toEqual(['rgb(180, 35, 24)']);
    });

    it.each(WIDTHS)(
      'writes bucket numbers that do not touch each other at %i px',
      async (width) => {
        await pages.open('gallery', { width });
        for (const id of ['pinned', 'fine', 'many']) {
          const texts = await chart(id).locator('> text').all();
          const boxes = await Promise.all(texts.map((text) => text.boundingBox()));
          const shown = boxes.filter((box) => box !== null).sort((a, b) => a.x - b.x);
          expect(shown.length).toBeGreaterThan(1);
          const gaps = shown
            .slice(1)
            .map(({ x }, i) => x - (shown[i]?.x ?? 0) - (shown[i]?.width ?? 0));
          expect(Math.min(...gaps)).toBeGreaterThan(2);
        }
      },
    );

    it('has touch areas of at least 40 px on phones', async () => {
      await pages.open('gallery', { width: 375 });
      const heights = await pages.page.evaluate<number[]>(
        `[...document.querySelectorAll('.button, .input')].map((one) => one.getBoundingClientRect().height)`,
      );
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(40);
    });

    it('shows the focus of every control', async () => {
      await pages.open('gallery');
      for (const selector of ['.button', '.chip', '.input', '.switch', 'summary']) {
        await pages.page.locator(selector).first().focus();
        await pages.page.keyboard.press('Shift');
        const width = await pages.page.evaluate<string>(FOCUS_RING);
        expect([selector, width]).toEqual([selector, '2px']);
      }
    });
  },
);
