import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import request from 'supertest';
import { evenhand, type EvenhandOptions } from 'evenhand';
import { run } from '../../src/cli/program.ts';
import { audience, experiment, recordingLogger } from '../assignment/build.ts';
import { testHost } from '../cli/test-host.ts';
import { closing } from '../closing.ts';
import { versions } from '../express/harness.ts';

const USERS: Readonly<Record<string, object>> = {
  ada: { id: 'ada', plan: 'pro', email: 'ada@example.com', logins: 7 },
  ben: { id: 'ben', plan: null, email: 'ben@example.com', logins: 8.5 },
};

const login: RequestHandler = (req, _res, next) => {
  const { user } = req.query;
  if (typeof user === 'string') Object.assign(req, { user: USERS[user] });
  next();
};

const GUARDED = 'user.is_authenticated and user.plan == "pro"';

const specification = (rule: string) => [
  'banner:on',
  experiment({ name: 'offer', audiences: [audience({ a: 100 }, rule), audience({ b: 100 })] }),
];

describe.each(versions)('recordContextShape with Express $version', ({ express }) => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-shape-'));
    path = join(directory, 'shape.json');
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  function serve(options: EvenhandOptions = {}) {
    const experiments = closing(
      evenhand({
        source: specification(GUARDED),
        recordContextShape: path,
        contextProvider: (req) => ({ locale: req.get('accept-language') ?? null }),
        ...options,
      }),
    );
    const app = express();
    app.use(login, experiments);
    app.get('/', (req, res) => res.send(`${req.isOn('banner')} ${req.variant('offer')}`));
    app.get('/plain', (req, res) => res.send(String(req.isOn('banner'))));
    app.get('/none', (_req, res) => res.send('none'));
    return { app, experiments };
  }

  /** Runs the command line in the directory. */
  async function evenhandCli(...args: readonly string[]) {
    const host = testHost({ cwd: directory });
    await run(args, host);
    return { out: host.out(), err: host.err(), code: host.exitCode() };
  }

  it('proposes a context with which validate finds a misspelt attribute', async () => {
    const { app, experiments } = serve();
    await request(app).get('/?user=ada').set('accept-language', 'sv').expect('true a');
    await request(app).get('/?user=ben').expect('true b');
    await request(app).get('/').expect('true b');
    await request(app).get('/none').expect('none');
    await experiments.close();

    const proposed = await evenhandCli('context', '--from', 'shape.json', '--json');
    expect(JSON.parse(proposed.out)).toEqual({
      contexts: 3,
      context: {
        properties: {
          locale: { type: ['null', 'string'] },
          user: {
            type: 'object',
            properties: {
              email: { type: 'string' },
              id: { type: 'string' },
              logins: { type: 'number' },
              plan: { type: ['null', 'string'] },
            },
            required: ['email', 'id', 'logins', 'plan'],
          },
        },
        required: ['locale'],
      },
    });

    const file = join(directory, 'experiments.config.json');
    writeFileSync(file, JSON.stringify(specification(GUARDED)));
    const written = await evenhandCli('context', '--from', 'shape.json', '--write');
    expect(written.out).toContain('declared the context in experiments.config.json');
    expect((await evenhandCli('validate')).code).toBe(0);
    writeFileSync(file, readFileSync(file, 'utf8').replace('user.plan', 'user.plann'));
    const invalid = await evenhandCli('validate');
    expect(invalid.out + invalid.err).toContain(
      'user has no attribute "plann"; did you mean "plan"?',
    );
    expect(invalid.code).toBe(1);
  });

  it('writes no value of a user, a cookie or a header', async () => {
    const { app, experiments } = serve();
    await request(app).get('/?user=ada').set('accept-language', 'sv-SE').set('cookie', '__cwtk=k1');
    await experiments.close();
    expect(readFileSync(path, 'utf8')).not.toMatch(/ada|pro\b|example|sv-SE|k1|anonymous/);
  });

  it('records a lazy value only if a decision has read it', async () => {
    const geo = jest.fn(() => ({ country: 'SE' }));
    const never = jest.fn();
    const rule = 'geo.country == "SE"';
    const { app, experiments } = serve({ source: specification(rule), lazy: { geo, never } });
    await request(app).get('/plain').expect('true');
    expect(geo).not.toHaveBeenCalled();
    await request(app).get('/').expect('true a');
    await experiments.close();
    expect(geo).toHaveBeenCalledTimes(1);
    expect(never).not.toHaveBeenCalled();
    const { out } = await evenhandCli('context', '--from', 'shape.json');
    expect(JSON.parse(out)).toMatchObject({
      properties: {
        geo: { type: 'object', properties: { country: { type: 'string' } } },
        never: {},
      },
    });
  });

  it('counts a request once, and looks again when a later decision has read the user', async () => {
    const { app, experiments } = serve();
    await request(app).get('/plain?user=ada').expect('true');
    app.get('/later', (req, res) => {
      req.isOn('banner');
      setImmediate(() => res.send(req.variant('offer')));
    });
    await request(app).get('/later?user=ada').expect('a');
    await experiments.close();
    const { out } = await evenhandCli('context', '--from', 'shape.json', '--json');
    expect(JSON.parse(out)).toMatchObject({
      contexts: 2,
      context: { properties: { user: { properties: { plan: { type: 'string' } } } } },
    });
  });

  it('disturbs no request if the user can not be read', async () => {
    const logger = recordingLogger();
    const { app, experiments } = serve({ logger, source: specification('locale == "x"') });
    const fail = () => {
      throw new Error('hostile');
    };
    const hostile = express();
    hostile.use((req, _res, next) => {
      Object.assign(req, { user: new Proxy({}, { ownKeys: fail, getPrototypeOf: fail }) });
      next();
    });
    hostile.use(app);
    await request(hostile).get('/plain').expect(200, 'true');
    await experiments.close();
    expect(logger.errors).toEqual([]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ seen: 1 });
  });
});
