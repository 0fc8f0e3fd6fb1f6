import { once } from 'node:events';
import type express5 from 'express';
import type { Express } from 'express';
import request from 'supertest';
import { evenhand } from 'evenhand';
import { toolbar, type ToolbarOptions } from 'evenhand/toolbar';
import { audience, experiment } from '../assignment/build.ts';
import { closing } from '../closing.ts';
import { versions } from '../express/harness.ts';

const source = [
  experiment({
    name: 'checkout',
    identity: 'random',
    audiences: [audience({ control: 100, treatment: 0 })],
  }),
];

const SHARE = { secret: 'a secret that is at least 32 bytes' };

/** A shop whose pages are in routers and in a mounted application. */
function shop(express: typeof express5, mount: string, options: ToolbarOptions = {}): Express {
  const app = express();
  const experiments = closing(evenhand({ source, logger: false }));
  app.use(
    mount,
    toolbar(experiments, { allow: () => true, share: SHARE, ...options }),
    experiments,
  );
  const page: express5.RequestHandler = (req, res) => {
    res.send(`<!doctype html><p>${req.variant('checkout')}</p>`);
  };
  const router = express.Router();
  router.get(['/', '/deep/page'], page);
  const mounted = express();
  mounted.use('/inner', router);
  app.use('/shop', router);
  app.use('/other', mounted);
  app.get('/', page);
  return app;
}

/** Returns the addresses of the forms in a page, complete. */
function actions(html: string, page: string): ReadonlySet<string> {
  const found = [...html.matchAll(/ action="([^"]+)"/g)].map(([, action = '']) => action);
  return new Set(found.map((action) => new URL(action, `http://shop.example${page}`).pathname));
}

describe.each(versions)('the toolbar around routers on Express $version', ({ express }) => {
  it.each([
    ['/', '/', ''],
    ['/', '/shop', ''],
    ['/', '/shop/', ''],
    ['/', '/shop/deep/page?x=/y', ''],
    ['/', '/other/inner/deep/page', ''],
    ['/shop', '/shop/deep/page', '/shop'],
    ['/shop', '/shop', '/shop'],
    ['/:name', '/other/inner/', '/other'],
  ])('has, mounted at %s, working forms in the page %s', async (mount, page, prefix) => {
    // One server, because links are for one host and port.
    const server = closing(shop(express, mount).listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const agent = request.agent(server);
    const before = await agent.get(page).set('Sec-Fetch-Dest', 'document');
    expect(before.text).toContain('<p>control</p>');
    const override = `${prefix}/__evenhand/override`;
    expect(actions(before.text, page)).toEqual(new Set([override, `${prefix}/__evenhand/share`]));
    const [, sheet = ''] = /href="([^"]*toolbar\.[0-9a-f]{16}\.css)"/.exec(before.text) ?? [];
    const { pathname } = new URL(sheet, `http://shop.example${page}`);
    expect((await agent.get(pathname)).headers['content-type']).toBe('text/css; charset=utf-8');
    const [, back = ''] = /name="back" value="([^"]*)"/.exec(before.text) ?? [];
    const posted = await agent
      .post(override)
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .redirects(0)
      .send({ set: 'checkout:treatment', back });
    const target = new URL(String(posted.headers['location']), `http://shop.example${override}`);
    expect([posted.status, target.pathname + target.search]).toEqual([303, page]);
    const after = await agent.get(page).set('Sec-Fetch-Dest', 'document');
    expect(after.text).toContain('<p>treatment</p>');
    const shared = await agent
      .post(`${prefix}/__evenhand/share`)
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .redirects(0)
      .send({ back });
    expect(shared.status).toBe(303);
    const linked = await agent.get(page).set('Sec-Fetch-Dest', 'document');
    const [, link = ''] = /value="(http[^"]*__ehov=[\w.-]+)"/.exec(linked.text) ?? [];
    const opened = new URL(link.replaceAll('&amp;', '&'));
    expect(opened.pathname).toBe(page.split('?')[0]);
    const asked = await agent.get(opened.pathname + opened.search);
    expect([asked.status, asked.text.includes('Use these variants')]).toEqual([200, true]);
  });
});
