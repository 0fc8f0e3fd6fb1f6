import { readFileSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run, serve, type Server } from './child.ts';
import { heading, Visitor } from './visitor.ts';
import { closing } from '../closing.ts';

const SCRIPT = 'examples/shop/server.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-shop-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a changed copy of the shop's experiments into the working directory of the shop. */
function changeExperiments(change: (text: string) => string): void {
  const text = readFileSync(join(ROOT, 'experiments.config.json'), 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(join(folder, 'experiments.config.json'), changed);
}

describe('starting the shop', () => {
  it('fails with the reason if there are no experiments', async () => {
    const { code, stderr } = await run(SCRIPT, { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain(`${join(folder, 'experiments.config.json')}: no such file`);
  });

  it('fails with all problems of the original example from Cravensworth’s manual', async () => {
    changeExperiments((text) => text.replaceAll('"variant": "treatment"', '"variant": "active"'));
    const { code, stdout, stderr } = await run(SCRIPT, { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('2 problems');
    expect(stderr).toMatch(
      /experiments\.config\.json:\d+:\d+ \/experiments\/0\/audiences\/0\/allocations\/0\/variant/,
    );
    expect(stderr).toContain(
      'variant "active" is not declared; declared: treatment, inactive, control',
    );
  });

  it('fails with the reason if the port is taken', async () => {
    const other = closing(createServer());
    await new Promise<void>((resolve) => {
      other.listen(0, () => resolve());
    });
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, stderr } = await run(SCRIPT, { env: { PORT: port } });
    expect(code).toBe(1);
    expect(stderr).toContain(`can't listen on port ${port}`);
  });
});

describe('an experiment that fails for a visitor', () => {
  let shop: Server | undefined;

  afterEach(async () => {
    await shop?.stop();
  });

  beforeEach(() => {
    changeExperiments((text) => text.replace('"identity": "anonymous"', '"identity": "user.id"'));
  });

  it('shows the error page with the reason in development', async () => {
    shop = await serve(SCRIPT, { cwd: folder, env: { NODE_ENV: 'development' } });
    const visitor = new Visitor(shop.url);
    const page = await visitor.get('/');
    expect(page.status).toBe(500);
    expect(heading(page)).toBe('Something went wrong');
    expect(page.text).toContain('the identity');
    expect(page.text).not.toContain('at ');
    expect(shop.log()).toMatch(/IdentityError.*experiment "hero_headline"/);
    expect((await (await visitor.login('mia')).get('/')).status).toBe(200);
  });

  it('shows the page in production, and logs the reason', async () => {
    shop = await serve(SCRIPT, { cwd: folder, env: { NODE_ENV: 'production' } });
    const visitor = new Visitor(shop.url);
    const page = await visitor.get('/');
    expect(page.status).toBe(200);
    expect(heading(page)).not.toBe('Something went wrong');
    expect(page.text).not.toContain('the identity');
    expect(shop.log()).toMatch(/experiment "hero_headline": the identity/);
    expect((await (await visitor.login('mia')).get('/')).status).toBe(200);
  });
});
