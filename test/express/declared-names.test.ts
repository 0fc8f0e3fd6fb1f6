import { recordingSink } from 'evenhand/testing';
import request from 'supertest';
import type { EvenhandOptions } from 'evenhand';
import { audience, experiment } from '../assignment/build.ts';
import { Lines, testApp, versions } from './harness.ts';

/** An experiment whose first audience has the rule. */
const ruled = (name: string, rule: string) =>
  experiment({ name, audiences: [audience({ new: 100 }, rule), audience({ old: 100 })] });

const source = {
  segments: [{ name: 'pro', rule: 'user.is_authenticated and user.plan == "pro"' }],
  experiments: [
    ruled('welcome', 'segments.pro'),
    ruled('after_banner', 'experiments.banner == "a"'),
    ruled('after_visit', 'experiments.visit == "a"'),
    ruled('after_chance', 'experiments.chance == "a"'),
    ruled('after_failing', 'experiments.failing == "new"'),
    ruled('failing', 'user.nothing == 1'),
    experiment({ name: 'banner' }),
    experiment({ name: 'visit', identity: 'anonymous' }),
    experiment({ name: 'chance', identity: 'random' }),
  ],
};

describe.each(versions)('declared names in rules on Express $version', ({ express }) => {
  const appOf = (options: EvenhandOptions = {}) => testApp(express, { source, ...options });
  const user = '{"id":1,"plan":"pro","is_authenticated":true}';

  it('decide by segments', async () => {
    const { app } = appOf();
    const pro = await request(app).get('/variant/welcome').set('x-user', user);
    const visitor = await request(app).get('/variant/welcome');
    expect([pro.body, visitor.body]).toEqual(['new', 'old']);
  });

  it('mark the response like the other experiment', async () => {
    const { app } = appOf();
    for (const [asking, other] of [
      ['after_banner', 'banner'],
      ['after_chance', 'chance'],
      ['after_visit', 'visit'],
    ]) {
      const get = (name = '') => request(app).get(`/variant/${name}`).set('x-user', user);
      const [asked, direct] = [await get(asking), await get(other)];
      expect(asked.headers['cache-control']).toBe(direct.headers['cache-control']);
      // Its rule read the participant's variant.
      expect(asked.headers['vary']).toContain('Cookie');
      const cookies = [asked, direct].map(({ headers }) => headers['set-cookie'] !== undefined);
      expect(cookies).toEqual(other === 'visit' ? [true, true] : [false, false]);
    }
  });

  it('set the tracking cookie if the other experiment used the key', async () => {
    const { app } = appOf();
    const agent = request.agent(app);
    const first = await agent.get('/variant/after_visit');
    expect(first.headers['set-cookie']?.[0]).toMatch(/^__cwtk=/);
    expect(first.headers['cache-control']).toContain('private');
    expect(first.headers['vary']).toContain('Cookie');
    const visit = await agent.get('/variant/visit');
    expect(first.body).toBe(visit.body === 'a' ? 'new' : 'old');
    expect(visit.headers['set-cookie']).toBeUndefined();
  });

  it('follow the override cookie of the other experiment', async () => {
    const { app } = appOf({ overrides: { allow: () => true } });
    for (const [variant, expected] of [
      ['a', 'new'],
      ['b', 'old'],
    ]) {
      const response = await request(app)
        .get('/variant/after_banner')
        .set('x-user', user)
        .set('Cookie', `__cw=banner:${variant}`);
      expect(response.body).toBe(expected);
      expect(response.headers['vary']).toContain('Cookie');
      expect(response.headers['cache-control']).toContain('private');
    }
  });

  it('record no exposure to the other experiment', async () => {
    const sink = recordingSink();
    const { app, middleware } = testApp(express, { source, exposures: { sink } }, (routes) => {
      routes.get('/both', (req, res) => {
        req.variant('after_banner');
        const variant = req.variant('banner');
        res.json(variant);
      });
    });
    await request(app).get('/variant/after_banner').set('x-user', user);
    await middleware.exposures?.flush();
    expect(sink.exposures('banner')).toEqual([]);
    await request(app).get('/both').set('x-user', user);
    await middleware.exposures?.flush();
    expect(sink.exposures('banner')).toHaveLength(1);
  });

  it('follow onError if the other experiment fails', async () => {
    const logger = new Lines();
    const lenient = appOf({ onError: 'fallback', logger });
    await request(lenient.app).get('/variant/after_failing').expect(200, '"old"');
    expect(logger.errors.map((line) => line.split('\n', 1)[0])).toEqual([
      expect.stringMatching(/^evenhand: experiment "failing": /),
      expect.stringMatching(/^evenhand: experiment "after_failing": .* experiment "failing": /),
    ]);
    const { body, status } = await request(appOf({ onError: 'throw' }).app).get(
      '/variant/after_failing',
    );
    expect(status).toBe(500);
    expect(body).toMatchObject({ name: 'RuleError', code: 'prerequisite' });
    expect(body.message).toContain('experiment "after_failing": ');
  });
});
