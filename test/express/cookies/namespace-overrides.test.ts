import type { EvenhandOptions } from 'evenhand';
import { recordingSink } from 'evenhand/testing';
import * as fc from 'fast-check';
import request from 'supertest';
import { overridesOf, parseOverrides } from '../../../src/express/cookies/override-cookie.ts';
import { anyText } from '../../generators/any-text.ts';
import { runs } from '../../runs.ts';
import { Lines, testApp, versions, withNodeEnv } from '../harness.ts';

const source = {
  experiments: [],
  namespaces: [
    {
      name: 'checkout',
      unit: 'user.id',
      segments: 10,
      inputs: { userid: 'user.id' },
      defaults: { text: 'OK', link: '/' },
      experiments: [
        {
          name: 'words',
          variants: [
            { name: 'control', values: {} },
            { name: 'buy', values: { text: 'Buy', link: '/buy' } },
          ],
        },
        {
          name: 'prices',
          script: 'price = randomInteger(min=1, max=9, unit=userid); total = price * 2;',
        },
      ],
      history: [
        { add: 'words', segments: 9 },
        { add: 'prices', segments: 0 },
      ],
    },
    {
      name: 'my shop',
      unit: 'user.id',
      experiments: [{ name: 'a', script: 'x = 1;' }],
      history: [],
    },
    {
      name: 'a.b',
      unit: 'user.id',
      experiments: [{ name: 'a', script: 'x = 1;' }],
      history: [{ add: 'a', segments: 0 }],
    },
  ],
};

/** A user who is in the experiment `words`, and one who is in none. */
const INSIDE = 1;

describe('overridesOf', () => {
  it.each<[string, string | undefined, Record<string, string>]>([
    ['checkout.text:Buy', undefined, { text: 'Buy' }],
    ['checkout:words checkout.text:Buy', 'words', { text: 'Buy' }],
    ['checkout:a checkout:b', 'b', {}],
    ['checkout.text:a checkout.text:b', undefined, { text: 'b' }],
    ['checkout.link:https://example.com:80/', undefined, { link: 'https://example.com:80/' }],
    ['checkout.text:Buy%2520now', undefined, { text: 'Buy now' }],
    ['checkout.a.b:1', undefined, { 'a.b': '1' }],
    ['checkout.:1', undefined, { '': '1' }],
    ['checkout.text', undefined, {}],
    ['checkouts.text:Buy other:x', undefined, {}],
    ['checkout.__proto__:1', undefined, JSON.parse('{"__proto__":"1"}')],
  ])('reads %j', (cookie, experiment, params) => {
    const read = overridesOf(parseOverrides(cookie), 'checkout');
    expect({ ...read, params: Object.fromEntries(read.params) }).toEqual({ experiment, params });
  });

  it('reads back every name and value that is percent-encoded twice', () => {
    const twice = (text: string) => encodeURIComponent(encodeURIComponent(text));
    const short = anyText({ maxLength: 20 }).map((text) => Buffer.from(text).toString());
    fc.assert(
      fc.property(short, short, short, (namespace, name, value) => {
        const encode = (text: string) => twice(text).replaceAll('.', '%252E');
        const cookie = `${encode(namespace)}.${encode(name)}%3A${twice(value)}`;
        const { params } = overridesOf(parseOverrides(cookie), namespace);
        expect(params.get(name)).toBe(value);
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe.each(versions)('overrides in namespaces on Express $version', ({ express }) => {
  const setUp = (options: EvenhandOptions = {}) =>
    testApp(express, { source, ...options }, (app) => {
      app.get('/params', (req, res) => {
        res.json(req.namespace('checkout').getParams());
      });
      app.get('/get/:name', (req, res) => {
        res.json(req.namespace('checkout').get(req.params.name, 'none'));
      });
      app.get('/why', (req, res) => {
        res.json(req.namespace('checkout').explain());
      });
      app.get('/odd', (req, res) => {
        res.json([req.namespace('my shop').get('x'), req.namespace('a.b').get('x')]);
      });
    });

  const askIn = (app: ReturnType<typeof setUp>['app'], path: string, cookie: string, id = INSIDE) =>
    request(app).get(path).set('x-user', `{"id":${id}}`).set('Cookie', cookie);

  it.each([
    ['__cw=checkout.text:Pay', { text: 'Pay' }],
    ['__cw=checkout.text%3APay%2520now', { text: 'Pay now' }],
    ['__cw=checkout.variant:buy', { text: 'Buy', link: '/buy', variant: 'buy' }],
    ['__cw=checkout.variant:control checkout.link:/x', { text: 'OK', link: '/x' }],
    ['__cw=checkout:prices checkout.price:7', { price: 7, total: 14, text: 'OK' }],
    ['__cw=search:on%20checkout.price:7', { price: 7 }],
  ])('apply with %s', async (cookie, expected) => {
    const { app } = setUp();
    const response = await askIn(app, '/params', cookie);
    expect(response.body).toMatchObject(expected);
    expect(response.headers['cache-control']).toBe('private');
  });

  it('apply to one parameter of a user in no experiment', async () => {
    const { app } = setUp();
    const ids = Array.from({ length: 100 }, (_, id) => id);
    const places = await Promise.all(ids.map((id) => askIn(app, '/why', '', id)));
    const outside = places.findIndex(
      ({ body }) => !(body as { inExperiment: boolean }).inExperiment,
    );
    const { body } = await askIn(app, '/params', '__cw=checkout.text:Pay', outside);
    expect(body).toEqual({ text: 'Pay', link: '/' });
  });

  it('apply without a unit if an experiment that needs none is forced', async () => {
    const { app } = setUp();
    const why = await request(app).get('/why').set('Cookie', '__cw=checkout:words');
    expect(why.body).toMatchObject({ experiment: 'words', overrides: { experiment: 'words' } });
  });

  it('are a part of the explanation', async () => {
    const { app } = setUp();
    const { body } = await askIn(app, '/why', '__cw=checkout:prices checkout.text:Pay');
    expect(body).toMatchObject({
      experiment: 'prices',
      salt: 'checkout.prices',
      segment: expect.any(Number),
      overrides: { experiment: 'prices', params: { text: 'Pay' } },
    });
    expect((await askIn(app, '/why', '__cw=checkout:nothing')).body).not.toHaveProperty(
      'overrides',
    );
  });

  it('apply to namespaces whose names have dots or spaces', async () => {
    const { app } = setUp();
    const cookie = '__cw=a.b.x:2 my%2520shop:a my%2520shop.x:3';
    expect((await askIn(app, '/odd', cookie)).body).toEqual([null, 2]);
  });

  it('are counted, and recorded as overridden beside the exposure without them', async () => {
    const sink = recordingSink();
    const { app, middleware } = setUp({ exposures: { sink } });
    for (const cookie of ['__cw=checkout.variant:buy', '__cw=checkout.variant:buy', '']) {
      await askIn(app, '/get/text', cookie);
    }
    await askIn(app, '/get/price', '__cw=checkout.price:7');
    await middleware.exposures?.flush();
    const records = sink.exposures('checkout.words');
    expect(records.map(({ unit, overridden }) => [unit, overridden])).toEqual([
      ['1', true],
      ['1', false],
    ]);
    expect(records[0]).toMatchObject({ variant: 'buy' });
  });

  it.each([
    ['in production', 'production', {}, false],
    ['in development', 'development', {}, true],
    ['in production with permission', 'production', { allow: () => true }, true],
  ])('are permitted like those of experiments %s', async (_what, nodeEnv, overrides, applies) => {
    const { app } = withNodeEnv(nodeEnv, () => setUp({ overrides }));
    const { body } = await askIn(app, '/get/text', '__cw=checkout.text:Pay');
    expect(body === 'Pay').toBe(applies);
  });

  it('are ignored if the permission itself reads the namespace', async () => {
    const allow: NonNullable<Exclude<EvenhandOptions['overrides'], false | undefined>['allow']> = (
      req,
    ) => req.namespace('checkout').get('text', '') !== 'Pay';
    const { app } = withNodeEnv('production', () => setUp({ overrides: { allow } }));
    const { status, body } = await askIn(app, '/get/text', '__cw=checkout.text:Pay');
    expect([status, body === 'Pay']).toEqual([200, false]);
  });

  it.each([
    [
      'checkout.textt:Pay',
      'the parameter "textt" of the namespace "checkout", which no running experiment sets; did you mean "text"?',
    ],
    [
      'checkout.price:many',
      'the parameter "price" of the namespace "checkout" to "many", which must be a number',
    ],
    [
      'checkout.variant:bui',
      'the parameter "variant" of the namespace "checkout" to "bui", which must be one of "control", "buy"',
    ],
    [
      'checkout:word',
      'the experiment "word", which does not run in the namespace "checkout"; did you mean "words"?',
    ],
    [
      'chekout.text:Pay',
      'a parameter of "chekout", which is not a namespace; did you mean "checkout"?',
    ],
  ])('that force nothing cause a warning: %s', async (override, problem) => {
    const logger = new Lines();
    const { app } = setUp({ logger });
    for (let i = 0; i < 2; i++) await askIn(app, '/get/text', `__cw=${override}`);
    expect(logger.warnings).toEqual([`evenhand: the cookie __cw forces ${problem}`]);
  });

  it('of a namespace whose name begins with that of another cause no warning', async () => {
    const logger = new Lines();
    const namespaces = ['a', 'a.b', 'a.b.c'].map((name) => ({
      name,
      unit: 'user.id',
      experiments: [{ name: 'a', script: `x = 1; ${name.replaceAll('.', '_')} = 1;` }],
      history: [{ add: 'a', segments: 0 }],
    }));
    const { app } = setUp({ logger, source: { experiments: [], namespaces } });
    const { body } = await askIn(app, '/odd', '__cw=a.b.a_b:2 a.b.c.a_b_c:2 a.a:2');
    expect(body).toEqual([null, null]);
    expect(logger.warnings.filter((line) => line.includes('cookie'))).toEqual([]);
  });

  it('that apply cause no warning', async () => {
    const logger = new Lines();
    const { app } = setUp({ logger });
    await askIn(app, '/get/text', '__cw=checkout:prices checkout.price:1 checkout.text:5');
    expect(logger.warnings).toEqual([]);
  });

  it.each([
    [
      'names of prototypes',
      'checkout.__proto__:1 checkout.constructor:1 checkout:toString __proto__.text:1',
    ],
    ['deep JSON', `checkout.price:${'['.repeat(3000)}`],
    ['quotes', 'checkout.text:"" checkout.price:"7" checkout:"prices"'],
    ['a broken escape', 'checkout.text%E0%A4%A:Pay'],
    ['a name without a value', 'checkout.text checkout. checkout'],
    ['more than browsers keep', `checkout.text:${'x'.repeat(4096)}`],
    ['dots and colons', `${'.'.repeat(1000)}${':'.repeat(1000)}`],
  ])('set no other parameters with %s', async (_what, overrides) => {
    const { app } = setUp();
    const [plain, forced] = await Promise.all(
      ['', `__cw=${overrides}`].map((cookie) => askIn(app, '/params', cookie)),
    );
    expect([forced?.status, Object.keys(forced?.body as object)]).toEqual([
      200,
      Object.keys(plain?.body as object),
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
