import cookieParser from 'cookie-parser';
import { evenhand } from 'evenhand';
import * as fc from 'fast-check';
import request from 'supertest';
import { parseOverrides } from '../../../src/express/cookies/override-cookie.ts';
import { experiments, showError, testApp, versions, withNodeEnv } from '../harness.ts';
import { anyText } from '../../generators/any-text.ts';

describe('parseOverrides', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['a:x', { a: 'x' }],
    ['a:x b:y', { a: 'x', b: 'y' }],
    ['  a:x\t\n b:y ', { a: 'x', b: 'y' }],
    ['a:x a:y', { a: 'y' }],
    ['a:x a:', { a: '' }],
    ['a', {}],
    ['a b:x', { b: 'x' }],
    [':x', { '': 'x' }],
    ['a:x:y', { 'a:x': 'y' }],
    ['a:x,b:y', { 'a:x,b': 'y' }],
    ['a-b:x', { 'a-b': 'x' }],
    ['a:x b:"y" c:z', { a: 'x', b: '"y"', c: 'z' }],
    ['a%3Ax%20b%3Ay', { a: 'x', b: 'y' }],
    ['a:x%E0%A4%A', { a: 'x%E0%A4%A' }],
    ['a:x\u00a0b:y\u2003c:z', { a: 'x', b: 'y', c: 'z' }],
    ['a:x\ufeffb:y', { 'a:x\ufeffb': 'y' }],
  ])('reads %j', (text, expected) => {
    expect(Object.fromEntries(parseOverrides(text))).toEqual(expected);
  });

  it('treats __proto__ as an ordinary name', () => {
    expect([...parseOverrides('__proto__:x constructor:y')]).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('ignores a text that is longer than browsers keep', () => {
    expect(parseOverrides(`a:x ${'b'.repeat(4092)}`).size).toBe(1);
    expect(parseOverrides(`a:x ${'b'.repeat(4093)}`).size).toBe(0);
  });

  it('never throws, and returns texts without spaces', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (text) => {
        for (const name of [...parseOverrides(text)].flat()) expect(name).not.toMatch(/[ \t\n]/);
      }),
    );
  });
});

describe.each(versions)('the override cookie on Express $version', ({ express }) => {
  const ask = async (cookie: string, name = 'by_rule', parser = false) => {
    const app = express();
    if (parser) app.use(cookieParser('secret'));
    app.use(testApp(express).app);
    return request(app).get(`/variant/${name}`).set('Cookie', cookie).set('x-user', '{"id":1}');
  };

  it.each(['__cw=by_rule:pro', '__cw=chat:on%20by_rule:pro', '__cw=by_rule:others by_rule:pro'])(
    'forces a variant: %s',
    async (cookie) => {
      expect((await ask(cookie, 'by_rule')).body).toBe('pro');
      expect((await ask(cookie, 'by_rule', true)).body).toBe('pro');
    },
  );

  it('forces a variant of a switch, before any rule or identity is read', async () => {
    expect((await ask('__cw=chat:on', 'chat')).body).toBe('on');
    expect((await ask('__cw=by_tenant:b', 'by_tenant')).body).toBe('b');
  });

  it.each([
    ['an undeclared variant', '__cw=by_rule:gold'],
    ['an unknown experiment', '__cw=nothing:pro'],
    ['__proto__', '__cw=__proto__:pro%20constructor:pro'],
    ['control characters', '__cw=by_rule:pro%00%0D%0ASet-Cookie:x=1'],
    ['JSON', `__cw=j:${encodeURIComponent('{"by_rule":"pro"}')}`],
    ['a JSON list', `__cw=j:${encodeURIComponent('["by_rule:pro"]')}`],
    ['deeply nested JSON', `__cw=j:${'['.repeat(7000)}`],
    ['a signed value', '__cw=s:by_rule:pro.signature'],
    ['a broken escape', '__cw=by_rule:pro%E0%A4%A'],
    ['8 KB', `__cw=${'by_rule:pro '.repeat(680)}`],
    ['another name', '__cwx=by_rule:pro'],
  ])('ignores %s', async (_what, cookie) => {
    for (const parser of [false, true]) {
      const response = await ask(cookie, 'by_rule', parser);
      expect(response.status).toBe(200);
      expect(response.body).toBe('others');
      expect(response.headers).not.toHaveProperty('set-cookie');
    }
  });

  it('can have another name', async () => {
    const { app } = testApp(express, { overrides: { cookie: 'force' } });
    const asked = request(app).get('/variant/by_rule').set('x-user', '{"id":1}');
    expect((await asked.set('Cookie', '__cw=by_rule:others; force=by_rule:pro')).body).toBe('pro');
  });

  it('is not read with overrides: false', async () => {
    const { app } = testApp(express, { overrides: false });
    const asked = request(app).get('/variant/chat').set('Cookie', '__cw=chat:on');
    expect((await asked).body).toBe('off');
  });

  it.each<[string, string | undefined, string]>([
    ['in production', 'production', 'off'],
    ['in development', 'development', 'on'],
    ['where NODE_ENV is not set', undefined, 'on'],
  ])('%s', async (_where, nodeEnv, expected) => {
    const { app } = withNodeEnv(nodeEnv, () => testApp(express));
    const asked = request(app).get('/variant/chat').set('Cookie', '__cw=chat:on');
    expect((await asked).body).toBe(expected);
  });

  it('is allowed in production by address', async () => {
    const { app } = withNodeEnv('production', () =>
      testApp(express, { overrides: { allowIps: ['192.0.2.0/24'] } }),
    );
    app.set('trust proxy', true);
    const ask = async (ip: string) =>
      (
        await request(app)
          .get('/variant/chat')
          .set('Cookie', '__cw=chat:on')
          .set('X-Forwarded-For', ip)
      ).body as unknown;
    expect(await ask('192.0.2.7')).toBe('on');
    expect(await ask('::ffff:192.0.2.7')).toBe('on');
    expect(await ask('198.51.100.1')).toBe('off');
    expect(await ask('not an address')).toBe('off');
  });

  it('is compared with req.ip, which no header changes unless a proxy is trusted', async () => {
    const { app } = withNodeEnv('production', () =>
      testApp(express, { overrides: { allowIps: ['192.0.2.0/24'] } }),
    );
    const asked = request(app).get('/variant/chat').set('Cookie', '__cw=chat:on');
    expect((await asked.set('X-Forwarded-For', '192.0.2.7')).body).toBe('off');
  });

  it('is allowed in production by a function, which is called only if there is such a cookie', async () => {
    const asked: string[] = [];
    const { app } = withNodeEnv('production', () =>
      testApp(express, {
        overrides: {
          allow(req) {
            asked.push(req.path);
            return req.get('x-staff') === 'yes';
          },
        },
      }),
    );
    const ask = () => request(app).get('/variant/chat').set('Cookie', '__cw=chat:on');
    expect((await request(app).get('/variant/chat')).body).toBe('off');
    expect(asked).toEqual([]);
    expect((await ask().set('x-staff', 'yes')).body).toBe('on');
    expect((await ask()).body).toBe('off');
    expect(asked).toHaveLength(2);
  });

  it('calls that function once per request, which may itself read a variant', async () => {
    const asked: (string | undefined)[] = [];
    const inProduction = withNodeEnv('production', () => {
      const mounted = express();
      mounted.use(
        evenhand({
          source: experiments,
          overrides: {
            allow(req) {
              // Nobody may override what decides about overrides.
              asked.push(req.variant('chat'));
              return true;
            },
          },
        }),
      );
      mounted.get('/', (req, res) => {
        res.json([req.variant('search'), req.variant('by_tenant'), req.variant('chat')]);
      });
      return mounted;
    });
    const cookie = '__cw=chat:on%20search:off%20by_tenant:b';
    const { body } = await request(inProduction).get('/').set('Cookie', cookie);
    expect(body).toEqual(['off', 'b', 'off']);
    expect(asked).toEqual(['off']);
  });

  it('throws at start for an invalid address, in development too', () => {
    const run = () => {
      const app = express();
      app.use(evenhand({ source: experiments, overrides: { allowIps: ['10.0.0.0/33'] } }));
      app.use(showError);
    };
    expect(run).toThrow(/"10\.0\.0\.0\/33"/);
  });
});
