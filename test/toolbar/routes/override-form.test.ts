import request from 'supertest';
import { closing } from '../../closing.ts';
import { versions } from '../../express/harness.ts';
import { RawServer } from '../../http/raw-server.ts';
import { routesApp } from './routes-app.ts';

describe.each(versions)('the form of forced variants on Express $version', ({ express }) => {
  const { app } = routesApp(express);

  /** Sends the form as a page of this site does. */
  function post(
    form: string,
    { cookie = '', headers = {} }: { cookie?: string; headers?: Record<string, string> } = {},
  ) {
    return request(app)
      .post('/__evenhand/override')
      .set({ 'x-staff': 'yes', 'sec-fetch-site': 'same-origin', ...headers })
      .set('Content-Type', 'application/x-www-form-urlencoded')
      .set('Cookie', cookie)
      .redirects(0)
      .send(form);
  }

  /** Returns the cookies of a response: value and attributes by name. */
  function cookies(headers: Record<string, unknown>): Map<string, readonly string[]> {
    const lines = (headers['set-cookie'] ?? []) as readonly string[];
    return new Map(
      lines.map((line) => {
        const [pair = '', ...attributes] = line.split('; ');
        const equals = pair.indexOf('=');
        return [pair.slice(0, equals), [pair.slice(equals + 1), ...attributes]];
      }),
    );
  }

  it('forces a variant with a cookie that scripts can not read, and returns to the page', async () => {
    const { status, headers, text } = await post('set=checkout:treatment&back=/cart%3Fx%3D1');
    expect([status, headers['location'], text]).toEqual([303, '../cart?x=1', '']);
    expect(headers['cache-control']).toBe('no-store');
    expect(cookies(headers).get('__cw')).toEqual([
      'checkout:treatment',
      'Path=/',
      'HttpOnly',
      'SameSite=Lax',
    ]);
  });

  it('remembers for a minute which row was open', async () => {
    for (const [form, open] of [
      ['set=checkout:treatment', 'checkout'],
      ['set=checkout:treatment&open=banner', 'banner'],
      ['unset=checkout', 'checkout'],
      ['clear=1', '*'],
      ['clear=1&open=%C3%A4%20%3B%22', 'ä ;"'],
    ]) {
      const { headers } = await post(form ?? '');
      const [value = '', ...attributes] = cookies(headers).get('__ehtb') ?? [];
      expect(attributes).toEqual([
        'Max-Age=60',
        'Path=/',
        expect.stringMatching(/^Expires=/),
        'HttpOnly',
        'SameSite=Lax',
      ]);
      const page = await request(app).get('/page').set('Cookie', `__ehtb=${value}`);
      expect(page.body.open).toBe(open);
    }
  });

  it.each([
    ['set=checkout:treatment', '', 'checkout:treatment'],
    ['set=checkout%3Atreatment', 'banner:red', 'banner:red%20checkout:treatment'],
    ['set=checkout:treatment', 'checkout:control%20banner:red', 'banner:red%20checkout:treatment'],
    ['set=search:on', 'other:x', 'other:x%20search:on'],
    ['set=shop:links', '', 'shop:links'],
    ['set=shop.text:Buy+now:%25', '', 'shop.text:Buy%2520now%253A%2525'],
    ['set=shop.size:2', 'shop.size:1', 'shop.size:2'],
    ['set=checkout:treatment&set=banner:red', '', 'checkout:treatment%20banner:red'],
    ['unset=checkout', 'checkout:treatment%20banner:red', 'banner:red'],
    ['unset=checkout', 'checkout:treatment', ''],
    ['unset=absent', 'banner:red', 'banner:red'],
    ['unset=shop.text', 'shop.text:Buy', ''],
    ['clear=1', 'checkout:treatment%20other:x', ''],
    ['clear=1&set=banner:blue', 'checkout:treatment', 'banner:blue'],
    ['', 'banner:red', 'banner:red'],
  ])('changes with %j the cookie %j to %j', async (form, before, after) => {
    const { status, headers } = await post(form, { cookie: `__cw=${before}` });
    expect(status).toBe(303);
    const [value, ...attributes] = cookies(headers).get('__cw') ?? [];
    expect(value).toBe(after);
    expect(attributes.includes('Max-Age=0')).toBe(after === '');
  });

  it.each([
    ['set=checkout:other', 'which &quot;checkout&quot; does not have'],
    ['set=checkuot:treatment', 'did you mean &quot;checkout&quot;?'],
    ['set=checkout', 'is not an experiment'],
    ['set=', 'is not an experiment'],
    ['set=:', 'is not an experiment'],
    ['set=__proto__:x', 'is not an experiment'],
    ['set=shop:other', 'does not run in the namespace'],
    ['set=shop.price:1', 'no running experiment sets'],
    ['set=shop.size:big', 'which must be a number'],
    ['set=checkout:treatment&set=banner:green', 'does not have'],
    ['set=%3Cscript%3E:x', '&lt;script&gt;'],
    ['set=%E2%80%AE:x', 'is not an experiment'],
  ])('sets nothing for %j, and says why', async (form, reason) => {
    const { status, headers, text } = await post(form, { cookie: '__cw=banner:red' });
    expect([status, headers['set-cookie'], headers['location']]).toEqual([
      422,
      undefined,
      undefined,
    ]);
    expect(text).toContain(reason);
    expect(text).not.toMatch(/<script|\u202e/);
  });

  it('sets nothing if the cookie would be longer than browsers keep', async () => {
    const others = `other${'x'.repeat(4070)}:y`;
    const { status, headers, text } = await post('set=checkout:treatment', {
      cookie: `__cw=${others}`,
    });
    expect([status, headers['set-cookie']]).toEqual([422, undefined]);
    expect(text).toContain('too long for a cookie');
  });

  it.each([
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['from a subdomain', { 'sec-fetch-site': 'same-site' }],
    ['typed', { 'sec-fetch-site': 'none' }],
    ['twice', { 'sec-fetch-site': 'same-origin, same-origin' }],
    ['cross-site with the origin of this site', { 'sec-fetch-site': 'cross-site', origin: 'SELF' }],
  ])('answers 403 to a form sent %s', async (_how, headers) => {
    const { status, headers: answer } = await post('set=checkout:treatment', { headers });
    expect([status, answer['set-cookie']]).toEqual([403, undefined]);
  });

  describe('without Sec-Fetch-Site', () => {
    const ask = async (lines: readonly string[], setup?: Parameters<typeof routesApp>[1]) => {
      const server = closing(new RawServer(routesApp(express, setup).app));
      await server.start();
      const body = 'set=checkout:treatment';
      const head = [
        'POST /__evenhand/override HTTP/1.1',
        'Connection: close',
        'X-Staff: yes',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${body.length}`,
        ...lines,
      ];
      return (await server.send(`${head.join('\r\n')}\r\n\r\n${body}`)).status;
    };

    it.each([
      [303, ['Host: shop.example', 'Origin: https://shop.example']],
      [303, ['Host: shop.example', 'Origin: http://shop.example']],
      [303, ['Host: SHOP.example:443', 'Origin: https://shop.example']],
      [303, ['Host: localhost:3000', 'Origin: http://localhost:3000']],
      [303, ['Host: [::1]:3000', 'Origin: http://[::1]:3000']],
      [403, ['Host: shop.example']],
      [403, ['Host: shop.example', 'Origin: null']],
      [403, ['Host: shop.example', 'Origin: ']],
      [403, ['Host: shop.example', 'Origin: https://evil.example']],
      [403, ['Host: shop.example', 'Origin: https://shop.example.evil.example']],
      [403, ['Host: shop.example', 'Origin: https://shop.example:8443']],
      [403, ['Host: shop.example', 'Origin: https://shop.example@evil.example']],
      [403, ['Host: shop.example', 'Origin: https://shop.example/']],
      [403, ['Host: shop.example', 'Origin: ftp://shop.example']],
      [403, ['Host: shop.example', 'Origin: file://']],
      [403, ['Host: shop.example', 'Origin: https://shop.example', 'Origin: https://shop.example']],
      [403, ['Host: ', 'Origin: https://shop.example']],
      [403, ['Host: shop.example', 'Referer: https://shop.example/']],
      [403, ['Host: internal', 'Origin: https://shop.example']],
      [403, ['Host: internal', 'X-Forwarded-Host: shop.example', 'Origin: https://shop.example']],
    ])('answers %s to %j', async (status, lines) => {
      expect(await ask(lines)).toBe(status);
    });

    it('accepts a trusted origin', async () => {
      const trustedOrigins = ['https://shop.example'];
      const lines = ['Host: internal', 'Origin: https://shop.example'];
      expect(await ask(lines, { trustedOrigins })).toBe(303);
      expect(await ask(['Host: internal', 'Origin: http://shop.example'], { trustedOrigins })).toBe(
        403,
      );
    });
  });

  it('accepts the host that a trusted proxy forwards', async () => {
    const { app: behind } = routesApp(express, {}, '/', (one) => one.set('trust proxy', true));
    const { status, headers } = await request(behind)
      .post('/__evenhand/override')
      .set({ 'x-staff': 'yes', origin: 'https://shop.example' })
      .set({ 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https' })
      .type('form')
      .redirects(0)
      .send('set=checkout:treatment');
    expect(status).toBe(303);
    expect(cookies(headers).get('__cw')).toContain('Secure');
  });

  it('is secure if the browser says that the page came by HTTPS', async () => {
    const { headers } = await post('set=checkout:treatment', {
      headers: { origin: 'https://shop.example' },
    });
    expect(cookies(headers).get('__cw')).toContain('Secure');
    expect(cookies(headers).get('__ehtb')).toContain('Secure');
  });

  it.each([
    ['text/plain', 'set=checkout:treatment', 415],
    ['application/json', '{"set":"checkout:treatment"}', 415],
    ['multipart/form-data; boundary=x', '--x--', 415],
    ['application/x-www-form-urlencoded; charset=utf-16', 'set=checkout:treatment', 415],
    ['application/x-www-form-urlencoded; charset="UTF-8"', 'set=checkout:treatment', 303],
    ['APPLICATION/X-WWW-FORM-URLENCODED', 'set=checkout:treatment', 303],
    ['application/x-www-form-urlencoded', `set=checkout:treatment&x=${'y'.repeat(40_000)}`, 413],
    ['application/x-www-form-urlencoded', 'set=%', 400],
    ['application/x-www-form-urlencoded', 'set=%FF', 400],
    ['application/x-www-form-urlencoded', 'x=1&'.repeat(101), 400],
    ['application/x-www-form-urlencoded', `${'&'.repeat(5000)}set=checkout:treatment`, 303],
  ])('answers to %s %.30j with %s', async (type, body, expected) => {
    const { status, headers } = await post(body, { headers: { 'content-type': type } }).set(
      'Content-Type',
      type,
    );
    expect([status, headers['set-cookie'] !== undefined]).toEqual([expected, expected === 303]);
  });

  it.each([
    '/__evenhand/override',
    '/__evenhand/share',
    '/__evenhand/panel',
    '/__evenhand',
    '/__evenhand/',
  ])(
    'answers 404 to strangers at %s, whatever the method and before the body is read',
    async (path) => {
      const server = closing(new RawServer(app));
      await server.start();
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const lines = ['Sec-Fetch-Site: same-origin', 'Content-Length: 100'];
        const answer = await server.ask(path, lines, method);
        expect([method, answer.status, answer.values('set-cookie')]).toEqual([method, 404, []]);
        expect(answer.body).toBe('Not Found\n');
      }
    },
  );

  it('answers 405 to other methods of people with access', async () => {
    for (const method of ['get', 'put', 'delete', 'options'] as const) {
      const agent = request(app);
      const { status, headers } = await agent[method]('/__evenhand/override').set('x-staff', 'yes');
      expect([status, headers['allow']]).toEqual([405, 'POST']);
    }
    const { status } = await request(app).get('/__evenhand/other').set('x-staff', 'yes');
    expect(status).toBe(404);
  });

  it('has no forms if the middleware takes no overrides', async () => {
    const { app: without } = routesApp(express, { overrideCookie: undefined });
    const { status } = await request(without)
      .post('/__evenhand/override')
      .set({ 'x-staff': 'yes', 'sec-fetch-site': 'same-origin' })
      .type('form')
      .send('set=checkout:treatment');
    expect(status).toBe(404);
  });

  it('answers 503 before the experiments are loaded', async () => {
    const { app: early } = routesApp(express, { snapshot: () => undefined });
    const { status, headers } = await request(early)
      .post('/__evenhand/override')
      .set({ 'x-staff': 'yes', 'sec-fetch-site': 'same-origin' })
      .type('form')
      .send('set=checkout:treatment');
    expect([status, headers['set-cookie']]).toEqual([503, undefined]);
  });

  it('leaves other addresses to the application', async () => {
    for (const path of [
      '/',
      '/x/__evenhand',
      '/__evenhandy',
      '/__EVENHAND/override',
      '/?x=/__evenhand/override',
    ]) {
      const { status, body } = await request(app).get(path);
      expect([status, body.url]).toEqual([200, path]);
    }
  });

  it('hands an exception of "access" to the error handler', async () => {
    const { app: broken } = routesApp(express, {
      access: () => {
        throw 'no object';
      },
    });
    const { status } = await request(broken).get('/__evenhand/panel');
    expect(status).toBe(500);
  });
});
