import cookieParser from 'cookie-parser';
import express, { type Express } from 'express';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { evenhand, type EvenhandOptions } from '../../src/index.ts';
import { overrideExperiment } from '../../src/testing/index.ts';
import { closing } from '../closing.ts';

const experiments = [
  {
    name: 'button',
    identity: 'user.id',
    variants: [{ name: 'plain' }, { name: 'bold' }, { name: 'round' }],
    audiences: [{ allocations: [{ variant: 'plain', percent: 100 }] }],
  },
  'banner:on',
  'j:off',
  's:off',
];

/** The variants of everyone without overrides. */
const DEFAULTS = { button: 'plain', banner: 'on', j: 'off', s: 'off' };

/** Answers `/` with the variants and the other cookies; `/cookie` and `/under/a/path` set cookies. */
function testApp(options: EvenhandOptions = {}): Express {
  const app = express();
  app.use(cookieParser('secret'));
  app.use(evenhand({ source: experiments, logger: false, ...options }));
  app.get('/', (req, res) => {
    const { __cw: _override, ...cookies } = req.cookies;
    res.json({ variants: req.experiments.variants(), cookies });
  });
  app.get('/set', (req, res) => {
    for (const [name, value] of Object.entries(req.query)) res.cookie(name, value);
    res.end();
  });
  return app;
}

describe('overrideExperiment', () => {
  describe('with an agent', () => {
    it('forces the variants in all requests of the agent', async () => {
      const agent = overrideExperiment(request.agent(testApp()), { button: 'bold' });
      for (const path of ['/', '/', '/?again']) {
        const { body } = await agent.get(path);
        expect(body.variants).toEqual({ ...DEFAULTS, button: 'bold' });
      }
    });

    it('adds variants with each call; for one experiment, the last call wins', async () => {
      const agent = request.agent(testApp());
      overrideExperiment(agent, { button: 'bold', banner: 'off' });
      overrideExperiment(overrideExperiment(agent, { button: 'round' }), { s: 'on' });
      const { body } = await agent.get('/');
      expect(body.variants).toEqual({ button: 'round', banner: 'off', j: 'off', s: 'on' });
    });

    it('does not affect other agents of the application', async () => {
      const app = testApp();
      overrideExperiment(request.agent(app), { button: 'bold' });
      const { body } = await request.agent(app).get('/');
      expect(body.variants).toEqual(DEFAULTS);
    });

    it('keeps the agent’s other cookies', async () => {
      const agent = request.agent(testApp());
      await agent.get('/set?session=1');
      overrideExperiment(agent, { button: 'bold' });
      await agent.get('/set?basket=2');
      const { body } = await agent.get('/');
      expect(body.cookies).toEqual({ session: '1', basket: '2' });
      expect(body.variants.button).toBe('bold');
    });

    it('keeps overrides that the application sets', async () => {
      const agent = request.agent(testApp());
      await agent.get('/set').query({ __cw: 'button:bold banner:off' });
      overrideExperiment(agent, { button: 'round' });
      const { body } = await agent.get('/');
      expect(body.variants).toEqual({ ...DEFAULTS, button: 'round', banner: 'off' });
    });

    it('works with the address of a running server', async () => {
      const server = closing(testApp().listen(0));
      const { port } = server.address() as AddressInfo;
      const agent = request.agent(`http://localhost:${port}`);
      overrideExperiment(agent, { button: 'bold' });
      overrideExperiment(agent, { banner: 'off' });
      const { body } = await agent.get('/');
      expect(body.variants).toEqual({ ...DEFAULTS, button: 'bold', banner: 'off' });
    });
  });

  describe('with one request', () => {
    it('forces the variants in that request only', async () => {
      const app = testApp();
      const { body } = await overrideExperiment(request(app).get('/'), { button: 'bold' });
      expect(body.variants).toEqual({ ...DEFAULTS, button: 'bold' });
      expect((await request(app).get('/')).body.variants).toEqual(DEFAULTS);
    });

    it('returns the request for further supertest calls', async () => {
      const { status, type } = await overrideExperiment(request(testApp()).get('/'), {})
        .set('accept', 'application/json')
        .expect(/"plain"/);
      expect([status, type]).toEqual([200, 'application/json']);
    });

    it('adds variants with each call; for one experiment, the last call wins', async () => {
      const one = request(testApp()).get('/');
      overrideExperiment(one, { button: 'bold', banner: 'off' });
      overrideExperiment(one, { button: 'round' });
      const { body } = await one;
      expect(body.variants).toEqual({ ...DEFAULTS, button: 'round', banner: 'off' });
    });

    it('keeps the other cookies of the request', async () => {
      const one = request(testApp()).get('/').set('Cookie', ['a=1; b=x%3Dy', 'c=3=3']);
      const { body } = await overrideExperiment(one, { button: 'bold' });
      expect(body.cookies).toEqual({ a: '1', b: 'x=y', c: '3=3' });
      expect(body.variants.button).toBe('bold');
    });

    it('keeps the first of two cookies with one name, which servers read', async () => {
      const one = request(testApp()).get('/').set('Cookie', 'a=1; a=2');
      const { body } = await overrideExperiment(one, { button: 'bold' });
      expect(body.cookies).toEqual({ a: '1' });
    });

    it('adds to an override cookie of the request, encoded or not', async () => {
      for (const cookie of ['__cw=banner:off button:bold', '__cw=banner%3Aoff%20button%3Abold']) {
        const one = request(testApp()).get('/').set('Cookie', cookie);
        const { body } = await overrideExperiment(one, { button: 'round' });
        expect(body.variants).toEqual({ ...DEFAULTS, button: 'round', banner: 'off' });
      }
    });

    it('replaces a malformed override cookie', async () => {
      const one = request(testApp()).get('/').set('Cookie', '__cw=%E0%A4%A');
      const { body } = await overrideExperiment(one, { button: 'round' });
      expect(body.variants).toEqual({ ...DEFAULTS, button: 'round' });
    });

    it('adds to the overrides of its agent, and wins over them', async () => {
      const agent = overrideExperiment(request.agent(testApp()), { button: 'bold', banner: 'off' });
      await agent.get('/set?session=1');
      const { body } = await overrideExperiment(agent.get('/'), { button: 'round' });
      expect(body.variants).toEqual({ ...DEFAULTS, button: 'round', banner: 'off' });
      expect(body.cookies).toEqual({ session: '1' });

      const next = await agent.get('/');
      expect(next.body.variants).toEqual({ ...DEFAULTS, button: 'bold', banner: 'off' });
    });
  });

  it('uses the cookie name of the application', async () => {
    const app = testApp({ overrides: { cookie: 'force' } });
    const agent = overrideExperiment(request.agent(app), { button: 'bold' }, { cookie: 'force' });
    expect((await agent.get('/')).body.variants.button).toBe('bold');
    const one = overrideExperiment(request(app).get('/'), { button: 'bold' });
    expect((await one).body.variants.button).toBe('plain');
  });

  it.each(['j', 's'])('reaches the experiment %s past cookie-parser’s prefixes', async (name) => {
    const { body } = await overrideExperiment(request(testApp()).get('/'), { [name]: 'on' });
    expect(body.variants).toEqual({ ...DEFAULTS, [name]: 'on' });
  });

  it('sends undeclared variants, which the application ignores', async () => {
    const variants = { button: 'square', no_such_test: 'a' };
    const { body } = await overrideExperiment(request(testApp()).get('/'), variants);
    expect(body.variants).toEqual(DEFAULTS);
  });

  it('changes nothing without variants', async () => {
    const { body } = await overrideExperiment(request(testApp()).get('/'), {});
    expect(body.variants).toEqual(DEFAULTS);
  });

  describe('throws OptionError', () => {
    const one = () => request(testApp()).get('/');

    it.each([
      [
        'an experiment’s name that can’t be',
        { 'a b': 'x' },
        '"a b" is not the name of an experiment',
      ],
      ['an empty name', { '': 'x' }, '"" is not the name of an experiment'],
      ['a variant that can’t be', { a: 'x; y=z' }, '"x; y=z" is not the name of a variant'],
      ['a variant with a line break', { a: 'x\n' }, '"x\\n" is not the name of a variant'],
    ])('for %s', (_name, variants, message) => {
      expect(() => overrideExperiment(one(), variants)).toThrow(
        expect.objectContaining({ code: 'option', message: expect.stringContaining(message) }),
      );
    });

    it('for more variants than fit in a cookie', () => {
      const many = Object.fromEntries(
        Array.from({ length: 500 }, (_, i) => [`experiment_${i}`, 'on']),
      );
      expect(() => overrideExperiment(one(), many)).toThrow(
        expect.objectContaining({
          code: 'option',
          message: expect.stringContaining('500 variants'),
        }),
      );
    });

    it.each([
      ['request(app), which is not a request yet', () => request(testApp())],
      ['the application', () => testApp() as never],
      ['nothing', () => null as never],
    ])('for %s', (_name, target) => {
      expect(() => overrideExperiment(target(), { a: 'b' })).toThrow(
        expect.objectContaining({
          code: 'option',
          message: expect.stringContaining('request.agent(app), or one request'),
        }),
      );
    });

    it.each([
      ['an unknown option', { cookies: 'x' }, 'did you mean "cookie"?'],
      ['a cookie name that can’t be', { cookie: 'a=b' }, 'option "cookie" must be a cookie name'],
    ])('for %s', (_name, options, message) => {
      expect(() => overrideExperiment(one(), { a: 'b' }, options as { cookie: string })).toThrow(
        expect.objectContaining({ code: 'option', message: expect.stringContaining(message) }),
      );
    });
  });
});
