import { serve, type Server } from './child.ts';
import { shownVariant, Visitor } from './visitor.ts';

describe('overrides in development', () => {
  let shop: Server;
  let visitor: Visitor;

  beforeAll(async () => {
    shop = await serve('examples/shop/server.js');
  });
  beforeEach(() => {
    visitor = new Visitor(shop.url);
  });
  afterAll(() => shop.stop());

  it('change the variant of visitors who send the cookie', async () => {
    await visitor.login('mia');
    expect(shownVariant(await visitor.get('/'), 'experiment_1')).toBe('inactive');
    visitor.cookies.set('__cw', 'experiment_1:treatment');
    expect(shownVariant(await visitor.get('/'), 'experiment_1')).toBe('treatment');
    expect((await visitor.get('/offer')).status).toBe(200);
  });

  it('are set and removed in a form', async () => {
    const form = { experiment_1: 'control', gift_cards: 'on', hero_headline: '' };
    const kept = await visitor.post('/experiments', form);
    expect(kept.status).toBe(303);
    expect(visitor.cookies.get('__cw')).toBe('experiment_1%3Acontrol%20gift_cards%3Aon');
    const page = await visitor.get('/experiments');
    expect(shownVariant(page, 'experiment_1')).toBe('control');
    expect(shownVariant(page, 'gift_cards')).toBe('on');
    expect(page.text.match(/<em>chosen<\/em>/g)).toHaveLength(2);
    expect(page.text.match(/<option selected>/g)).toHaveLength(2);

    await visitor.post('/experiments', {});
    expect(visitor.cookies.has('__cw')).toBe(false);
    expect(shownVariant(await visitor.get('/experiments'), 'experiment_1')).toBe('inactive');
  });

  it('of undeclared variants are not stored', async () => {
    const form = { experiment_1: 'active', nonsense: 'x', __proto__: 'on', daily_tip: 'a\r\nb' };
    await visitor.post('/experiments', form);
    expect(visitor.cookies.has('__cw')).toBe(false);
  });
});

describe('overrides in production', () => {
  let shop: Server;
  let visitor: Visitor;

  beforeAll(async () => {
    shop = await serve('examples/shop/server.js', { env: { NODE_ENV: 'production' } });
  });
  beforeEach(() => {
    visitor = new Visitor(shop.url);
    visitor.cookies.set('__cw', 'experiment_1:treatment gift_cards:on');
  });
  afterAll(() => shop.stop());

  it.each(['nobody', 'mia'])('are refused to %s', async (user) => {
    if (user !== 'nobody') await visitor.login(user);
    const page = await visitor.get('/experiments');
    expect(shownVariant(page, 'experiment_1')).toBe('inactive');
    expect(page.text).toContain('only admins');
    expect(page.text).not.toContain('<select');
    expect((await visitor.get('/gift-cards')).status).toBe(404);
    expect((await visitor.get('/offer')).status).toBe(404);
  });

  it('are allowed to admins', async () => {
    await visitor.login('ada');
    const page = await visitor.get('/experiments');
    expect(shownVariant(page, 'experiment_1')).toBe('treatment');
    expect(page.text).toContain('<select');
    expect((await visitor.get('/gift-cards')).status).toBe(200);
  });

  it('are refused to visitors with a forged admin cookie', async () => {
    for (const forged of [
      'ada',
      's%3Aada',
      's%3Aada.c2lnbmF0dXJl',
      'j%3A%7B%22id%22%3A%22ada%22%7D',
    ]) {
      visitor.cookies.set('shop_user', forged);
      expect(shownVariant(await visitor.get('/'), 'experiment_1')).toBe('inactive');
      expect((await visitor.get('/admin/experiments')).status).toBe(302);
    }
  });

  it('leave the assigned variants without the cookie', async () => {
    visitor.cookies.delete('__cw');
    expect(shownVariant(await visitor.get('/'), 'experiment_1')).toBe('inactive');
    expect(shownVariant(await (await visitor.login('bob')).get('/'), 'experiment_1')).toBe(
      'treatment',
    );
    expect(shownVariant(await (await visitor.login('ada')).get('/'), 'experiment_1')).toBe(
      'control',
    );
  });
});
