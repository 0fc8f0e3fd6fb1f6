import { TRY_PAGE } from '../../../src/dashboard/tools/try-page.ts';
import { INDEPENDENCE_PAGE } from '../../../src/dashboard/tools/independence-page.ts';
import { NAMESPACES_PAGE } from '../../../src/dashboard/tools/namespaces-page.ts';
import { axeViolations } from '../../e2e/axe.ts';
import { describePages, inAllViews, inFiles, overflowOf, unfold, WIDTHS } from '../../e2e/pages.ts';
import { renderPage } from '../fixtures/render.ts';
import { visitOf } from '../fixtures/visit.ts';
import { NAMESPACE, SAME_SEED } from './fixtures.ts';

const CONTEXT = JSON.stringify({ locale: 'en-US', user: { id: 7, plan: 'pro', email: 'a@b.c' } });

const LONG = 'a_name_without_any_place_to_break_it_'.repeat(4);

/** Renders each page in its states. */
async function pagesByName(): Promise<Record<string, string>> {
  const tried = (query: Record<string, string>) => renderPage(TRY_PAGE, visitOf({ query }));
  return {
    'try-empty': await tried({}),
    'try-one': await tried({ context: CONTEXT, experiment: 'checkout_steps' }),
    'try-all': await tried({ context: CONTEXT }),
    'try-problem': await tried({ context: `{"${LONG}": ` }),
    'try-unknown': await tried({ context: '{}', experiment: LONG }),
    independence: await renderPage(
      INDEPENDENCE_PAGE,
      visitOf({ specification: SAME_SEED, query: { test: '1' } }),
    ),
    'independence-none': await renderPage(INDEPENDENCE_PAGE, visitOf({ specification: [] })),
    namespaces: await renderPage(
      NAMESPACES_PAGE,
      visitOf({ specification: NAMESPACE, query: { map: 'checkout' } }),
    ),
    'namespaces-none': await renderPage(NAMESPACES_PAGE, visitOf({})),
  };
}

/** The pages with everything on them, and their other states. */
const FULL = ['try-one', 'try-all', 'independence', 'namespaces'];
const OTHERS = ['try-empty', 'try-problem', 'try-unknown', 'independence-none', 'namespaces-none'];

describePages(
  'the pages that answer questions',
  () => inFiles(pagesByName),
  (pages) => {
    it.each([...FULL, ...OTHERS].flatMap((name) => WIDTHS.map((width) => [name, width] as const)))(
      'shows all texts inside the window: %s at %i px',
      async (name, width) => {
        await pages.open(name, { width });
        await unfold(pages.page);
        expect(await overflowOf(pages.page)).toEqual({ page: width, outside: [] });
      },
    );

    it.each([...inAllViews(FULL), ...OTHERS.map((name) => [name, 375, 'light'] as const)])(
      'has no violation of accessibility rules: %s at %i px, %s',
      async (name, width, scheme) => {
        await pages.open(name, { width, scheme });
        await unfold(pages.page);
        expect(await axeViolations(pages.page)).toEqual([]);
      },
    );

    it('shows the path to a decision in its order', async () => {
      await pages.open('try-one');
      const steps = await pages.page.locator('.path > li').allInnerTexts();
      expect(steps[0]).toContain("locale == 'en-US'");
      expect(steps.at(-1)).toMatch(/bucket \d+, which/);
    });
  },
);
