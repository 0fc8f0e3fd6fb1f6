import { createServer } from 'node:http';
import { join } from 'node:path';
import { evenhand } from 'evenhand';
import request from 'supertest';
import { experiments, Lines, showError, testApp, versions } from '../harness.ts';
import { closing } from '../../closing.ts';

describe.each(versions)('the request methods on Express $version', ({ express }) => {
  it('answer for the participant of the request', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/all', (req, res) => {
        res.json({
          isVariant: req.isVariant('by_rule', 'pro'),
          oneOf: req.isVariant('by_rule', ['others', 'pro']),
          isOn: [req.isOn('search'), req.isOn('chat')],
          isOff: [req.isOff('search'), req.isOff('chat')],
          variant: req.variant('by_rule'),
          explained: req.experiments.explain('by_rule').variant,
        });
      });
    });
    const pro = await request(app).get('/all').set('x-user', '{"id":1,"plan":"pro"}');
    expect(pro.body).toEqual({
      isVariant: true,
      oneOf: true,
      isOn: [true, false],
      isOff: [false, true],
      variant: 'pro',
      explained: 'pro',
    });
    const free = await request(app).get('/all').set('x-user', '{"id":1,"plan":"free"}');
    expect(free.body).toMatchObject({ isVariant: false, oneOf: true, variant: 'others' });
  });

  it('are functions in views, called without an object', async () => {
    const { app } = testApp(express, {}, (app) => {
      // Any file will do: this engine renders what it was handed, not what is in the file.
      app.engine('ts', (_path, options, callback) => {
        const { isVariant, isOn, isOff, variant } = options as unknown as Express.Locals;
        callback(
          null,
          JSON.stringify([
            isVariant('by_rule', ['pro']),
            isOn('search'),
            isOff('search'),
            variant('by_rule'),
          ]),
        );
      });
      app.set('views', join(__dirname, '..'));
      app.get('/view', (_req, res) => res.render('harness.ts'));
    });
    const { text } = await request(app).get('/view').set('x-user', '{"id":1,"plan":"pro"}');
    expect(JSON.parse(text)).toEqual([true, true, false, 'pro']);
  });

  it('remember a decision for the request', async () => {
    let draws = 0;
    const { app } = testApp(express, { random: () => (draws++ % 2) / 2 }, (app) => {
      app.get('/twice', (req, res) => {
        res.json([req.variant('by_chance'), req.variant('by_chance')]);
      });
    });
    expect((await request(app).get('/twice')).body).toEqual(['a', 'a']);
    expect((await request(app).get('/twice')).body).toEqual(['b', 'b']);
  });

  it('keep concurrent requests apart', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/slow', (req, res) => {
        const before = req.variant('by_rule');
        setImmediate(() => {
          res.json([before, req.variant('by_rule'), res.locals.variant('members')]);
        });
      });
    });
    const server = closing(app.listen(0));
    const plans = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 'pro' : 'free'));
    const answers = await Promise.all(
      plans.map((plan, id) =>
        request(server).get('/slow').set('x-user', JSON.stringify({ id, plan })),
      ),
    );
    expect(answers.map(({ body }) => body)).toEqual(
      plans.map((plan) => {
        const variant = plan === 'pro' ? 'pro' : 'others';
        return [variant, variant, 'in'];
      }),
    );
  });

  it('are false for an unknown experiment, with one warning for each name', async () => {
    const logger = new Lines();
    const { app } = testApp(express, { logger }, (app) => {
      app.get('/unknown', (req, res) => {
        res.json([
          req.isVariant('serach', 'a'),
          req.isOn('serach'),
          req.isOff('serach'),
          req.variant('serach') ?? null,
        ]);
      });
    });
    expect((await request(app).get('/unknown')).body).toEqual([false, false, false, null]);
    await request(app).get('/unknown');
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toContain('"serach"');
    expect(logger.errors).toEqual([]);
  });

  it('throw if the request has not passed the middleware', async () => {
    const app = express();
    app.get('/before', (req, res) => {
      res.json(req.isOn('search'));
    });
    app.get('/before-too', (req, res) => {
      res.json(req.experiments.variants());
    });
    app.use(evenhand({ source: experiments }));
    app.get('/after', (req, res) => {
      res.json(req.isOn('search'));
    });
    app.use(showError);
    expect((await request(app).get('/after')).body).toBe(true);
    expect((await request(app).get('/before')).body).toMatchObject({
      code: 'not-mounted',
      message: expect.stringContaining('app.use(evenhand())'),
    });
    expect((await request(app).get('/before-too')).body).toMatchObject({ code: 'not-mounted' });
  });

  it('throw if they are called without their request', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/bare', (req, res) => {
        const isOn: typeof req.isOn = Reflect.get(req, 'isOn');
        res.json(isOn('search'));
      });
    });
    expect((await request(app).get('/bare')).body).toMatchObject({
      code: 'not-mounted',
      message: expect.stringContaining('as a method of the request'),
    });
  });

  it('work on an object that inherits from the request', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/derived', (req, res) => {
        const derived: typeof req = Object.create(req);
        res.json([derived.isOn('search'), derived.experiments === req.experiments]);
      });
    });
    expect((await request(app).get('/derived')).body).toEqual([true, true]);
  });

  it('work in an application that is mounted in several', async () => {
    const mounted = express();
    mounted.get('/mounted', (req, res) => {
      res.json([req.isOn('search'), req.experiments.isOn('search')]);
    });
    const { app } = testApp(express, {}, (app) => app.use(mounted));
    express().use(mounted);
    expect((await request(app).get('/mounted')).body).toEqual([true, true]);
  });

  it('work after a mounted application that has the middleware', async () => {
    const mounted = express();
    mounted.use(evenhand({ source: experiments }));
    const app = express();
    app.use(mounted);
    app.get('/', (req, res) => {
      res.json(req.isOn('search'));
    });
    expect((await request(app).get('/')).body).toBe(true);
  });

  it("don't affect applications without the middleware", async () => {
    const { app } = testApp(express);
    await request(app).get('/idle');
    const other = express();
    other.get('/', (req, res) => {
      const enumerated: string[] = [];
      for (const name in req) enumerated.push(name);
      const before: unknown = req.experiments;
      Object.assign(req, { experiments: 'mine', variant: 'mine too' });
      res.json([
        before ?? null,
        enumerated.filter((name) => /^(is(Variant|On|Off)|variant|experiments)$/.test(name)),
        req.experiments,
        Object.entries(req).find(([name]) => name === 'variant')?.[1],
      ]);
    });
    expect((await request(other).get('/')).body).toEqual([null, [], 'mine', 'mine too']);
  });

  it('let an application set req.experiments itself', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/assign', (req, res) => {
        Object.assign(req, { experiments: 'mine' });
        res.json([req.experiments, req.isOn('search')]);
      });
    });
    expect((await request(app).get('/assign')).body).toEqual(['mine', true]);
  });

  it('work for requests of other frameworks too', async () => {
    const middleware = evenhand({ source: experiments });
    const server = createServer((req, res) => {
      const like = Object.assign(res, { locals: {} });
      middleware(req as never, like as never, () => {
        const asked = req as unknown as Express.Request;
        res.end(JSON.stringify([asked.isOn('search'), asked.experiments.isOn('chat')]));
      });
    });
    expect(JSON.parse((await request(server).get('/')).text)).toEqual([true, false]);
  });
});
