import type { EvenhandOptions } from 'evenhand';
import { overrideExperiment } from 'evenhand/testing';
import request from 'supertest';
import { Lines, testApp, versions, withNodeEnv } from '../harness.ts';

describe.each(versions)('overrides without an effect on Express $version', ({ express }) => {
  const setUp = (options: EvenhandOptions = {}, nodeEnv = 'test') => {
    const logger = new Lines();
    const { app } = withNodeEnv(nodeEnv, () => testApp(express, { logger, ...options }));
    return { app, logger };
  };
  const askWith = (app: ReturnType<typeof setUp>['app'], cookie: string) =>
    request(app).get('/variant/search').set('Cookie', cookie);

  const unknown =
    'evenhand: the cookie __cw forces a variant of "by_usr", which is not an experiment; did you mean "by_user"?';
  const undeclared =
    'evenhand: the cookie __cw forces the variant "c", which "by_user" does not have; declared: a, b';

  it('cause one warning each, with a suggestion, if an agent forces them', async () => {
    const { app, logger } = setUp();
    const agent = overrideExperiment(request.agent(app), { by_usr: 'a' });
    await agent.get('/variant/search').expect(200);
    await agent.get('/variant/search').expect(200);
    expect(logger.warnings).toEqual([unknown]);
    await overrideExperiment(agent, { by_user: 'c' }).get('/variant/search').expect(200);
    expect(logger.warnings).toEqual([unknown, undeclared]);
  });

  it('cause the same warnings if one request forces them', async () => {
    const { app, logger } = setUp();
    for (let i = 0; i < 2; i++) {
      await overrideExperiment(request(app).get('/variant/search'), { by_usr: 'a', by_user: 'c' });
    }
    expect(logger.warnings).toEqual([unknown, undeclared]);
  });

  it('cause the same warnings if the cookie was written by hand', async () => {
    const { app, logger } = setUp();
    await askWith(app, '__cw=by_user:c by_usr:a search:off');
    await askWith(app, '__cw=by_user%3Ac%20by_usr%3Aa');
    expect(logger.warnings).toEqual([undeclared, unknown]);
  });

  it('suggest the variant that a misspelt one stands for', async () => {
    const { app, logger } = setUp();
    await askWith(app, '__cw=by_rule:Pro search:onn');
    expect(logger.warnings).toEqual([
      expect.stringContaining('"Pro", which "by_rule" does not have; did you mean "pro"?'),
      expect.stringContaining('"onn", which "search" does not have; did you mean "on"?'),
    ]);
  });

  it('cause no warning if they have an effect, or if no decision is asked for', async () => {
    const { app, logger } = setUp();
    await askWith(app, '__cw=by_user:a search:off chat:on');
    await request(app).get('/idle').set('Cookie', '__cw=nothing:a');
    expect(logger.warnings).toEqual([]);
  });

  it.each([
    ['without permission', {}],
    ['with permission', { overrides: { allow: () => true } }],
  ])('cause no warning in production %s', async (_with, options) => {
    const { app, logger } = setUp(options, 'production');
    await askWith(app, '__cw=by_usr:a by_user:c');
    expect([...logger.warnings, ...logger.errors]).toEqual([]);
  });

  it('cause no warning if overrides are switched off', async () => {
    const { app, logger } = setUp({ overrides: false });
    await askWith(app, '__cw=by_usr:a');
    expect(logger.warnings).toEqual([]);
  });

  it('are reported at most a hundred times, and quoted', async () => {
    const { app, logger } = setUp();
    for (let i = 0; i < 3; i++) {
      const many = Array.from({ length: 60 }, (_, n) => `no_${i}_${n}:a`);
      await askWith(app, `__cw=${many.join(' ')}`);
    }
    expect(logger.warnings).toHaveLength(100);
    const { app: other, logger: lines } = setUp();
    await askWith(other, `__cw=${encodeURIComponent(`a\u001b[2J${'x'.repeat(500)}:b`)}`);
    expect(lines.warnings).toEqual([expect.stringContaining('"a\\u001b[2Jxxx')]);
    expect(lines.warnings[0]?.length).toBeLessThan(400);
  });
});
