import express from 'express';
import type { Page } from 'playwright-core';
import type {
  FormDefinition,
  PageDefinition,
} from '../../../src/dashboard/frame/page-definition.ts';
import { DASHBOARD_SCRIPT } from '../../../src/dashboard/routes/script.generated.ts';
import { wholeSheet } from '../../../src/dashboard/whole-sheet.ts';
import { html } from '../../../src/ui/html.ts';
import { fieldOf } from '../../../src/web/form-body.ts';
import { Lines } from '../../express/harness.ts';
import { axeViolations } from '../../e2e/axe.ts';
import { describePages, inAllViews, onServer, overflowOf } from '../../e2e/pages.ts';
import { routes } from '../routes/site.ts';

let loads = 0;

const page: PageDefinition = {
  path: '',
  tab: 'experiments',
  data: ({ query }) => ({ q: query.get('q') ?? '', to: query.get('to') ?? '' }),
  render: (data) => {
    const { q, to } = data as { readonly q: string; readonly to: string };
    loads++;
    return {
      title: 'Experiments',
      lead: 'All that your application has.',
      body: html`<p id="list">found ${q}</p>
        <form action="./" data-live="preview">
          <label>Percent <input name="to" id="to" type="number" value="${to}" /></label>
        </form>
        <p id="preview">ramp to ${to}</p>
        <form method="post" action="./check" data-live="problem" data-live-post="./check">
          <label>JSON <textarea name="json"></textarea></label>
          <button>Save</button>
        </form>
        <p id="problem">no problem</p>
        <p id="figures" data-refresh>loaded ${loads} times</p>
        <p id="code">npx evenhand types</p>
        <button data-copy="code">Copy</button>`,
    };
  },
};

const form: FormDefinition = {
  path: 'check',
  tab: 'experiments',
  right: 'edit',
  submit: async (_visit, fields) => ({
    kind: 'again',
    status: 422,
    problems: [],
    page: { title: 'Check', body: html`<p id="problem">bad: ${fieldOf(fields, 'json') ?? ''}</p>` },
  }),
};

const app = express();
app.use((_req, res, next) => {
  res.setHeader('Content-Security-Policy', "default-src 'self'");
  next();
});
const parts = { pages: [page], forms: [form], stylesheet: wholeSheet(), script: DASHBOARD_SCRIPT };
app.use('/experiments', routes(new Lines(), parts));

/** Waits until an element has a text, and returns whether it is the only one. */
const waitFor = async (opened: Page, id: string, text: string): Promise<boolean> => {
  const found = opened.locator(`#${id}`, { hasText: text });
  await found.waitFor();
  return (await found.count()) === 1;
};

describePages(
  'a page of the dashboard',
  () => onServer(app),
  (pages) => {
    const open = () => pages.open('experiments/');

    it('filters a list while someone types, and keeps it in the address', async () => {
      await open();
      await pages.page.keyboard.press('/');
      await pages.page.keyboard.type('a/b <i>');
      expect(await waitFor(pages.page, 'list', 'found a/b <i>')).toBe(true);
      expect(new URL(pages.page.url()).searchParams.get('q')).toBe('a/b <i>');
      expect(await pages.page.locator('#list i').count()).toBe(0);
      expect(await pages.page.evaluate('document.activeElement.name')).toBe('q');
    });

    it('updates a preview while someone types', async () => {
      await open();
      await pages.page.locator('#to').fill('40');
      expect(await waitFor(pages.page, 'preview', 'ramp to 40')).toBe(true);
    });

    it('checks a text with POST while someone types', async () => {
      await open();
      await pages.page.locator('textarea').fill('{"a": <b>');
      expect(await waitFor(pages.page, 'problem', 'bad: {"a": <b>')).toBe(true);
      expect(new URL(pages.page.url()).search).toBe('');
    });

    it('refreshes figures while the page is visible', async () => {
      await open();
      const before = await pages.page.locator('#figures').textContent();
      await pages.page.locator('#figures', { hasNotText: before ?? '' }).waitFor();
      expect(await pages.page.locator('#figures').textContent()).not.toBe(before);
    });

    it('copies a text and says so', async () => {
      await open();
      await pages.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await pages.page.getByRole('button', { name: 'Copy' }).click();
      await pages.page.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await pages.page.evaluate('navigator.clipboard.readText()')).toBe(
        'npx evenhand types',
      );
    });

    it('violates no policy, and loads nothing from elsewhere', () => {
      const unexpected = pages.complaints.filter((one) => !/status of 422/.test(one));
      expect(unexpected).toEqual([]);
    });

    it.each(inAllViews(['experiments/', 'experiments/nothing']))(
      'can be used by everyone: %s at %i px, %s',
      async (name, width, scheme) => {
        await pages.open(name, { width, scheme });
        expect(await axeViolations(pages.page)).toEqual([]);
        expect(await overflowOf(pages.page)).toEqual({ page: width, outside: [] });
      },
    );
  },
);
