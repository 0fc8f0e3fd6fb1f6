import express5 from 'express';
import request from 'supertest';
import { versions } from '../../express/harness.ts';
import { RawServer } from '../../http/raw-server.ts';
import { SAME_ORIGIN, site, type SiteParts } from './site.ts';

const RAMP = '/experiments/experiments/checkout_steps/ramp';

describe.each(versions)('the forms of the dashboard on Express $version', ({ express }) => {
  const post = (path: string, parts: SiteParts = {}) =>
    request(site(express, parts).app).post(path).set(SAME_ORIGIN).type('form');

  it('leads to a page that shows once what was saved, with its undo', async () => {
    const { app } = site(express);
    const saved = await request(app).post(RAMP).set(SAME_ORIGIN).type('form').send({ to: '40' });
    expect(saved.status).toBe(303);
    const location = saved.headers['location'] ?? '';
    expect(location).toMatch(/^\.\.\/\.\.\/experiments\/checkout_steps\?to=40&notice=[\w-]{22}$/);
    const { pathname, search } = new URL(location, `http://shop.example${RAMP}`);
    const page = await request(app).get(pathname + search);
    expect(page.text).toContain('<strong>ada ramped checkout_steps.</strong>');
    expect(page.text).toContain(
      'href="../history/419/undo?kind=experiment&amp;name=checkout_steps"',
    );
    const again = await request(app).get(pathname + search);
    expect(again.status).toBe(200);
    expect(again.text).not.toContain('ada ramped');
  });

  it('shows no notice for an id that nobody has given out', async () => {
    const { text } = await request(site(express).app).get('/experiments/?notice=You+were+hacked');
    expect(text).not.toContain('role="status"');
  });

  it.each([
    ['https://git.example/pull/7', true],
    ['javascript:alert(1)', false],
    ['https://', false],
    ['//git.example', false],
  ])('links the proposal only if it is a web page: %s', async (href, links) => {
    const { app } = site(express);
    const path = '/experiments/experiments/a/edit';
    const sent = await request(app).post(path).set(SAME_ORIGIN).type('form').send({ href });
    const { pathname, search } = new URL(sent.headers['location'] ?? '', `http://a${path}`);
    const { text } = await request(app).get(pathname + search);
    expect(text).toContain('Proposed.');
    expect(text.includes('Open the proposal')).toBe(links);
  });

  it('shows the form again with what was entered', async () => {
    const { status, text } = await post('/experiments/new').send({ json: '{"a": <b>' });
    expect(status).toBe(422);
    expect(text).toContain('{&quot;a&quot;: &lt;b&gt;');
  });

  it('logs a form that fails, and shows only its reference', async () => {
    const { app, lines } = site(express);
    const { status, text } = await request(app)
      .post('/experiments/broken')
      .set(SAME_ORIGIN)
      .type('form');
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(lines.errors).toEqual([expect.stringContaining('the form "broken" failed')]);
  });

  it.each<[string, Record<string, string>, number]>([
    ['same origin', { 'Sec-Fetch-Site': 'same-origin' }, 303],
    ['same origin by Origin', { Origin: 'http://shop.example' }, 303],
    ['a trusted origin', { Origin: 'https://admin.example' }, 303],
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://admin.example' }, 403],
    ['another host of the site', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['an address that was typed', { 'Sec-Fetch-Site': 'none' }, 403],
    ['another origin', { Origin: 'http://evil.example' }, 403],
    ['no origin', { Origin: 'null' }, 403],
    ['no headers', {}, 403],
  ])('answers a form from %s', async (_from, headers, status) => {
    const { app } = site(express, { trustedOrigins: ['https://admin.example'] });
    const answer = await request(app)
      .post(RAMP)
      .set('Host', 'shop.example')
      .set(headers)
      .type('form')
      .send({ to: '40' });
    expect(answer.status).toBe(status);
  });

  it.each<[string, SiteParts, number]>([
    ['the right', { allow: () => ['ramp'] }, 303],
    ['another right', { allow: () => ['switch', 'edit'] }, 403],
    ['no right', { allow: () => 'read' }, 403],
    ['no name', { author: () => undefined }, 403],
    ['no access', { allow: () => false }, 404],
    ['a dashboard that only reads', { canWrite: false }, 405],
  ])('answers the form of a visitor with %s', async (_what, parts, status) => {
    expect((await post(RAMP, parts).send({ to: '40' })).status).toBe(status);
  });

  it('refuses bodies that are too large, broken, or no form', async () => {
    const path = '/experiments/experiments/a/edit';
    expect((await post(path).send({ href: 'a'.repeat(200) })).status).toBe(413);
    expect((await post(RAMP).send({ to: 'a'.repeat(2_000_000) })).status).toBe(413);
    expect((await post(RAMP).send('to=%ff')).status).toBe(400);
    const many = Array.from({ length: 6000 }, (_, i) => `f${i}=1`).join('&');
    expect((await post(RAMP).send(many)).status).toBe(400);
    expect((await post(RAMP).type('text/plain').send('to=40')).status).toBe(415);
    expect((await post(RAMP).send('')).status).toBe(303);
  });

  it('takes the form that a parser of the application has read', async () => {
    const before = [express5.urlencoded({ extended: true })];
    const { headers } = await post(RAMP, { before }).send({ to: '40' });
    expect(headers['location']).toContain('?to=40&');
  });

  it('ends a body of 2 MB that comes without its length', async () => {
    const server = new RawServer(site(express).app);
    await server.start();
    const lines = [
      'Sec-Fetch-Site: same-origin',
      'Content-Type: application/x-www-form-urlencoded',
      'Transfer-Encoding: chunked',
    ];
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    const head = [`POST ${RAMP} HTTP/1.1`, 'Host: shop', ...lines].join('\r\n');
    const { status } = await server.send(`${head}\r\n\r\n${chunk.repeat(20)}`);
    expect(status).toBe(413);
  });

  describe('with JSON', () => {
    const send = (path: string, body: object | string, parts: SiteParts = {}) =>
      request(site(express, parts).app)
        .post(path)
        .set('Content-Type', 'application/json')
        .send(body);
    const token: SiteParts = { apiAuthor: () => 'robot', author: () => undefined };

    it('saves for a token that the application has verified', async () => {
      const { status, body } = await send(RAMP, { to: 40 }, token);
      expect(status).toBe(200);
      expect(body).toEqual({
        saved: true,
        notice: 'robot ramped checkout_steps.',
        revision: 419,
        part: { kind: 'experiment', name: 'checkout_steps' },
        before: '{}',
        after: '{"a":1}',
      });
    });

    it('answers 202 with the address of a proposal', async () => {
      const { status, body } = await send('/experiments/experiments/a/edit', {}, token);
      expect([status, body.href]).toEqual([202, 'https://git.example/pull/7']);
    });

    it('names the problems', async () => {
      const { status, body } = await send('/experiments/new', { json: { a: [1] } }, token);
      expect(status).toBe(422);
      expect(body).toEqual({
        version: 12,
        error: {
          code: 'invalid',
          message: 'expected a name',
          problems: [{ field: 'json', message: 'expected a name' }],
        },
      });
    });

    it('refuses a request of another site without a token', async () => {
      const { status, body } = await send(RAMP, { to: 40 });
      expect([status, body.error.code]).toEqual([403, 'cross-site']);
    });

    it('refuses a form that another site sends with the cookies of a token', async () => {
      const { app } = site(express, token);
      const answer = await request(app).post(RAMP).type('form').send({ to: '40' });
      expect(answer.status).toBe(403);
    });

    it.each<[string, string, number]>([
      ['no JSON', '{"to": 40', 400],
      ['a list', '[]', 400],
      ['null', 'null', 400],
      ['a text', '"a"', 400],
      ['nothing', '', 400],
      ['deep JSON', `{"to":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
      ['too much', JSON.stringify({ to: 'a'.repeat(1_100_000) }), 413],
      ['__proto__', '{"__proto__": {"to": 1}, "to": 40}', 200],
    ])('answers %s', async (_what, text, status) => {
      expect((await send(RAMP, text, token)).status).toBe(status);
      expect(({} as { to?: number }).to).toBeUndefined();
    });

    it('takes the JSON that a parser of the application has read', async () => {
      const before = [express5.json()];
      const { status } = await send(RAMP, { to: 40 }, { ...token, before });
      expect(status).toBe(200);
    });
  });
});
