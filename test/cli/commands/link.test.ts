import express from 'express';
import request from 'supertest';
import { run } from '../../../src/cli/program.ts';
import { verifyToken } from '../../../src/toolbar/share/token.ts';
import { NOW, routesApp, SHARE } from '../../toolbar/routes/routes-app.ts';
import { makeProject, removeProjects } from '../project.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const SECRET = 'TOPSECRET, which has at least 32 bytes';
const VARIABLE = 'EVENHAND_SHARE_SECRET';

const SPECIFICATION = JSON.stringify({
  experiments: [
    {
      name: 'checkout',
      identity: 'user.id',
      variants: [{ name: 'control' }, { name: 'treatment' }],
      audiences: [{ allocations: [{ variant: 'control', percent: 100 }] }],
    },
    'search:off',
  ],
  namespaces: [
    {
      name: 'shop',
      unit: 'user.id',
      segments: 10,
      experiments: [
        { name: 'texts', variants: [{ name: 'short', values: { text: 'Buy', size: 1 } }] },
      ],
      history: [{ add: 'texts', segments: 5 }],
    },
  ],
});

const project = () => makeProject({ 'experiments.config.json': SPECIFICATION }).path;

async function link(
  args: readonly string[],
  {
    cwd = project(),
    env = { [VARIABLE]: SECRET },
  }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
) {
  const host = testHost({ cwd, env });
  await run(['link', ...args], host);
  const [out, err] = [host.out(), host.err()];
  // Whatever happens, no output shows the secret.
  expect(out + err).not.toContain('TOPSECRET');
  return { code: host.exitCode(), out, err };
}

/** Returns the overrides of a printed link, verified as the toolbar does. */
function overridesIn(out: string, host: string): object | undefined {
  const token = new URL(out.trim()).searchParams.get('__ehov') ?? '';
  const shared = verifyToken(token, [SECRET], host, NOW);
  return shared && { ...shared, overrides: Object.fromEntries(shared.overrides) };
}

describe('evenhand link', () => {
  it('prints a link that the toolbar accepts, for a day', async () => {
    const { code, out, err } = await link([
      'checkout:treatment',
      'search:on',
      '--host',
      'shop.example',
    ]);
    expect([code, err.replaceAll('\n', ' ')]).toEqual([
      0,
      'forces checkout:treatment, search:on until 2026-11-03T12:00:00.000Z; visitors confirm first ',
    ]);
    expect(out).toMatch(/^https:\/\/shop\.example\/\?__ehov=[\w-]+\.[\w-]{43}\n$/);
    expect(overridesIn(out, 'shop.example')).toEqual({
      host: 'shop.example',
      overrides: { checkout: 'treatment', search: 'on' },
      expires: NOW / 1000 + 86_400,
      by: '',
    });
    const { pathname, search } = new URL(out);
    const { app } = routesApp(express, { share: { ...SHARE, secrets: [SECRET], grants: true } });
    const page = await request(app)
      .get(pathname + search)
      .set('Host', 'shop.example');
    expect([page.status, page.text.includes('treatment')]).toEqual([200, true]);
  });

  it('takes the page, the time, the name, another variable and parameters', async () => {
    const { out } = await link(
      [
        'shop.text:Buy now: 50%',
        'shop:texts',
        '--host=https://Shop.Example:8443/',
        '--path=/käse/cart?x=1#top',
        '--max-age=7d',
        '--author=Ann Lee',
        '--secret-env=OTHER',
      ],
      { env: { OTHER: SECRET } },
    );
    const url = new URL(out.trim());
    expect(`${url.origin}${url.pathname}`).toBe('https://shop.example:8443/k%C3%A4se/cart');
    expect([url.searchParams.get('x'), url.hash]).toEqual(['1', '#top']);
    expect(overridesIn(out, 'shop.example:8443')).toEqual({
      host: 'shop.example:8443',
      overrides: { 'shop.text': 'Buy%20now%3A%2050%25', shop: 'texts' },
      expires: NOW / 1000 + 7 * 86_400,
      by: 'Ann Lee',
    });
  });

  it.each([
    ['shop.example', 'https://shop.example/'],
    ['shop.example:443', 'https://shop.example/'],
    ['SHOP.example', 'https://shop.example/'],
    ['localhost:3000', 'http://localhost:3000/'],
    ['127.0.0.1', 'http://127.0.0.1/'],
    ['[::1]:3000', 'http://[::1]:3000/'],
    ['http://shop.test', 'http://shop.test/'],
    ['käse.example', 'https://xn--kse-qla.example/'],
  ])('takes the host %s for %s', async (host, expected) => {
    const { out } = await link(['checkout:treatment', '--host', host]);
    expect(out.split('?')[0]).toBe(expected);
    expect(overridesIn(out, new URL(expected).host)).toBeDefined();
  });

  it('prints JSON', async () => {
    const { out, err } = await link([
      'search:on',
      '--host=shop.example',
      '--max-age=90m',
      '--json',
    ]);
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual({
      link: expect.stringContaining('https://shop.example/?__ehov='),
      host: 'shop.example',
      overrides: { search: 'on' },
      until: '2026-11-02T13:30:00.000Z',
      checked: true,
    });
  });

  it('checks nothing without a file, and says so', async () => {
    const { path: cwd } = makeProject({});
    const plain = await link(['any:thing', '--host=shop.example'], { cwd });
    expect([plain.code, plain.err.includes('the names were not checked')]).toEqual([0, true]);
    const json = await link(['any:thing', '--host=shop.example', '--json'], { cwd });
    expect(JSON.parse(json.out).checked).toBe(false);
    const missing = await link(['any:thing', '--host=shop.example', '--file=x.json'], { cwd });
    expect([missing.code, missing.out]).toEqual([2, '']);
  });

  it.each<[string, readonly string[], string]>([
    ['an unknown experiment', ['chekout:treatment'], 'did you mean "checkout"?'],
    ['an unknown variant', ['checkout:treatmnt'], 'did you mean "treatment"?'],
    ['an unknown experiment of a namespace', ['shop:text'], 'did you mean "texts"?'],
    ['an unknown parameter', ['shop.txt:Buy'], 'did you mean "text"?'],
    ['a wrong value', ['shop.size:big'], 'which must be a number'],
    ['no variant', ['checkout'], 'write experiment:variant'],
    ['an empty variant', ['checkout:'], 'write experiment:variant'],
    ['an empty name', [':treatment'], 'write experiment:variant'],
    ['a name twice', ['search:on', 'search:off'], 'forced twice'],
  ])('rejects %s', async (_what, texts, message) => {
    const { code, out, err } = await link([...texts, '--host=shop.example']);
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(message);
  });

  it.each<[string, string]>([
    ['--host=', '--host takes a host'],
    ['--host=shop.example/cart', '--host takes a host'],
    ['--host=ftp://shop.example', '--host takes a host'],
    ['--host=user@shop.example', '--host takes a host'],
    ['--host=shop example', '--host takes a host'],
    ['--host=shop.example:99999', '--host takes a host'],
    ['--path=checkout', '--path takes a path'],
    ['--path=//evil.example', '--path takes a path'],
    ['--path=/\\evil.example', '--path takes a path'],
    ['--path=https://evil.example', '--path takes a path'],
    ['--path=/?__ehov=x', '--path has the parameter __ehov already'],
    ['--max-age=8d', '--max-age takes a time such as 90m, 12h or 1d, from 1m to 7d, not "8d"'],
    ['--max-age=0m', '--max-age takes a time'],
    ['--max-age=30s', '--max-age takes a time'],
    ['--max-age=1.5d', '--max-age takes a time'],
    [`--author=${'x'.repeat(101)}`, '--author takes a name'],
    ['--secret=TOPSECRET', '--secret is not accepted'],
    ['--secret-env=TOPSECRET+/=', 'not the secret itself'],
    [`--secret-env=${'TOPSECRET'.repeat(4)}`, 'not the secret itself'],
    ['--secret-env=MISSING', 'the environment variable MISSING is not set'],
    ['--secret-env=SHORT', 'the secret in SHORT is shorter than 32 bytes'],
    ['--secret-env=EMPTY', 'the environment variable EMPTY is not set'],
  ])('rejects %.40s', async (option, message) => {
    const env = { [VARIABLE]: SECRET, SHORT: 'TOPSECRET', EMPTY: '' };
    const args = ['checkout:treatment', '--host=shop.example', option];
    const { code, out, err } = await link(args, { env });
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(message);
    const json = await link([...args, '--json'], { env });
    expect(JSON.parse(json.out).error.code).toBe('option');
  });

  it('rejects more than fits into a link', async () => {
    const { path: cwd } = makeProject({});
    const many = Array.from({ length: 51 }, (_one, i) => `e${i}:on`);
    for (const texts of [many, [`a:${'x'.repeat(2000)}`]]) {
      const { code, err } = await link([...texts, '--host=shop.example'], { cwd });
      expect([code, err.replaceAll(/\s+/g, ' ')]).toEqual([
        2,
        expect.stringContaining('a link holds at most 50 variants'),
      ]);
    }
    expect((await link([...many.slice(1), '--host=shop.example'], { cwd })).code).toBe(0);
  });

  it('needs a host and an override', async () => {
    const noHost = await link(['checkout:treatment']);
    expect([noHost.code, noHost.err]).toEqual([2, expect.stringContaining("'--host <host>'")]);
    const nothing = await link(['--host=shop.example']);
    expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('overrides')]);
  });
});
