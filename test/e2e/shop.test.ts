import { serve, type Server } from './child.ts';
import { heading, shownVariant, Visitor } from './visitor.ts';

let shop: Server;
let visitor: Visitor;

beforeAll(async () => {
  shop = await serve('examples/shop/server.js');
});
beforeEach(() => {
  visitor = new Visitor(shop.url);
});
afterAll(() => shop.stop());

describe('the front page', () => {
  it('gives a visitor the tracking cookie once and the same headline on every page load', async () => {
    const first = await visitor.get('/');
    expect(first.status).toBe(200);
    expect(first.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__cwtk=[0-9a-f]{32}; Max-Age=31536000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      ),
      expect.stringMatching(/^__cwtk_r=1; Max-Age=15768000; /),
    ]);
    for (let i = 0; i < 5; i++) {
      const next = await visitor.get('/');
      expect(next.headers.getSetCookie()).toEqual([]);
      expect(heading(next)).toBe(heading(first));
    }
  });

  it('shows different headlines to visitors with different keys', async () => {
    const headlines = new Set<string | undefined>();
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      visitor.cookies.set('__cwtk', key);
      headlines.add(heading(await visitor.get('/')));
    }
    expect(headlines.size).toBe(3);
  });

  it('tells caches that it depends on cookies and on chance', async () => {
    const { headers } = await visitor.get('/');
    expect(headers.get('Vary')).toBe('Cookie');
    // Also `no-store`, because it has the toolbar.
    expect(headers.get('Cache-Control')).toBe('private, no-store');
  });

  it.each([
    ['nobody', 'inactive', 'grid'],
    ['ada', 'control', 'rows'],
    ['bob', 'treatment', 'grid'],
    ['mia', 'inactive', 'grid'],
    ['remi', 'inactive', 'rows'],
    ['gil', 'inactive', 'grid'],
  ])('shows %s the offer %s and products in a %s', async (user, offer, layout) => {
    if (user !== 'nobody') await visitor.login(user);
    const page = await visitor.get('/');
    expect(shownVariant(page, 'experiment_1')).toBe(offer);
    expect(shownVariant(page, 'product_layout')).toBe(layout);
    expect(page.text).toContain(`<ul class="products ${layout}">`);
    const headings = { treatment: 'Three for two', control: 'Ten percent off' };
    for (const [variant, words] of Object.entries(headings)) {
      expect(page.text.includes(words)).toBe(variant === offer);
    }
  });

  it('keeps its headline when the visitor logs in', async () => {
    const before = await visitor.get('/');
    await visitor.login('remi');
    const after = await visitor.get('/');
    expect(after.text).toContain('Rémi, fr-CA');
    expect(heading(after)).toBe(heading(before));
  });

  it('draws a new tip each time', async () => {
    const tips = new Set<string | undefined>();
    for (let i = 0; i < 40; i++) tips.add(shownVariant(await visitor.get('/'), 'daily_tip'));
    expect(tips.size).toBeGreaterThan(1);
  });

  it('counts orders in a rule to thank good customers', async () => {
    expect((await visitor.login('bob').then((bob) => bob.get('/'))).text).toContain('id="loyalty"');
    expect((await visitor.login('mia').then((mia) => mia.get('/'))).text).not.toContain('loyalty"');
  });

  it('contains the same variants for scripts in the browser', async () => {
    const page = await (await visitor.login('bob')).get('/');
    const [, json = ''] =
      /<script type="application\/json" id="variants">(.*)<\/script>/.exec(page.text) ?? [];
    const variants: unknown = JSON.parse(json);
    expect(variants).toMatchObject({
      experiment_1: 'treatment',
      product_layout: 'grid',
      hero_headline: shownVariant(page, 'hero_headline'),
      daily_tip: shownVariant(page, 'daily_tip'),
      trade_prices: 'on',
      loyalty_note: 'on',
      free_shipping: 'on',
      gift_cards: 'off',
    });
  });
});

describe('guarded pages', () => {
  it('answer 404 to visitors with another variant', async () => {
    const missing = await visitor.get('/offer');
    expect(missing.status).toBe(404);
    expect(heading(missing)).toBe('Page not found');
    await visitor.login('bob');
    expect((await visitor.get('/offer')).status).toBe(200);
  });

  it('redirect visitors with another variant if a page is set', async () => {
    const refused = await visitor.get('/trade');
    expect(refused.status).toBe(302);
    expect(refused.headers.get('Location')).toBe('/login');
    expect((await (await visitor.login('mia')).get('/trade')).status).toBe(302);
    const allowed = await (await visitor.login('gil')).get('/trade');
    expect(allowed.status).toBe(200);
    expect(allowed.text).toContain('€33.60');
    expect((await visitor.get('/')).text).toContain('href="/trade"');
  });
});

describe('a switch', () => {
  it('removes a page and the links to it', async () => {
    expect((await visitor.get('/gift-cards')).status).toBe(404);
    expect((await visitor.get('/')).text).not.toContain('/gift-cards');
    visitor.cookies.set('__cw', 'gift_cards:on');
    expect((await visitor.get('/gift-cards')).status).toBe(200);
    expect((await visitor.get('/')).text).toContain('href="/gift-cards"');
  });

  it('does not change the caching of a response', async () => {
    const { text, headers } = await visitor.get('/delivery.json');
    expect(JSON.parse(text)).toEqual({ freeShipping: true });
    expect(headers.get('Vary')).toBeNull();
    expect(headers.get('Cache-Control')).toBeNull();
    expect(headers.getSetCookie()).toEqual([]);
  });

  it('restricts the caching of a response when it is overridden', async () => {
    visitor.cookies.set('__cw', 'free_shipping:off');
    const { text, headers } = await visitor.get('/delivery.json');
    expect(JSON.parse(text)).toEqual({ freeShipping: false });
    expect(headers.get('Vary')).toBe('Cookie');
    expect(headers.get('Cache-Control')).toBe('private');
  });
});

describe('the list of variants as JSON', () => {
  it('gets its caching headers only from Evenhand', async () => {
    const { text, headers } = await visitor.get('/variants.json');
    expect(JSON.parse(text)).toMatchObject({ experiment_1: 'inactive', gift_cards: 'off' });
    expect(headers.get('Vary')).toBe('Cookie');
    expect(headers.get('Cache-Control')).toBe('private');
  });
});

describe('pages without experiments by visitor', () => {
  it('set no cookie', async () => {
    expect((await visitor.get('/login')).headers.getSetCookie()).toEqual([]);
    expect((await visitor.get('/shop.css')).headers.getSetCookie()).toEqual([]);
  });
});
