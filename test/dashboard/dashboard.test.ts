import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type express5 from 'express';
import request from 'supertest';
import { evenhand } from 'evenhand';
import { dashboard, type DashboardOptions, fileStore } from 'evenhand/dashboard';
import { closing } from '../closing.ts';
import { versions } from '../express/harness.ts';
import { SHOP } from './fixtures/shop-specification.ts';
import { stillWorkspace } from './fixtures/visit.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-dashboard-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An application that mounts the dashboard in a router of a router. */
function shop(express: typeof express5, options: DashboardOptions = {}) {
  const app = express();
  const experiments = closing(evenhand({ source: SHOP, logger: false }));
  const inner = express.Router();
  inner.use('/experiments', dashboard(experiments, { allow: () => 'write', ...options }));
  const outer = express.Router();
  outer.use('/:tenant', inner);
  app.use('/admin', outer);
  return app;
}

describe.each(versions)('the dashboard on Express $version', ({ express }) => {
  it('shows its pages in a router, with links that work there', async () => {
    const app = shop(express, { name: 'shop' });
    const { status, text } = await request(app).get('/admin/a/experiments/namespaces');
    expect(status).toBe(200);
    const [, other = ''] = /href="([^"]*independence)"/.exec(text) ?? [];
    const { pathname } = new URL(other, 'http://shop.example/admin/a/experiments/namespaces');
    expect(pathname).toBe('/admin/a/experiments/independence');
    expect((await request(app).get(pathname)).status).toBe(200);
  });

  it('shows the name in package.json, or the one that is given', async () => {
    const page = '/admin/a/experiments/namespaces';
    expect((await request(shop(express)).get(page)).text).toContain('· evenhand</title>');
    const named = shop(express, { name: 'The <shop>' });
    expect((await request(named).get(page)).text).toContain('· The &lt;shop&gt;</title>');
  });

  it('reads only without a store, and shows no name', async () => {
    const author = () => 'ada lovelace';
    const page = '/admin/a/experiments/namespaces';
    const reading = await request(shop(express, { author })).get(page);
    expect(reading.text).not.toContain('ada lovelace');
    const store = stillWorkspace(SHOP);
    const writing = await request(shop(express, { author, store })).get(page);
    expect(writing.text).toContain('ada lovelace');
    expect(writing.text).toContain('PostgreSQL');
    const readOnly = await request(shop(express, { author, store, readOnly: true })).get(page);
    expect(readOnly.text).not.toContain('ada lovelace');
  });

  it('names the file that it writes to', async () => {
    const path = join(folder, 'shop.config.json');
    writeFileSync(path, JSON.stringify(SHOP));
    const app = shop(express, { author: () => 'ada', store: fileStore(path) });
    const { text } = await request(app).get('/admin/a/experiments/namespaces');
    expect(text).toContain('shop.config.json');
  });

  it('starts with a report of usage that can not be read', async () => {
    const usage = join(folder, 'usage.json');
    writeFileSync(usage, '{');
    const app = shop(express, { usage });
    expect((await request(app).get('/admin/a/experiments/namespaces')).status).toBe(200);
  });
});
