import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evenhand, type EvenhandError, type RawSpecification, type Source } from 'evenhand';
import request from 'supertest';
import { experiments, Lines, testApp, versions } from './harness.ts';
import { closing } from '../closing.ts';

/** Returns the error that a function throws. */
function thrownBy(run: () => unknown): EvenhandError {
  try {
    run();
  } catch (error) {
    return error as EvenhandError;
  }
  throw new Error('nothing was thrown');
}

/** A source whose promise is settled by the test. */
function deferredSource() {
  let settle = (_raw: RawSpecification): void => {};
  let fail = (_error: unknown): void => {};
  let closed = 0;
  const promise = new Promise<RawSpecification>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  const source: Source = { name: 'slow', load: () => promise, close: () => void closed++ };
  return { source, settle, fail, closed: () => closed };
}

describe('evenhand', () => {
  let directory: string;
  let file: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-'));
    file = join(directory, 'experiments.config.json');
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('throws at once for a missing file, with its whole path', () => {
    const error = thrownBy(() => evenhand({ source: join(directory, 'missing.json') }));
    expect(error.code).toBe('source');
    expect(error.message).toContain(join(directory, 'missing.json'));
  });

  it('throws at once for a directory', () => {
    const error = thrownBy(() => evenhand({ source: directory }));
    expect(error.code).toBe('source');
    expect(error.message).toContain('directory');
  });

  it('throws at once for bad JSON, with line and column', () => {
    writeFileSync(file, '[\n  "search:on",\n  oops\n]');
    const error = thrownBy(() => evenhand({ source: file }));
    expect(error.code).toBe('json');
    expect(error.message).toContain(`${file}:3:3`);
  });

  it('throws at once for an invalid specification, with all its problems', () => {
    writeFileSync(file, '[\n  "search:onn",\n  { "name": "x" }\n]');
    const error = thrownBy(() => evenhand({ source: file }));
    expect(error).toMatchObject({ code: 'spec', origin: file });
    expect(error.message).toContain(`${file}:2:3`);
    expect(error.message).toContain('/1');
  });

  it('throws at once for invalid options', () => {
    expect(thrownBy(() => evenhand({ trackingCokie: {} } as object)).message).toContain(
      'did you mean "trackingCookie"?',
    );
  });

  it('reads experiments.config.json in the working directory by default', () => {
    const cwd = process.cwd();
    writeFileSync(file, '["search:on"]');
    process.chdir(directory);
    try {
      expect(evenhand().experiments().has('search')).toBe(true);
    } finally {
      process.chdir(cwd);
    }
  });

  it('is ready at once for a file, and can be closed twice', async () => {
    const middleware = evenhand({ source: experiments });
    await middleware.ready();
    expect(middleware.experiments().experiments.map(({ name }) => name)).toContain('by_user');
    await middleware.close();
    await middleware.close();
    expect(middleware.experiments().has('by_user')).toBe(true);
  });
});

describe.each(versions)('the middleware on Express $version', ({ express }) => {
  it('sets no cookie and no header if nothing is decided', async () => {
    const { app } = testApp(express);
    const { headers } = await request(app).get('/idle').set('Cookie', '__cwtk=no%0Akey');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('vary');
    expect(headers).not.toHaveProperty('cache-control');
  });

  it('lets requests wait for an asynchronous source', async () => {
    const { source, settle, closed } = deferredSource();
    const { app, middleware } = testApp(express, { source });
    expect(thrownBy(() => middleware.experiments()).message).toContain('ready()');
    const server = closing(app.listen(0));
    const answers = [1, 2].map(() => Promise.resolve(request(server).get('/variant/search')));
    setImmediate(() => settle({ data: ['search:on'], origin: 'test' }));
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(['on', 'on']);
    await middleware.ready();
    expect((await request(server).get('/variant/search')).body).toBe('on');
    await middleware.close();
    expect(closed()).toBe(1);
  });

  it('passes on the error of a source that fails later', async () => {
    const { source, fail } = deferredSource();
    const { app, middleware } = testApp(express, { source });
    fail(new Error('out of reach'));
    expect((await request(app).get('/idle')).body).toMatchObject({
      code: 'source',
      message: expect.stringContaining('out of reach'),
    });
    await expect(middleware.ready()).rejects.toMatchObject({ code: 'source' });
  });

  it('passes on the error of an invalid specification that arrives later', async () => {
    const { source, settle } = deferredSource();
    const { app } = testApp(express, { source });
    settle({ text: '[\n"search"]', origin: 'table' });
    expect((await request(app).get('/idle')).body).toMatchObject({
      code: 'spec',
      message: expect.stringContaining('table:2:1'),
    });
  });

  it('does nothing the second time a request meets it', async () => {
    const middleware = evenhand({ source: experiments });
    const app = express();
    app.use(middleware);
    app.use((req, res, next) => {
      res.locals['first'] = req.experiments;
      next();
    });
    app.use(middleware);
    app.get('/', (req, res) => {
      res.json(req.experiments === res.locals['first']);
    });
    expect((await request(app).get('/')).body).toBe(true);
  });

  it('is replaced by another middleware from there on, with the same tracking key', async () => {
    const { app: inner } = testApp(express, {
      source: [experiments[2], 'search:off'],
    });
    const outer = express();
    outer.use(evenhand({ source: experiments }));
    outer.use((req, res, next) => {
      res.set('x-outer', `${req.variant('search')} ${req.variant('by_anonymous')}`);
      next();
    });
    outer.use('/inner', inner);
    const { headers, body } = await request(outer).get('/inner/variant/search');
    expect(body).toBe('off');
    expect(headers['x-outer']).toMatch(/^on [ab]$/);
    const { headers: both } = await request(outer).get('/inner/variant/by_anonymous');
    expect(both['set-cookie']).toEqual([
      expect.stringMatching(/^__cwtk=/),
      expect.stringMatching(/^__cwtk_r=/),
    ]);
  });

  it('serves mounted applications and routers below it', async () => {
    const router = express.Router();
    router.get('/where', (req, res) => {
      res.json([req.baseUrl, req.variant('search'), typeof res.locals.isOn]);
    });
    const mounted = express();
    mounted.use('/deep', router);
    const { app } = testApp(express, {}, (app) => {
      app.use('/router', router);
      app.use('/mounted', mounted);
    });
    expect((await request(app).get('/router/where')).body).toEqual(['/router', 'on', 'function']);
    expect((await request(app).get('/mounted/deep/where')).body).toEqual([
      '/mounted/deep',
      'on',
      'function',
    ]);
  });

  it('can be mounted on a router alone', async () => {
    const router = express.Router();
    router.use(evenhand({ source: experiments }));
    router.get('/search', (req, res) => {
      res.json(req.isOn('search'));
    });
    const app = express();
    app.use('/shop', router);
    expect((await request(app).get('/shop/search')).body).toBe(true);
  });

  describe('when a decision fails', () => {
    const failing = [
      {
        name: 'bad_rule',
        identity: 'random',
        variants: [{ name: 'a' }, { name: 'b' }],
        audiences: [
          { rule: 'plan == "pro"', allocations: [{ variant: 'a', percent: 100 }] },
          { allocations: [{ variant: 'b', percent: 100 }] },
        ],
      },
      experiments[1],
    ];

    it('lets the error reach the error handler', async () => {
      const { app } = testApp(express, { source: failing });
      expect((await request(app).get('/variant/bad_rule')).body).toMatchObject({
        name: 'RuleError',
        code: 'name',
      });
      expect((await request(app).get('/variant/by_tenant')).body).toMatchObject({
        name: 'IdentityError',
        code: 'identity',
        message: expect.stringMatching(/"by_tenant".*"tenant\.id"/),
      });
    });

    it('falls back and logs the error once with onError: fallback', async () => {
      const logger = new Lines();
      const { app } = testApp(express, { source: failing, onError: 'fallback', logger });
      for (let i = 0; i < 2; i++) {
        expect((await request(app).get('/variant/bad_rule')).body).toBe('b');
        expect((await request(app).get('/variant/by_tenant')).body).toBeNull();
      }
      expect(logger.errors).toHaveLength(2);
      expect(logger.errors[0]).toContain('"bad_rule"');
      expect(logger.errors[1]).toContain('"tenant.id"');
    });

    it('is not broken by a logger that throws', async () => {
      const logger = {
        warn() {
          throw new Error('disk full');
        },
        error() {
          throw new Error('disk full');
        },
      };
      const { app } = testApp(express, { source: failing, onError: 'fallback', logger });
      expect((await request(app).get('/variant/bad_rule')).body).toBe('b');
      expect((await request(app).get('/variant/nowhere')).body).toBeNull();
    });

    it('calls the methods of a logger as methods', async () => {
      class PinoLike {
        readonly lines: string[] = [];
        warn(message: string): void {
          this.lines.push(`warn ${message}`);
        }
        error(message: string): void {
          this.lines.push(`error ${message}`);
        }
      }
      const logger = new PinoLike();
      const { app } = testApp(express, { source: failing, onError: 'fallback', logger });
      await request(app).get('/variant/bad_rule');
      await request(app).get('/variant/nowhere');
      expect(logger.lines).toEqual([
        expect.stringMatching(/^error evenhand: /),
        expect.stringMatching(/^warn evenhand: /),
      ]);
    });

    it('writes to the console by default, and nowhere with logger: false', async () => {
      const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
      try {
        const quiet = testApp(express, { logger: false });
        await request(quiet.app).get('/variant/nowhere');
        expect(warn).not.toHaveBeenCalled();
        const app = express();
        app.use(evenhand({ source: experiments }));
        app.get('/', (req, res) => {
          res.json(req.isOn('nowhere'));
        });
        await request(app).get('/');
        expect(warn).toHaveBeenCalledTimes(1);
      } finally {
        warn.mockRestore();
      }
    });
  });
});
