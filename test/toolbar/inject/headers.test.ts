import helmet from 'helmet';
import { evenhand } from 'evenhand';
import { closing } from '../../closing.ts';
import { experiments, versions } from '../../express/harness.ts';
import { onHeaders } from '../../express/response/sent-headers.ts';
import { InjectedApp, MARKUP, NAVIGATION, SCRIPT, type Setup } from './injected-app.ts';
import { valueOf } from './wire.ts';

const PAGE = '<!doctype html><title>Shop</title>';

describe.each(versions)('the headers of an extended page on Express $version', ({ express }) => {
  const appOf = (send: Setup['send'], more: Omit<Setup, 'send'> = {}) =>
    new InjectedApp(express, { ...more, send });

  const evenhandOnce = () => closing(evenhand({ source: experiments, logger: false }));

  it('keep the tracking cookie and Vary of decisions', async () => {
    const app = appOf(
      (req, res) => {
        const variant = req.variant('by_anonymous');
        res.set({ Vary: 'rsc', 'Cache-Control': 'public, max-age=60' }).cookie('lang', 'de');
        res.send(`${PAGE}${variant}`);
      },
      { after: [evenhandOnce()] },
    );
    const response = await app.ask();
    expect(response.body.toString()).toMatch(/^<!doctype html><title>Shop<\/title>[ab]<evenhand/);
    expect(valueOf(response, 'vary')).toBe('rsc, Cookie');
    expect(valueOf(response, 'cache-control')).toBe('private, no-store');
    const cookies = response.headers.filter(([name]) => name === 'set-cookie');
    expect(cookies.map(([, value]) => value.split('=')[0])).toEqual(['__cwtk', '__cwtk_r', 'lang']);
  });

  it('keep them also if writeHead() gets all headers and the body decides', async () => {
    const app = appOf(
      (req, res) => {
        req.variant('by_anonymous');
        res.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': PAGE.length });
        res.write(PAGE.slice(0, 3));
        res.end(PAGE.slice(3));
      },
      { after: [evenhandOnce()], configure: (one) => one.disable('x-powered-by') },
    );
    const response = await app.ask({ headers: SCRIPT });
    expect(response.body.toString()).toBe(PAGE + MARKUP);
    expect(valueOf(response, 'vary')).toBe('Cookie');
    expect(valueOf(response, 'cache-control')).toBe('private, no-store');
    const cookies = response.headers.filter(([name]) => name === 'set-cookie');
    expect(cookies.map(([, value]) => value.split('=')[0])).toEqual(['__cwtk', '__cwtk_r']);
  });

  it('are completed by one method, however many applications send pages in turn', async () => {
    const methods = new Set<unknown>();
    const send: Setup['send'] = (req, res) => {
      req.variant('by_chance');
      methods.add(Reflect.get(express.response, '_storeHeader'));
      res.send(PAGE);
    };
    const after = [evenhandOnce()];
    const apps = [appOf(send, { after }), appOf(send, { after })];
    for (let i = 0; i < 3; i++) {
      for (const app of apps) expect((await app.ask()).body.toString()).toBe(PAGE + MARKUP);
    }
    expect(methods.size).toBe(1);
  });

  it('contain nothing that lets a cache in front store the page', async () => {
    const app = appOf((_req, res) => {
      const forCaches = ['CDN-Cache-Control', 'Cloudflare-CDN-Cache-Control', 'Surrogate-Control'];
      for (const name of forCaches) res.set(name, 'max-age=600');
      res.set('X-Accel-Expires', '600').set('Content-MD5', 'abc').send(PAGE);
    });
    const names = (await app.ask()).headers.map(([name]) => name);
    expect(names.filter((name) => /cache|surrogate|accel|md5/.test(name))).toEqual([
      'cache-control',
    ]);
  });

  it('come from a listener that was mounted before or after', async () => {
    const listen: Setup['before'] = [
      (_req, res, next) => {
        onHeaders(res, () => {
          res.setHeader('Cache-Control', 'public');
          res.setHeader('ETag', '"late"');
        });
        next();
      },
    ];
    for (const setup of [{ before: listen }, { after: listen }]) {
      const app = appOf((_req, res) => res.send(PAGE), setup);
      expect(await app.compare()).toBe('extended');
    }
  });

  it('refuse the page if a listener changes its type at the end', async () => {
    const app = appOf((_req, res) => res.send(PAGE), {
      before: [
        (_req, res, next) => {
          onHeaders(res, () => {
            res.setHeader('Content-Type', 'text/plain');
          });
          next();
        },
      ],
    });
    expect(await app.compare()).toBe('unchanged');
  });

  it('may fail, and then belong to the error page', async () => {
    const app = appOf((_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html', 'X-Bad': 'a\nb' });
    });
    expect(await app.compare()).toBe('extended');
    expect((await app.ask()).body.toString()).toMatch(/^<p>TypeError.*X-Bad.*<evenhand-toolbar>/);
  });

  it.each([
    ['no policy', undefined, { allowsScript: true, allowsStyle: true, allowsForms: true }],
    [
      'the policy of helmet',
      helmet(),
      { allowsScript: true, allowsStyle: true, allowsForms: true },
    ],
    [
      'a strict policy',
      helmet({
        contentSecurityPolicy: {
          useDefaults: false,
          directives: { defaultSrc: ["'none'"], styleSrc: ["'self'"], formAction: ["'none'"] },
        },
      }),
      { allowsScript: false, allowsStyle: true, allowsForms: false },
    ],
    [
      'a policy that is only reported',
      helmet({
        contentSecurityPolicy: { reportOnly: true, directives: { scriptSrc: ["'none'"] } },
      }),
      { allowsScript: true, allowsStyle: true, allowsForms: true },
    ],
  ])('tell the markup about %s, which stays as it is', async (_what, middleware, facts) => {
    const app = appOf((_req, res) => res.send(PAGE), { after: middleware ? [middleware] : [] });
    expect(await app.compare()).toBe('extended');
    expect(app.facts).toEqual([{ ...facts, nonce: undefined }]);
    expect(app.warnings).toEqual([]);
  });

  it('tell the markup about several policies, given to writeHead()', async () => {
    const name = 'Content-Security-Policy';
    const list = [
      name,
      "script-src 'none'",
      name,
      "form-action 'none'",
      'Content-Type',
      'text/html',
    ];
    const app = appOf((_req, res) => res.writeHead(200, list).end(PAGE), {
      configure: (one) => one.disable('x-powered-by'),
    });
    expect(await app.compare()).toBe('extended');
    expect(app.facts).toMatchObject([
      { allowsScript: false, allowsStyle: true, allowsForms: false },
    ]);
  });

  it('lead to a warning if they block style sheets', async () => {
    const app = appOf((_req, res) =>
      res.set('Content-Security-Policy', "style-src 'none'").send(PAGE),
    );
    expect(await app.compare()).toBe('extended');
    expect(app.warnings).toEqual([
      'the Content-Security-Policy of a page blocks the style sheet of the toolbar, so the toolbar stays hidden; ' +
        'add \'self\' to its style-src, or pass the option "nonce"',
    ]);
  });

  it('allow a nonce of the response', async () => {
    const app = appOf((_req, res) => res.send(PAGE), {
      before: [
        (_req, res, next) => {
          res.locals['nonce'] = 'abc123';
          res.set('Content-Security-Policy', "default-src 'nonce-abc123'");
          next();
        },
      ],
      nonce: (_req, res) => res.locals['nonce'] as string,
    });
    await app.ask();
    expect(app.facts).toMatchObject([{ allowsScript: true, allowsStyle: true, nonce: 'abc123' }]);
  });

  it.each<[string, () => unknown]>([
    ['an attribute', () => '" onload="alert(1)'],
    ['a number', () => 7],
    ['null', () => null],
    ['a promise that rejects', () => Promise.reject(new Error('no nonce'))],
  ])('refuse %s as a nonce, with a warning', async (_what, nonce) => {
    const app = appOf((_req, res) => res.send(PAGE), { nonce: nonce as () => string });
    expect(await app.compare()).toBe('extended');
    expect(app.facts).toMatchObject([{ nonce: undefined }]);
    expect(app.warnings).toEqual([
      'the option "nonce" must return a nonce, which is Base64 text, or undefined; no nonce is used',
    ]);
  });
});

describe('the markup', () => {
  const [{ express }] = versions;
  const pageWith = (markup: unknown) =>
    new InjectedApp(express, {
      send: (_req, res) => res.send(PAGE),
      markup: markup as () => string,
    });

  it('is in ASCII, whatever the page is in', async () => {
    const { body } = await pageWith(() => '<b>Gr\u00fc\u00dfe \u{1f600}\ud800</b>').ask();
    expect(body.toString('latin1')).toBe(`${PAGE}<b>Gr&#252;&#223;e &#128512;&#55296;</b>`);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['is empty', () => '', []],
    [
      'fails',
      () => {
        throw new Error('no view');
      },
      ['the toolbar is missing from a page: no view'],
    ],
    ['is a number', () => 7, ['the toolbar is missing from a page: its markup is not a text']],
    [
      'is a promise that rejects',
      () => Promise.reject(new Error('late')),
      ['the toolbar is missing from a page: its markup is not a text'],
    ],
    [
      'throws an object that throws',
      () => {
        throw Object.defineProperty({}, 'message', {
          get: () => {
            throw new Error('deep');
          },
        });
      },
      ["the toolbar is missing from a page: a value that can't be converted to text"],
    ],
  ])('is left out if it %s, and the page is whole', async (_what, markup, warnings) => {
    const app = pageWith(markup);
    const [first, second] = await app.askAll([{ headers: NAVIGATION }, { headers: NAVIGATION }]);
    expect([first?.body.toString(), second?.body.toString()]).toEqual([PAGE, PAGE]);
    expect(new Set(app.warnings)).toEqual(new Set(warnings));
  });
});
