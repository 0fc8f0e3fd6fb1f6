import type { ErrorRequestHandler, Express, RequestHandler, Response } from 'express';
import { evenhand, type EvenhandOptions } from 'evenhand';
import request from 'supertest';
import { toolbar, type ToolbarOptions } from 'evenhand/toolbar';
import { closing } from '../closing.ts';
import { experiments as source, Lines, versions } from '../express/harness.ts';

const user = JSON.stringify({ id: 1, plan: 'pro' });
const page = { 'Sec-Fetch-Dest': 'document', 'x-user': user };
const script = { 'Sec-Fetch-Dest': 'empty', 'x-user': user };

const OPEN: ToolbarOptions = { allow: () => true };

/** Returns the variants of a toolbar's rows, by name, and the reason of each. */
function rowsOf(text: string): Record<string, string> {
  const rows = text.matchAll(
    /data-row="(\w+)"[\s\S]*?<strong>([^<]+)<\/strong>[\s\S]*?class="why[^"]*"\s*>([^<]*)</g,
  );
  return Object.fromEntries(
    [...rows].map(([, name = '', variant, why]) => [name, `${variant}: ${why}`]),
  );
}

describe.each(versions)('toolbar() on Express $version', ({ express }) => {
  interface Shop {
    readonly app: Express;
    readonly lines: Lines;
  }

  /** @param order the middleware in the order of its mounting */
  function shop(
    options: ToolbarOptions = OPEN,
    evenhandOptions: EvenhandOptions = {},
    order: 'before' | 'after' = 'before',
    more: readonly ToolbarOptions[] = [],
    change: (res: Response) => void = () => {},
  ): Shop {
    const lines = new Lines();
    const app = express();
    app.use((req, res, next) => {
      const header = req.get('x-user');
      if (header !== undefined) Object.assign(req, { user: JSON.parse(header) });
      change(res);
      next();
    });
    const middleware = closing(evenhand({ source, logger: lines, ...evenhandOptions }));
    const toolbars = [options, ...more].map((one) => toolbar(middleware, one));
    const both: RequestHandler[][] = [toolbars, [middleware]];
    app.use(...(order === 'before' ? both : both.toReversed()));
    app.get('/', (req, res) => {
      res.send(`<!doctype html><h1>${req.variant('by_user')} ${req.isOn('search')}</h1>`);
    });
    app.get('/part', (req, res) => {
      res.send(`<p>${req.variant('by_user')}</p>`);
    });
    app.get('/fails', (req) => {
      req.variant('by_user');
      throw new Error('no shop today');
    });
    return { app, lines };
  }

  it.each(['before', 'after'] as const)(
    'shows what a page used, mounted %s the experiments',
    async (order) => {
      const { text } = await request(shop(OPEN, {}, order).app)
        .get('/')
        .set(page);
      expect(text).toMatch(/^<!doctype html><h1>b true<\/h1><evenhand-toolbar/);
      expect(rowsOf(text)).toMatchObject({
        by_user: expect.stringMatching(/^b: audience 1, bucket \d+ of 50&#8211;99$/),
        search: 'on: everyone: on',
      });
    },
  );

  it('adds nothing to the error pages of Express, whose policy allows no style sheet', async () => {
    const { app, lines } = shop();
    for (const path of ['/fails', '/nowhere']) {
      const { headers, text } = await request(app).get(path).set(page);
      expect(headers['content-security-policy']).toBe("default-src 'none'");
      expect(text).not.toContain('evenhand-toolbar');
    }
    expect(lines.warnings).toEqual([]);
  });

  it('shows what the page of an error, or of a missing page, used', async () => {
    const { app } = shop();
    const answer = (status: number): RequestHandler => {
      return (_req, res) => void res.status(status).send('<!doctype html><h1>Sorry</h1>');
    };
    app.use(answer(404));
    app.use(((_error, req, res, next) => answer(500)(req, res, next)) as ErrorRequestHandler);
    const failed = await request(app).get('/fails').set(page);
    expect(failed.status).toBe(500);
    expect(rowsOf(failed.text)).toHaveProperty('by_user');
    const missing = await request(app).get('/nowhere').set(page);
    expect(missing.status).toBe(404);
    expect(missing.text).toContain('This page used no experiment or switch.');
  });

  it('leaves parts of pages as they are, and lets the script load what they used', async () => {
    const { app } = shop();
    const part = await request(app).get('/part').set(script);
    expect(part.text).toBe('<p>b</p>');
    const [, id] = /evenhand;desc="([\w-]+)"/.exec(part.get('Server-Timing') ?? '') ?? [];
    expect(id).toBeDefined();
    const later = await request(app).get(`/__evenhand/panel?id=${id}`).set(script);
    expect(later.status).toBe(200);
    expect(later.text).toContain('GET /part');
    expect(rowsOf(later.text)).toHaveProperty('by_user');
  });

  it('forces a variant for people who may see it, whatever `overrides.allow` says', async () => {
    const { app } = shop(OPEN, { overrides: { allow: () => false } });
    const agent = request.agent(app);
    const set = { set: 'by_user:a', back: '/' };
    const forced = await agent
      .post('/__evenhand/override')
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .send(set);
    expect([forced.status, forced.get('Location')]).toEqual([303, expect.stringMatching(/\/$/)]);
    const { text } = await agent.get('/').set(page);
    expect(text).toMatch(/^<!doctype html><h1>a true/);
    expect(rowsOf(text)['by_user']).toBe('a: forced by you');
  });

  it('has no buttons with `overrides: false`', async () => {
    const { app } = shop(OPEN, { overrides: false });
    const { text } = await request(app).get('/').set(page);
    expect(text).not.toContain('name="set"');
    const refused = await request(app)
      .post('/__evenhand/override')
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .send({ set: 'by_user:a', back: '/' });
    expect(refused.get('Set-Cookie') ?? []).not.toContainEqual(expect.stringMatching(/^__cw=/));
  });

  it.each([
    ['returns false', () => false],
    [
      'throws',
      () => {
        throw new Error('no session');
      },
    ],
    ['returns a promise', (() => Promise.resolve(true)) as never],
  ])('is closed if `allow` %s', async (_what, allow) => {
    const { app } = shop({ allow });
    const { text, headers } = await request(app).get('/').set(page);
    expect(text).toBe('<!doctype html><h1>b true</h1>');
    expect(headers).toMatchObject({ etag: expect.any(String), 'content-length': '30' });
    for (const path of ['override', 'share', 'panel', 'toolbar.css', '']) {
      expect((await request(app).get(`/__evenhand/${path}`)).status).toBe(404);
    }
  });

  it('is placed by a template with `inject: false`, which adds nothing itself', async () => {
    const { app } = shop({ ...OPEN, inject: false });
    app.get('/own', (req, res) => {
      const variant = req.variant('by_user');
      const { evenhandToolbar } = res.locals;
      res.send(`<!doctype html><h1>${variant}</h1><footer>${String(evenhandToolbar())}</footer>`);
    });
    expect((await request(app).get('/').set(page)).text).toBe('<!doctype html><h1>b true</h1>');
    const { text } = await request(app).get('/own').set(page);
    expect(text).toMatch(/^<!doctype html><h1>b<\/h1><footer><evenhand-toolbar[\s\S]*<\/footer>$/);
    expect(rowsOf(text)).toHaveProperty('by_user');
  });

  it('keeps a page in which a template placed it out of all caches', async () => {
    const { app } = shop({ ...OPEN, inject: false });
    app.get('/own', (req, res) => {
      res.send(`<!doctype html>${String(res.locals.evenhandToolbar())}`);
    });
    app.get('/set-later', (req, res) => {
      const body = `<!doctype html>${String(res.locals.evenhandToolbar())}`;
      res.set({ 'Cache-Control': 'public, max-age=60', 'Surrogate-Control': 'max-age=60' });
      res.send(body);
    });
    app.get('/without', (_req, res) => res.set('Cache-Control', 'public').send('<!doctype html>'));
    for (const path of ['/own', '/set-later']) {
      const { headers } = await request(app).get(path).set(page);
      expect(headers).toMatchObject({ 'cache-control': 'private, no-store' });
      expect(headers).not.toHaveProperty('etag');
      expect(headers).not.toHaveProperty('surrogate-control');
    }
    const { headers } = await request(app).get('/without').set(page);
    expect(headers).toMatchObject({ 'cache-control': 'public', etag: expect.any(String) });
  });

  it.each([
    ['a promise that rejects', () => Promise.reject(new Error('no nonce'))],
    ['markup', () => '"><script>'],
  ])('uses no nonce in a template if `nonce` returns %s', async (_what, nonce) => {
    const { app, lines } = shop({ ...OPEN, inject: false, nonce: nonce as never });
    app.get('/own', (_req, res) => res.send(String(res.locals.evenhandToolbar())));
    const { text } = await request(app).get('/own').set(page);
    expect(text).toMatch(/^<evenhand-toolbar/);
    expect(text).not.toMatch(/nonce|<script/);
    expect(lines.warnings).toEqual([expect.stringContaining('must return a nonce')]);
  });

  it('shows each of two mounted applications its own experiments', async () => {
    const outer = shop();
    const inner = shop();
    outer.app.use('/inner', inner.app);
    const { text } = await request(outer.app).get('/inner/').set(page);
    expect(text.match(/<evenhand-toolbar/g)).toHaveLength(1);
    expect(text).toMatch(/^<!doctype html><h1>b true/);
  });

  it.each(['before', 'after'] as const)(
    'shows what a page used, mounted twice %s the experiments',
    async (order) => {
      const { app } = shop(OPEN, {}, order, [OPEN]);
      const { text } = await request(app).get('/').set(page);
      expect(text.match(/<evenhand-toolbar/g)).toHaveLength(1);
      expect(rowsOf(text)).toHaveProperty('by_user');
    },
  );

  it.each([
    ['nonce, in a page', { nonce: true }],
    ['nonce, in a template', { nonce: true, inject: false }],
    ['the locals of a response', { inject: false, locals: true }],
  ])('logs a failure of %s once, whatever it says', async (_what, { nonce, inject, locals }) => {
    let requests = 0;
    const fail = (): never => {
      throw new Error(`request ${++requests} fails`);
    };
    const { app, lines } = shop(
      { ...OPEN, inject, nonce: nonce && fail },
      {},
      'before',
      [],
      (res) => {
        if (locals) Object.defineProperty(res, 'locals', { get: fail });
      },
    );
    app.get('/own', (_req, res) => {
      res.send(`<!doctype html>${locals ? '' : String(res.locals.evenhandToolbar?.() ?? '')}`);
    });
    for (let i = 0; i < 3; i++) await request(app).get('/own').set(page).expect(200);
    expect(requests).toBeGreaterThanOrEqual(3);
    expect([...lines.warnings, ...lines.errors]).toEqual([
      expect.stringMatching(/^evenhand: [^]*: request 1 fails$/),
    ]);
  });

  it('warns that decisions came before it, once', async () => {
    const asks: ToolbarOptions = { allow: (req) => req.isOn('search') };
    const { app, lines } = shop(asks, {}, 'after');
    await request(app).get('/').set(page).expect(200);
    await request(app).get('/').set(page).expect(200);
    expect(lines.warnings).toEqual([expect.stringContaining('decisions before the toolbar')]);
  });

  it('shows a page that waited for the first experiments', async () => {
    const load = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { origin: 'memory', data: source };
    };
    const { app } = shop(OPEN, { source: { name: 'slow', load } });
    const { text } = await request(app).get('/').set(page);
    expect(rowsOf(text)).toHaveProperty('by_user');
  });
});

describe('toolbar()', () => {
  it.each([undefined, null, {}, () => {}])('rejects %p in place of the middleware', (value) => {
    expect(() => toolbar(value as never)).toThrow(
      expect.objectContaining({
        code: 'option',
        message: expect.stringContaining('takes the middleware that evenhand() returns'),
      }),
    );
  });
});
