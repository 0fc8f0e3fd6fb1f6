import request from 'supertest';
import { type EvenhandOptions } from 'evenhand';
import { testApp, versions } from '../harness.ts';

describe.each(versions)('the caching headers on Express $version', ({ express }) => {
  const headersOf = async (path: string, options: EvenhandOptions = {}, cookie = '') => {
    const { app } = testApp(express, options);
    const { headers } = await request(app)
      .get(path)
      .set('x-user', '{"id":1}')
      .set('Cookie', cookie);
    return [headers['vary'], headers['cache-control']];
  };

  it.each<[string, string | undefined, string | undefined, string]>([
    ['/idle', undefined, undefined, 'nothing is asked'],
    ['/variant/search', undefined, undefined, 'a switch is the same for all'],
    ['/variant/nowhere', undefined, undefined, 'an unknown experiment is the same for all'],
    ['/variant/by_user', 'Cookie', undefined, 'an identity was looked at'],
    ['/variant/by_rule', 'Cookie', undefined, 'a rule was looked at'],
    ['/variant/by_chance', undefined, 'private', 'the variant was drawn'],
    ['/variant/by_anonymous', 'Cookie', 'private', 'the visitor was given a key'],
  ])('of %s: Vary is %s, Cache-Control is %s, since %s', async (path, vary, control) => {
    expect(await headersOf(path)).toEqual([vary, control]);
  });

  it('need no private for a visitor whose key has most of its life left', async () => {
    expect(await headersOf('/variant/by_anonymous', {}, '__cwtk=abc; __cwtk_r=1')).toEqual([
      'Cookie',
      undefined,
    ]);
  });

  it('are private if an override decided, which depends on more than cookies', async () => {
    expect(await headersOf('/variant/search', {}, '__cw=search:off')).toEqual([
      'Cookie',
      'private',
    ]);
  });

  it('are private if the tracking cookie is set without a decision', async () => {
    expect(await headersOf('/idle', { trackingCookie: { when: 'always' } })).toEqual([
      undefined,
      'private',
    ]);
  });

  it.each<[EvenhandOptions['vary'], string | undefined]>([
    [true, 'Cookie'],
    [false, undefined],
    [[], undefined],
    [['Authorization', 'Cookie'], 'Authorization, Cookie'],
  ])('with vary: %j', async (vary, expected) => {
    expect(await headersOf('/variant/by_user', { vary } as EvenhandOptions)).toEqual([
      expected,
      undefined,
    ]);
  });

  it('are added to the Vary of the application, each name once', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/varied', (req, res) => {
        res.set('Vary', 'Accept-Encoding, cookie');
        res.json([req.variant('by_user'), req.variant('by_rule')]);
      });
      app.get('/more', (req, res) => {
        res.set('Vary', 'Accept-Encoding');
        res.json([req.variant('by_user'), req.variant('by_rule')]);
      });
    });
    const ask = async (path: string) =>
      (await request(app).get(path).set('x-user', '{"id":1}')).headers['vary'] as unknown;
    expect(await ask('/varied')).toBe('Accept-Encoding, cookie');
    expect(await ask('/more')).toBe('Accept-Encoding, Cookie');
  });

  it('keep the Cache-Control of the application, set before or after', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/before', (req, res) => {
        res.set('Cache-Control', 'no-store').json(req.variant('by_chance'));
      });
      app.get('/after', (req, res) => {
        const variant = req.variant('by_chance');
        res.set('Cache-Control', 'no-cache').json(variant);
      });
    });
    expect((await request(app).get('/before')).headers['cache-control']).toBe('no-store');
    expect((await request(app).get('/after')).headers['cache-control']).toBe('no-cache');
  });

  it('are skipped once the headers are sent, and the response continues', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/late', (req, res) => {
        res.write('begun ');
        res.write(`${req.variant('by_chance')} ${req.variant('by_user')} `);
        res.end(req.variant('by_rule'));
      });
    });
    const { text, headers } = await request(app).get('/late').set('x-user', '{"id":1}');
    expect(text).toMatch(/^begun [ab] [ab] others$/);
    expect(headers).not.toHaveProperty('vary');
    expect(headers).not.toHaveProperty('cache-control');
  });
});
