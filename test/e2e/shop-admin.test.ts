import { serve, type Server } from './child.ts';
import { Visitor } from './visitor.ts';

let shop: Server;
let admin: Visitor;

beforeAll(async () => {
  shop = await serve('examples/shop/server.js');
  admin = await new Visitor(shop.url).login('ada');
});
afterAll(() => shop.stop());

/** Returns the explanation of one experiment as text without markup. */
async function explained(experiment: string, query = ''): Promise<string> {
  const { status, text } = await admin.get(`/admin/experiments${query}`);
  expect(status).toBe(200);
  const [, article = ''] =
    new RegExp(`<article class="decision" id="${experiment}"(.*?)</article>`, 's').exec(text) ?? [];
  return article
    .replace(/^[^>]*>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&gt;', '>')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

describe('the admin page', () => {
  it('is for admins only', async () => {
    const visitor = new Visitor(shop.url);
    const refused = await visitor.get('/admin/experiments');
    expect([refused.status, refused.headers.get('Location')]).toEqual([302, '/login']);
    await visitor.login('mia');
    expect((await visitor.get('/admin/experiments')).status).toBe(403);
  });

  it('explains every experiment', async () => {
    const { text } = await admin.get('/admin/experiments');
    const ids = [...text.matchAll(/<article class="decision" id="(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([
      'experiment_1',
      'product_layout',
      'hero_headline',
      'daily_tip',
      'trade_prices',
      'loyalty_note',
      'free_shipping',
      'gift_cards',
    ]);
  });

  it('shows rule, clause, values, identity, seed, bucket and allocation', async () => {
    const words = await explained('experiment_1');
    expect(words).toMatch(/^experiment_1 → control /);
    expect(words).toContain(
      `locale == 'en-US' matched locale == 'en-US' is true; locale = "en-US" ` +
        'Identity user.id = ada Seed seedy Bucket 78 Allocation 75–99: control ' +
        'treatment 0–24 inactive 25–74 control 75–99',
    );
  });

  it('shows why a rule did not match, and the deciding audience', async () => {
    expect(await explained('loyalty_note')).toContain(
      'user.is_authenticated and order_count >= 5 did not match ' +
        'order_count >= 5 is false; order_count = 0 Everyone else fallback audience',
    );
  });

  it('draws the buckets as a bar with a text alternative', async () => {
    const { text } = await admin.get('/admin/experiments');
    expect(text).toContain(
      'aria-label="Buckets. treatment: 0 to 24, inactive: 25 to 74, control: 75 to 99."',
    );
    expect(text).toContain('<rect class="mark" x="78" width="1" height="8" />');
  });

  it('shows the decisions of another user', async () => {
    const words = await explained('experiment_1', '?as=remi');
    expect(words).toMatch(/^experiment_1 → inactive /);
    expect(words).toContain(`locale == 'en-US' is false; locale = "fr-CA"`);
    expect(words).toContain("locale == 'fr-CA' matched");
    expect(words).toContain('Bucket 84 Allocation 10–89: inactive');
    expect(await explained('loyalty_note', '?as=bob')).toContain('order_count = 7');
  });

  it('shows the decisions of a visitor with a tracking key', async () => {
    const visitor = new Visitor(shop.url);
    const page = await visitor.get('/variants.json');
    const { hero_headline: seen } = JSON.parse(page.text) as Record<string, string>;
    const key = visitor.cookies.get('__cwtk');
    const query = `?as=&key=${key}`;
    expect(await explained('hero_headline', query)).toMatch(`hero_headline → ${seen} `);
    expect(await explained('hero_headline', query)).toContain(`anonymous = ${key}`);
    expect(await explained('experiment_1', query)).toMatch(/^experiment_1 → inactive /);
    expect(await explained('trade_prices', query)).toContain('user.is_authenticated = false');
  });

  it('says that an override decided', async () => {
    admin.cookies.set('__cw', 'experiment_1:treatment');
    const words = await explained('experiment_1');
    admin.cookies.delete('__cw');
    expect(words).toMatch(/^experiment_1 → treatment .* Overridden by the override cookie/);
  });

  it('escapes the values of the form', async () => {
    const { text } = await admin.get(
      `/admin/experiments?key=${encodeURIComponent('"><script>alert(1)</script>')}`,
    );
    expect(text).not.toContain('<script>');
    expect(text).toContain('value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect((await admin.get('/admin/experiments?as=mia&as=bob&key[x]=1')).status).toBe(200);
  });
});
