import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations } from '../../e2e/axe.ts';
import { describeInChromium } from '../../e2e/chromium.ts';
import { type PageServer, servePages } from '../page-server.ts';
import { SCRIPTED, shopPage, WITH_SCRIPT } from '../panel/shop-page.ts';
import { FORCED, SHOP } from '../panel/shop-view.ts';

const SHARED = {
  link: 'http://shop.example/?__ehov=abc.def',
  until: '2026-12-02T14:00:00.000Z',
  forces: 1,
};

/** A page's own script, which the policy of the pages allows. */
const OWN_SCRIPT = `
  addEventListener('click', (event) => {
    const { target } = event;
    if (target.dataset?.modal) document.getElementById(target.dataset.modal).showModal();
    if (target.dataset?.close) document.getElementById(target.dataset.close).close();
    if (target.dataset?.drop) document.getElementById(target.dataset.drop).remove();
    if (target.id === 'cover') {
      const over = document.createElement('div');
      over.className = 'over';
      document.body.append(over);
    }
    document.documentElement.dataset.clicks = Number(document.documentElement.dataset.clicks ?? 0) + 1;
  });`;

const OWN_STYLE = `.over { position: fixed; inset: 0; z-index: 2147483647; background: #fff; }
  dialog::backdrop { background: #0009; } [popover] { inset: auto 0 0 auto; width: 500px; height: 300px; }`;

const BODY = `<label>Query <input></label> <button id="cover">Cover</button> <button data-modal="modal">Modal</button>
  <button popovertarget="menu">Menu</button><div popover="manual" id="menu">A menu</div>
  <dialog id="modal"><p>A dialog</p><button data-modal="second">Second</button>
    <button data-drop="modal">Drop</button></dialog>
  <dialog id="second"><button data-close="second">Close second</button></dialog>`;

describeInChromium('the script of the toolbar', (openChromium) => {
  let server: PageServer;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;

  /** Errors and violations of the policy. */
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await servePages();
    const files = {
      '/own.js': ['text/javascript', OWN_SCRIPT],
      '/own.css': ['text/css', OWN_STYLE],
    };
    for (const [path, [type = '', body = '']] of Object.entries(files)) {
      server.pages.set(path, { body, headers: { 'Content-Type': type } });
    }
    const more = {
      head: '<link rel="stylesheet" href="/own.css"><script src="/own.js" defer></script>',
      body: BODY,
      policy: SCRIPTED,
    };
    server.pages.set('/', shopPage(SHOP, WITH_SCRIPT, more));
    server.pages.set('/other', shopPage(SHOP, WITH_SCRIPT, more));
    server.pages.set(
      '/share',
      shopPage(FORCED, { ...WITH_SCRIPT, open: '*', shared: SHARED }, more),
    );
    browser = await openChromium();
  });

  beforeEach(async () => {
    // Each tab has its own storage.
    page = await browser.context.newPage();
    await page.setViewportSize({ width: 1280, height: 860 });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await open('/');
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
  const row = (name: string) => page.locator(`evenhand-toolbar [data-row="${name}"]`);
  const focused = () =>
    page.evaluate<string>(
      `(document.activeElement.shadowRoot?.activeElement ?? document.activeElement).textContent.trim()`,
    );

  it('has no violations of axe with its own controls', async () => {
    await open('/share');
    await row(':context').locator('summary').click();
    await page.getByRole('button', { name: 'Hide' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    // axe adds a style sheet, which the policy blocks.
    complaints.length = 0;
    server.reports.length = 0;
  });

  it('puts the toolbar above an overlay that came later', async () => {
    await page.getByRole('button', { name: 'Cover' }).click();
    await pill().click();
    expect(await panel().isVisible()).toBe(true);
    await row('experiment_1').locator('summary').click();
    await row('experiment_1').getByRole('button', { name: 'treatment' }).click({ trial: true });
  });

  it('puts the toolbar above a popover of the page', async () => {
    await page.getByRole('button', { name: 'Menu' }).click();
    await pill().click();
    expect(await panel().isVisible()).toBe(true);
  });

  it('keeps the toolbar usable while modal dialogs are open', async () => {
    await page.getByRole('button', { name: 'Modal' }).click();
    await pill().click();
    await row('experiment_1').locator('summary').click();
    await row('experiment_1').getByRole('button', { name: 'treatment' }).click({ trial: true });
    await page.getByRole('button', { name: 'Second' }).click();
    await row('product_layout').locator('summary').click();
    await page.getByRole('button', { name: 'Close second' }).click();
    await row('product_layout').locator('summary').click();
    // The dialog leaves the page with the toolbar inside.
    await page.getByRole('button', { name: 'Drop' }).click();
    await row('product_layout').locator('summary').click();
    expect(await page.locator('body > evenhand-toolbar').count()).toBe(1);
  });

  it('closes the panel, and not the modal dialog, with Escape', async () => {
    await page.getByRole('button', { name: 'Modal' }).click();
    await pill().click();
    await page.keyboard.press('Escape');
    expect(await panel().isVisible()).toBe(false);
    expect(await page.getByText('A dialog').isVisible()).toBe(true);
    await page.getByText('A dialog').click();
    await page.keyboard.press('Escape');
    await page.getByText('A dialog').waitFor({ state: 'hidden' });
    expect(await page.locator('body > evenhand-toolbar').count()).toBe(1);
  });

  it.each([
    [
      'has no storage',
      `Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('no'); } })`,
    ],
    [
      'has no popovers',
      `delete HTMLElement.prototype.showPopover; delete HTMLElement.prototype.popover`,
    ],
    ['has no performance entries', `delete window.PerformanceObserver`],
    ['has no custom elements', `customElements.define = () => { throw new Error('no'); }`],
    [
      'has a broken shadow root',
      `Element.prototype.attachShadow = () => { throw new Error('no'); }`,
    ],
  ])('throws nothing into a page that %s', async (_, code) => {
    await page.addInitScript(code);
    await open('/other');
    await pill().click();
    expect(await panel().isVisible()).toBe(true);
    await page.evaluate(`document.body.append(document.createElement('evenhand-toolbar'))`);
  });

  it('loads nothing in a page whose policy lets scripts load nothing', async () => {
    const policy = SCRIPTED.replace("connect-src 'self'; ", '');
    const headers = { 'Content-Type': 'text/css', 'Server-Timing': 'evenhand;desc="a-sheet"' };
    server.pages.set('/told.css', { body: '', headers });
    const head = '<link rel="stylesheet" href="/told.css">';
    server.pages.set('/quiet', shopPage(SHOP, WITH_SCRIPT, { head, policy }));
    await open('/quiet');
    await page.locator('evenhand-toolbar .tool.live').waitFor();
    expect(await page.locator('evenhand-toolbar .later').count()).toBe(0);
  });

  it('opens and closes with Alt+Shift+E, and closes with Escape inside', async () => {
    await page.keyboard.press('Alt+Shift+E');
    expect(await panel().isVisible()).toBe(true);
    expect(await focused()).toContain('8 decisions');
    await page.keyboard.press('Tab');
    expect(await focused()).toContain('experiment_1');
    await page.keyboard.press('Escape');
    expect(await panel().isVisible()).toBe(false);
    expect(await focused()).toContain('8 decisions');
    await page.keyboard.press('Alt+Shift+E');
    await page.keyboard.press('Alt+Shift+E');
    expect(await panel().isVisible()).toBe(false);
  });

  it('leaves Alt+Shift+E in fields of the page to the page', async () => {
    await page.getByLabel('Query').focus();
    await page.keyboard.press('Alt+Shift+E');
    expect(await panel().isVisible()).toBe(false);
  });

  it('keeps the page from reacting to clicks in the toolbar', async () => {
    await pill().click();
    await row('experiment_1').locator('summary').click();
    expect(await page.evaluate('document.documentElement.dataset.clicks')).toBeUndefined();
  });

  it('keeps open rows, and the scroll position, on the next page', async () => {
    await pill().click();
    await row('experiment_1').locator('summary').click();
    await row('loyalty_note').locator('summary').click();
    const scroll = `document.querySelector('evenhand-toolbar').shadowRoot.querySelector('.scroll').scrollTop`;
    await page.evaluate(`${scroll} = 150`);
    await open('/other');
    expect(await row('experiment_1').getAttribute('open')).toBe('');
    expect(await row('loyalty_note').getAttribute('open')).toBe('');
    expect(await row('product_layout').getAttribute('open')).toBeNull();
    expect(await page.evaluate(scroll)).toBe(150);
  });

  it('hides the toolbar in the tab until Alt+Shift+E', async () => {
    await pill().click();
    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await pill().isVisible()).toBe(false);
    await open('/other');
    expect(await pill().isVisible()).toBe(false);
    await page.keyboard.press('Alt+Shift+E');
    expect(await panel().isVisible()).toBe(true);
    await open('/');
    expect(await pill().isVisible()).toBe(true);
  });

  it('copies the share link and the context', async () => {
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open('/share');
    await page.locator('evenhand-toolbar [data-copy="link"]').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(SHARED.link);
    await row(':context').locator('summary').click();
    await page.locator('evenhand-toolbar [data-copy="context"]').click();
    await page.getByRole('button', { name: 'Copied' }).nth(1).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(SHOP.contextJson);
    await browser.context.clearPermissions();
  });

  it('shows times in the time zone of the reader', async () => {
    await open('/share');
    const text = await page.locator('evenhand-toolbar .share time').innerText();
    expect(text).toMatch(/^2 Dec 2026, \d\d:00$/);
  });

  it('runs once, however often it is added', async () => {
    const head = '<script src="/__evenhand/toolbar.js" defer></script>'.repeat(3);
    server.pages.set('/thrice', shopPage(SHOP, WITH_SCRIPT, { head, policy: SCRIPTED }));
    await open('/thrice');
    await page.keyboard.press('Alt+Shift+E');
    expect(await panel().isVisible()).toBe(true);
  });

  it('leaves a foreign element of its name alone', async () => {
    await page.evaluate(`document.body.append(document.createElement('evenhand-toolbar'))`);
    expect(await pill().count()).toBe(1);
    await page.evaluate(
      `document.querySelectorAll('evenhand-toolbar').forEach((one) => one.remove())`,
    );
    await page.keyboard.press('Alt+Shift+E');
  });
});
