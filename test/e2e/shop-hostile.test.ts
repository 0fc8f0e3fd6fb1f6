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
afterAll(async () => {
  await shop.stop();
});

/** The patterns of the two cookies of a new visitor. */
const FRESH = [
  expect.stringMatching(/^__cwtk=[0-9a-f]{32}; /),
  expect.stringMatching(/^__cwtk_r=1; /),
];

describe('a tracking cookie of another origin', () => {
  it.each([
    ['a line break', 'x%0d%0aSet-Cookie:%20stolen=1'],
    ['markup', '%3Cscript%3Ealert(1)%3C/script%3E'],
    ['raw markup', '<script>alert(1)</script>'],
    ['JSON', 'j%3A%7B%22a%22%3A1%7D'],
    ['a null character', 'a%00b'],
    ['broken encoding', '%E0%A4%A'],
    ['too much', 'a'.repeat(5000)],
  ])('with %s keeps its visitor in one variant', async (_what, key) => {
    const headings = new Set<string | undefined>();
    for (let i = 0; i < 3; i++) {
      visitor.cookies.clear();
      visitor.cookies.set('__cwtk', key);
      const page = await visitor.get('/');
      expect(page.status).toBe(200);
      expect(page.headers.get('stolen')).toBeNull();
      // The toolbar shows the key as text.
      expect(page.text).not.toContain('<script>alert');
      headings.add(heading(page));
    }
    expect(headings.size).toBe(1);
  });

  it('is replaced if it is empty', async () => {
    visitor.cookies.set('__cwtk', '');
    expect((await visitor.get('/')).headers.getSetCookie()).toEqual(FRESH);
  });
});

describe('an invalid override cookie', () => {
  it.each([
    ['names of prototypes', '__proto__:x constructor:on toString:on'],
    ['variants not declared', 'experiment_1:active experiment_1:'],
    ['8 KB of overrides', encodeURIComponent('experiment_1:treatment '.repeat(250))],
    ['8 KB of nothing', ':'.repeat(8192)],
    ['JSON', 'j%3A%5B%22experiment_1%3Atreatment%22%5D'],
    ['line breaks', 'experiment_1%0d%0a:treatment'],
    ['broken encoding', '%E0%A4%A'],
  ])('with %s is ignored', async (_what, overrides) => {
    visitor.cookies.set('__cw', overrides);
    const page = await visitor.get('/');
    expect(page.status).toBe(200);
    expect(shownVariant(page, 'experiment_1')).toBe('inactive');
    expect(page.headers.getSetCookie()).toEqual(FRESH);
  });

  it('applies its valid overrides; the last one wins', async () => {
    visitor.cookies.set('__cw', 'x experiment_1:control :: experiment_1:treatment a:b:c');
    expect(shownVariant(await visitor.get('/'), 'experiment_1')).toBe('treatment');
  });
});

describe('the forms', () => {
  it('log in only customers', async () => {
    for (const form of [{}, { user: '' }, { user: '__proto__' }, { user: 'root' }]) {
      const { status, text } = await visitor.post('/login', form);
      expect(status).toBe(400);
      expect(text).toContain('role="alert"');
      expect(visitor.cookies.size).toBe(0);
    }
  });

  it('log out', async () => {
    await visitor.login('ada');
    await visitor.post('/logout', {});
    expect((await visitor.get('/')).text).toContain('href="/login"');
  });

  it('are refused when another site sends them', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const refused = await visitor.post('/login', { user: 'ada' }, { 'Sec-Fetch-Site': site });
      expect(refused.status).toBe(403);
      expect(visitor.cookies.size).toBe(0);
    }
    await visitor.post('/login', { user: 'ada' }, { 'Sec-Fetch-Site': 'same-origin' });
    expect(visitor.cookies.has('shop_user')).toBe(true);
  });

  it('are refused if they are too long', async () => {
    const refused = await visitor.post('/experiments', { experiment_1: 'x'.repeat(5000) });
    expect(refused.status).toBe(413);
    expect(heading(refused)).toBe('Invalid request');
  });
});

describe('the error page', () => {
  it('appears for unknown and malformed addresses', async () => {
    for (const path of ['/nowhere', '/%E0%A4%A', '/admin', '/views/home.ejs', '/..%2fapp.js']) {
      const page = await visitor.get(path);
      expect(page.status).toBe(404);
      expect(heading(page)).toBe('Page not found');
    }
    // None of these errors is logged. In development, overrides without an effect are.
    const lines = shop.log().split('\n');
    expect(lines.filter((line) => !line.startsWith('evenhand: the cookie __cw forces'))).toEqual([
      '',
    ]);
  });
});
