import express, { type Request } from 'express';
import request from 'supertest';
import { createClient, evenhand, parseExperiments, type Source } from 'evenhand';
import { closing } from '../closing.ts';
import { experiment } from '../assignment/build.ts';
import { versions, withNodeEnv } from '../express/harness.ts';
import { hostileNames, hostileValues, hostileWays } from '../generators/hostile-values.ts';

type Fail = () => never;

/** Experiments by a user, by chance, by a lazy value, and with a rule that reads one. */
const EXPERIMENTS = [
  experiment(),
  experiment({ name: 'by_chance', identity: 'random' }),
  experiment({ name: 'by_lazy', identity: 'lazy_value' }),
  {
    name: 'by_rule',
    identity: 'user.id',
    variants: [{ name: 'a' }],
    audiences: [
      { rule: 'lazy_value.plan == "pro"', allocations: [{ variant: 'a', percent: 100 }] },
      { allocations: [{ variant: 'a', percent: 100 }] },
    ],
  },
];

/** The unhandled rejections and uncaught exceptions of the process. */
const escaped: unknown[] = [];
const note = (): void => void escaped.push('escaped');

beforeAll(() => {
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
});
afterAll(() => {
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
});

/** Each way of handing over each hostile value, with its description. */
const CASES = hostileNames.flatMap((name) =>
  Object.entries(hostileWays).map(
    ([way, give]) => [`${way} ${name}`, (() => give(hostileValues[name]?.())) as Fail] as const,
  ),
);

/** One way for each hostile value: enough where the others have been tried. */
const FEW_CASES = CASES.filter((_case, index) => index % 4 === 0);

/** Uses every question of a client whose callbacks all fail. */
async function useClient(fail: Fail): Promise<void> {
  let reloaded = (): void => {};
  const secondLoad = new Promise<void>((resolve) => (reloaded = resolve));
  let loads = 0;
  const source: Source = {
    name: 'failing',
    intervalMs: 100,
    load: () => {
      if (loads++ === 0) return { data: EXPERIMENTS, origin: 'x', revision: 1 };
      reloaded();
      return fail();
    },
    watch: fail,
    close: fail,
  };
  const client = createClient({
    source,
    logger: { info: fail, warn: fail, error: fail },
    random: fail,
    onError: 'fallback',
    hooks: { decision: fail, exposure: fail },
    exposures: {
      sinks: [{ name: 'failing', write: fail, close: fail }],
      batch: { maxRecords: 1, maxWaitMs: 1 },
      queue: { maxRecords: 1 },
      retry: { minDelayMs: 1, maxDelayMs: 1 },
      closeTimeoutMs: 10,
      onDrop: fail,
    },
  });
  for (const event of ['ready', 'changed', 'stale', 'error'] as const) client.on(event, fail);
  const throwing = (): never => {
    const value: unknown = fail();
    // A context is data: a promise in it is the application's own.
    if (!(value instanceof Promise)) throw value;
    value.catch(() => {});
    return undefined as never;
  };
  const hostileContext = {
    get user() {
      return throwing();
    },
    get lazy_value() {
      return throwing();
    },
  };
  for (const context of [{ user: { id: 1 } }, hostileContext]) {
    const participant = client.participant(context);
    for (const { name } of EXPERIMENTS) {
      participant.variant(name);
      participant.explain(name);
      participant.expose(name);
    }
    participant.variants();
    participant.variant('unknown');
    participant.track('purchase', { value: 1 });
  }
  client.status();
  client.metrics();
  await secondLoad;
  // For what the load has started.
  await new Promise((resolve) => setImmediate(resolve));
  await client.close();
}

describe('a client with onError: fallback', () => {
  it('never throws, and lets nothing escape, whatever its callbacks do', async () => {
    const failed: string[] = [];
    await Promise.all(
      CASES.map(async ([how, fail]) => {
        try {
          await useClient(fail);
        } catch {
          failed.push(how);
        }
      }),
    );
    expect(failed).toEqual([]);
    expect(escaped).toEqual([]);
  });

  it('starts without a source that fails, whatever it throws', async () => {
    const failed: string[] = [];
    await Promise.all(
      CASES.map(async ([how, fail]) => {
        try {
          const client = createClient({
            source: { name: 'failing', load: fail },
            startWithout: 'fallback',
            logger: false,
          });
          client.participant({}).variant('exp');
          await client.ready({ timeoutMs: 10 }).catch(({ code }: { code?: string }) => {
            if (code !== 'source') failed.push(`${how}: ${code}`);
          });
          await client.close();
        } catch {
          failed.push(how);
        }
      }),
    );
    expect(failed).toEqual([]);
    expect(escaped).toEqual([]);
  });
});

describe.each(['fallback', 'throw'] as const)('a participant with onError: %s', (onError) => {
  const namespaces = [
    {
      name: 'words',
      unit: 'user.id',
      segments: 10,
      experiments: [{ name: 'texts', script: ['word = value;'] }],
      history: [{ add: 'first', segments: 10, experiment: 'texts' }],
    },
  ];
  const experiments = [
    ...EXPERIMENTS,
    ...[
      'value == 1',
      'value < 2',
      'value in [1, 2]',
      '1 in value',
      'value[0] == 1',
      'value.plan == "pro"',
      'value',
      'not value',
      'value + 1 == 2',
      '1 in [one for one in value]',
      'value == {"a": 1}',
    ].map((rule, i) => ({
      name: `rule_${i}`,
      identity: 'value',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        {
          rule,
          allocations: [
            { variant: 'a', percent: 50 },
            { variant: 'b', percent: 50 },
          ],
        },
        {
          allocations: [
            { variant: 'b', percent: 50 },
            { variant: 'a', percent: 50 },
          ],
        },
      ],
    })),
  ];
  const snapshot = parseExperiments({ experiments, namespaces }, { onError, logger: false });
  const names = experiments.map(({ name }) => name);

  it.each(hostileNames)('explains itself without throwing, with %s in the context', (name) => {
    const hostile = hostileValues[name];
    const contexts = [
      { value: hostile?.(), lazy_value: hostile?.(), user: hostile?.() },
      { value: [hostile?.()], lazy_value: { plan: hostile?.() }, user: { id: hostile?.() } },
      {
        get value() {
          throw hostile?.();
        },
        get user() {
          throw hostile?.();
        },
      },
    ];
    for (const context of contexts) {
      const participant = snapshot.participant(context);
      for (const one of names) expect(() => participant.explain(one)).not.toThrow();
      expect(() => participant.namespace('words').explain()).not.toThrow();
      expect(() => participant.track('purchase', { value: 1 })).not.toThrow();
      const ask = () => [
        ...names.map((one) => participant.variant(one)),
        participant.variants(),
        participant.namespace('words').getParams(),
      ];
      if (onError === 'fallback') ask();
    }
  });
});

/** A case that each request chooses by its index. */
const failOf = (req: Request): never => {
  const [, fail] = CASES.find(([how]) => how === req.query.case) ?? [];
  return fail === undefined ? (undefined as never) : fail();
};

describe.each(['fallback', 'throw'] as const)('a middleware with onError: %s', (onError) => {
  it('answers every request, whatever contextProvider, lazy values and overrides.allow do', async () => {
    const experiments = withNodeEnv('production', () =>
      closing(
        evenhand({
          source: EXPERIMENTS,
          logger: false,
          onError,
          contextTimeoutMs: 10,
          contextProvider: (req) => (req.query.where === 'provider' ? failOf(req) : {}),
          lazy: { lazy_value: (req) => (req.query.where === 'lazy' ? failOf(req) : 'x') },
          overrides: { allow: (req) => (req.query.where === 'allow' ? failOf(req) : true) },
        }),
      ),
    );
    const app = express();
    app.use(experiments);
    app.get('/', (req, res) => {
      res.json(['exp', 'by_lazy', 'by_rule'].map((name) => req.variant(name) ?? null));
    });
    app.use(((_error, _req, res, _next) => {
      res.status(500).json('handled');
    }) satisfies express.ErrorRequestHandler);
    const server = closing(app.listen(0));
    const odd: unknown[] = [];
    const allowed = onError === 'throw' ? [200, 500] : [200];
    for (const where of ['provider', 'lazy', 'allow']) {
      const answers = FEW_CASES.map(async ([how]) => {
        const { status } = await request(server)
          .get('/')
          .query({ where, case: how })
          .set('Cookie', '__cw=exp=b');
        if (!allowed.includes(status)) odd.push([where, how, status]);
      });
      await Promise.all(answers);
    }
    expect(odd).toEqual([]);
    expect(escaped).toEqual([]);
  });
});

describe.each(versions)("Express $version's own error handler", ({ express: createApp }) => {
  it('gets errors that it can read, whatever contextProvider throws', async () => {
    const app = createApp();
    app.set('env', 'test');
    app.use(
      closing(
        evenhand({
          source: EXPERIMENTS,
          logger: false,
          onError: 'throw',
          contextProvider: failOf,
          contextTimeoutMs: 10,
        }),
      ),
    );
    app.get('/', (_req, res) => void res.json('fine'));
    const server = closing(app.listen(0));
    const answers = CASES.map(async ([how]) => {
      const { status } = await request(server).get('/').query({ case: how });
      return status;
    });
    for (const status of await Promise.all(answers)) expect([200, 500]).toContain(status);
    expect(escaped).toEqual([]);
  });
});
