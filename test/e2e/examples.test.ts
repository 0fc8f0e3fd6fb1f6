import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, serve, type Server } from './child.ts';
import { Visitor } from './visitor.ts';

const EXAMPLES = join(ROOT, 'examples');

describe('hello.mjs', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve('examples/hello.mjs');
  });
  afterAll(() => server.stop());

  it.each([
    ['?user=1', 'a green button\n'],
    ['?user=6', 'a blue button\n'],
    ['', 'a green button\n'],
  ])('answers /%s with %j', async (query, text) => {
    expect((await new Visitor(server.url).get(`/${query}`)).text).toBe(text);
  });
});

describe('commonjs.cjs', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve('examples/commonjs.cjs');
  });
  afterAll(() => server.stop());

  it('serves only the page whose switch is on', async () => {
    const visitor = new Visitor(server.url);
    expect(await visitor.get('/new')).toMatchObject({ status: 200, text: 'the new page\n' });
    expect(await visitor.get('/old')).toMatchObject({ status: 404 });
  });
});

describe('job.mjs', () => {
  it('prints the newsletter of each reader', async () => {
    expect(await run('examples/job.mjs')).toEqual({
      code: 0,
      stderr: '',
      stdout:
        'Ann: 3 articles (audience 1, bucket 23)\n' +
        'Ben: 3 articles (audience 0, bucket 65)\n' +
        'Cleo: 10 articles (audience 1, bucket 81)\n' +
        'Dan: 3 articles (audience 1, bucket 2)\n',
    });
  });
});

describe('the examples', () => {
  const scripts = readdirSync(EXAMPLES).filter((name) => /\.[cm]js$/.test(name));

  it('have fewer than 40 lines each', () => {
    expect(scripts).toHaveLength(3);
    for (const name of scripts) {
      expect(readFileSync(join(EXAMPLES, name), 'utf8').split('\n').length).toBeLessThan(41);
    }
  });

  it('are listed in README.md', () => {
    const table = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
    const missing = [...scripts, ...readdirSync(join(EXAMPLES, 'shop'))].filter(
      (name) => !table.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('have no type errors in files with @ts-check', () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', EXAMPLES], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
    const checked = readdirSync(join(EXAMPLES, 'shop')).filter((name) => name.endsWith('.js'));
    for (const name of checked) {
      expect(readFileSync(join(EXAMPLES, 'shop', name), 'utf8')).toMatch(/^\/\/ @ts-check\n/);
    }
  });
});
