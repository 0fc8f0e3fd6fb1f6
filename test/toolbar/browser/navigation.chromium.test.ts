import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { renderLaterRequest } from '../../../src/toolbar/panel/panel.ts';
import { describeInChromium } from '../../e2e/chromium.ts';
import { ROOT } from '../../processes/repository.ts';
import { type PageServer, servePages } from '../page-server.ts';
import { SCRIPTED, shopPage, STRICT, WITH_SCRIPT } from '../panel/shop-page.ts';
import { decided, SETUP, SHOP, viewedDecision } from '../panel/shop-view.ts';

const resolve = createRequire(join(ROOT, 'package.json')).resolve;

const LIBRARIES = {
  '/htmx.js': readFileSync(resolve('htmx.org/dist/htmx.min.js'), 'utf8'),
  '/turbo.js': readFileSync(
    join(resolve('@hotwired/turbo/package.json'), '../dist/turbo.es2017-umd.js'),
    'utf8',
  ),
  '/own.js': `
    addEventListener('click', ({ target }) => {
      if (target.dataset?.fetch) fetch(target.dataset.fetch);
    });
    const xhr = new XMLHttpRequest();
    xhr.open('GET', '/early');
    xhr.send();`,
};

/** The policy of pages whose library adds style sheets of its own and turns texts into HTML. */
const LIBRARY_POLICY = `${STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")}; script-src 'self'; connect-src 'self'`;

/** The view of another page, whose first experiment differs. */
const OTHER = {
  ...SHOP,
  page: { ...SHOP.page, path: '/other' },
  used: [viewedDecision('other_page', ['a', 'b'])],
};

describeInChromium('the toolbar, when scripts load parts of the page,', (openChromium) => {
  let server: PageServer;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;

  /** Errors and violations of the policy. */
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await servePages();
    for (const [path, body] of Object.entries(LIBRARIES)) {
      server.pages.set(path, { body, headers: { 'Content-Type': 'text/javascript' } });
    }
    browser = await openChromium();
  });

  beforeEach(async () => {
    page = await browser.context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  });

  afterEach(async () => {
    await page.close();
    const [complaint] = [...complaints.splice(0), ...server.reports.splice(0)];
    if (complaint !== undefined) throw new Error(`Chromium complained: ${complaint}`);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = (path: string) => page.goto(`${server.url}${path}`, { waitUntil: 'networkidle' });
  const pill = () => page.locator('evenhand-toolbar .root > summary');
  const panel = () => page.locator('evenhand-toolbar .panel');
  const requests = () => page.locator('evenhand-toolbar .later');

  /** Serves a response of a script, with the id of its view, and the view. */
  function serveRequest(path: string, id: string, body = 'fine'): void {
    server.pages.set(path, {
      body,
      headers: { 'Server-Timing': `db;dur=5, evenhand;desc="${id}"` },
    });
    const used = [decided(`of_${id}`, ['on', 'off'], 'off')];
    const view = { ...SHOP, page: { ...SHOP.page, path }, used };
    const setup = { ...SETUP, overrideAction: 'override' };
    server.pages.set(`/__evenhand/panel?id=${id}`, { body: renderLaterRequest(view, setup) });
  }

  describe('with fetch and XMLHttpRequest', () => {
    const body =
      '<button data-fetch="/later">Fetch</button> <button data-fetch="/lost">Lose</button>';
    const head = '<script src="/own.js" defer></script>';

    beforeEach(async () => {
      serveRequest('/early', 'early-1');
      serveRequest('/later', 'later-1');
      server.pages.set('/', shopPage(SHOP, WITH_SCRIPT, { head, body, policy: SCRIPTED }));
      await open('/');
    });

    it('lists later requests with their decisions, under a policy with Trusted Types', async () => {
      await requests().first().waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'Fetch' }).click();
      await requests().nth(1).waitFor({ state: 'attached' });
      expect(await pill().innerText()).toContain('+2');
      await pill().click();
      expect(await panel().innerText()).toContain('Later requests');
      expect(await requests().first().locator('> summary').innerText()).toMatch(
        /GET \/early\s+1 decision/,
      );
      await requests().nth(1).locator('> summary').click();
      const row = page.locator('evenhand-toolbar [data-row="of_later-1"]');
      await row.locator('summary').click();
      server.posts.length = 0;
      await Promise.all([
        page.waitForEvent('load'),
        row.getByRole('button', { name: 'on' }).click(),
      ]);
      expect(server.posts).toEqual([
        {
          path: '/__evenhand/override',
          fields: { back: '/', open: 'of_later-1', set: 'of_later-1:on' },
        },
      ]);
    });

    it('says of a request that another process answered that it is not known', async () => {
      server.pages.set('/lost', { body: '', headers: { 'Server-Timing': 'evenhand;desc="lost"' } });
      const body = renderLaterRequest(undefined, SETUP);
      server.pages.set('/__evenhand/panel?id=lost', { body });
      await pill().click();
      await page.getByRole('button', { name: 'Lose' }).click();
      const entry = requests().filter({ hasText: '/lost' });
      await entry.waitFor();
      expect(await entry.innerText()).toContain('another process');
    });

    it('shows the latest request of a path, and loads it seldom', async () => {
      let loads = 0;
      for (const id of ['later-1', 'later-2', 'later-3']) {
        const setup = { ...SETUP, overrideAction: 'override' };
        const view = { ...SHOP, used: [viewedDecision(id.replace('-', '_'), ['on', 'off'])] };
        server.pages.set(`/__evenhand/panel?id=${id}`, () => {
          loads += 1;
          return { body: renderLaterRequest(view, setup) };
        });
      }
      let served = 0;
      server.pages.set('/later', () => {
        served += 1;
        return { body: '', headers: { 'Server-Timing': `evenhand;desc="later-${served}"` } };
      });
      const button = page.getByRole('button', { name: 'Fetch' });
      await button.click();
      const row = (name: string) => page.locator(`evenhand-toolbar [data-row="${name}"]`);
      await row('later_1').waitFor({ state: 'attached' });
      await button.click();
      await button.click();
      await row('later_3').waitFor({ state: 'attached' });
      expect(await row('later_1').count()).toBe(0);
      expect(loads).toBe(2);
    });
  });

  describe('with Turbo', () => {
    const head = '<script src="/turbo.js"></script>';
    const body = `<a href="/other">Other</a>
      <turbo-frame id="part"><a href="/frame">Load the frame</a></turbo-frame>`;
    const options = { head, body, policy: LIBRARY_POLICY };

    beforeEach(async () => {
      server.pages.set('/', shopPage(SHOP, WITH_SCRIPT, options));
      server.pages.set('/other', shopPage(OTHER, WITH_SCRIPT, options));
      await open('/');
    });

    it('shows each page, and what it showed when the page comes back', async () => {
      await page.evaluate('window.same = true');
      await page.getByText('Other', { exact: true }).click();
      await page.waitForURL('**/other');
      await pill()
        .filter({ hasText: /: 1 decision/ })
        .waitFor();
      await pill().click();
      expect(await panel().innerText()).toContain('other_page');
      await page.goBack();
      await page.getByText('experiment_1').first().waitFor();
      expect(await pill().count()).toBe(1);
      expect(await panel().isVisible()).toBe(true);
      await page.keyboard.press('Alt+Shift+E');
      expect(await pill().innerText()).toContain('8 decisions');
      expect(await page.evaluate('window.same')).toBe(true);
    });

    it('lists the requests of frames', async () => {
      serveRequest('/frame', 'frame-1', '<turbo-frame id="part">Loaded</turbo-frame>');
      await page.getByText('Load the frame').click();
      await page.getByText('Loaded').waitFor();
      await requests().first().waitFor({ state: 'attached' });
      expect(await requests().first().getAttribute('data-path')).toBe('/frame');
    });

    it('does not list a page that it shows as a later request', async () => {
      serveRequest('/elsewhere', 'whole-1');
      const { body, headers } = shopPage(OTHER, WITH_SCRIPT, options);
      const told = { ...headers, 'Server-Timing': 'evenhand;desc="whole-1"' };
      server.pages.set('/other', { body, headers: told });
      serveRequest('/frame', 'frame-2', '<turbo-frame id="part">Loaded</turbo-frame>');
      await page.getByText('Other', { exact: true }).click();
      await page.waitForURL('**/other');
      await page.getByText('Load the frame').click();
      await requests().first().waitFor({ state: 'attached' });
      expect(await requests().first().getAttribute('data-path')).toBe('/frame');
      expect(await requests().count()).toBe(1);
    });

    it('takes the content of a page that is morphed into the present one', async () => {
      const morph = `${head}<meta name="turbo-refresh-method" content="morph">`;
      server.pages.set('/', shopPage(SHOP, WITH_SCRIPT, { ...options, head: morph }));
      await open('/');
      server.pages.set('/', shopPage(OTHER, WITH_SCRIPT, { ...options, head: morph }));
      await page.evaluate(`Turbo.visit(location.href, { action: 'replace' })`);
      await pill()
        .filter({ hasText: /: 1 decision/ })
        .waitFor();
      expect(await pill().count()).toBe(1);
    });
  });

  describe('with htmx', () => {
    const head =
      '<meta name="htmx-config" content=\'{"includeIndicatorStyles":false}\'><script src="/htmx.js"></script>';
    const body = `<div hx-boost="true"><a href="/other">Other</a></div>
      <button hx-get="/fragment" hx-target="#part">Load</button><div id="part"></div>`;
    const options = { head, body, policy: LIBRARY_POLICY };

    beforeEach(async () => {
      server.pages.set('/', shopPage(SHOP, WITH_SCRIPT, options));
      server.pages.set('/other', shopPage(OTHER, WITH_SCRIPT, options));
      await open('/');
    });

    it('shows each boosted page, and what it showed when the page comes back', async () => {
      await page.evaluate('window.same = true');
      await page.getByText('Other', { exact: true }).click();
      await page.waitForURL('**/other');
      await pill()
        .filter({ hasText: /: 1 decision/ })
        .waitFor();
      await page.goBack();
      await page.getByText('8 decisions').waitFor();
      expect(await pill().count()).toBe(1);
      await pill().click();
      expect(await panel().innerText()).toContain('experiment_1');
      expect(await page.evaluate('window.same')).toBe(true);
    });

    it('keeps its toolbar if a part is loaded as a whole page, and lists the request', async () => {
      serveRequest('/whole', 'whole-2');
      const { body: whole } = shopPage(OTHER, WITH_SCRIPT, options);
      server.pages.set('/whole', {
        body: whole,
        headers: { 'Server-Timing': 'evenhand;desc="whole-2"' },
      });
      await page.evaluate(`htmx.ajax('GET', '/whole', '#part')`);
      await requests().first().waitFor({ state: 'attached' });
      expect(await page.locator('evenhand-toolbar').count()).toBe(1);
      expect(await pill().innerText()).toContain('8 decisions');
    });

    it('lists the requests for fragments', async () => {
      serveRequest('/fragment', 'fragment-1', '<p>Loaded</p>');
      await page.getByRole('button', { name: 'Load' }).click();
      await page.getByText('Loaded').waitFor();
      await requests().first().waitFor({ state: 'attached' });
      expect(await requests().first().getAttribute('data-path')).toBe('/fragment');
      await pill().click();
      expect(await panel().innerText()).toContain('GET /fragment');
    });
  });
});
