import express5, { type ErrorRequestHandler, type Express } from 'express';
import express4 from 'express4';
import { evenhand, type EvenhandOptions, type ExperimentsMiddleware, type Logger } from 'evenhand';
import { closing } from '../closing.ts';

/** The two versions of Express that are supported, for `describe.each`. */
export const versions = [
  { version: 5, express: express5 },
  { version: 4, express: express4 },
] as const;

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const ab = { variants: [{ name: 'a' }, { name: 'b' }], audiences: [{ allocations: half }] };

/** One experiment of each kind, and two switches. */
export const experiments = [
  { name: 'by_user', identity: 'user.id', ...ab },
  { name: 'by_tenant', identity: 'tenant.id', ...ab },
  { name: 'by_anonymous', identity: 'anonymous', ...ab },
  { name: 'by_chance', identity: 'random', ...ab },
  {
    name: 'by_rule',
    identity: 'user.id',
    variants: [{ name: 'pro' }, { name: 'others' }],
    audiences: [
      {
        rule: '"plan" in user and user.plan == "pro"',
        allocations: [{ variant: 'pro', percent: 100 }],
      },
      { allocations: [{ variant: 'others', percent: 100 }] },
    ],
  },
  {
    name: 'members',
    identity: 'user.id',
    variants: [{ name: 'in' }, { name: 'out' }],
    audiences: [
      {
        rule: 'user.is_authenticated and not user.is_anonymous',
        allocations: [{ variant: 'in', percent: 100 }],
      },
      { allocations: [{ variant: 'out', percent: 100 }] },
    ],
  },
  {
    name: 'by_region',
    identity: 'random',
    variants: [{ name: 'north' }, { name: 'south' }],
    audiences: [
      { rule: 'region == "north"', allocations: [{ variant: 'north', percent: 100 }] },
      { allocations: [{ variant: 'south', percent: 100 }] },
    ],
  },
  'search:on',
  'chat:off',
];

/** A logger that keeps what it is given. */
export class Lines implements Logger {
  readonly warnings: string[] = [];
  readonly errors: string[] = [];

  warn(message: string): void {
    this.warnings.push(message);
  }

  error(message: string): void {
    this.errors.push(message);
  }
}

/** Answers an error with its name, code and message. */
export const showError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const { name, code, message } = error as Error & { code?: string };
  res.status(500).json({ name, code, message });
};

export interface TestApp {
  readonly app: Express;
  readonly middleware: ExperimentsMiddleware;
}

/**
 * An app whose users come from the header `x-user`, as JSON, with `GET /:method/:name/:variant?` for
 * the questions, and an error handler that shows the error.
 *
 * @param extend adds to the app, after the middleware
 */
export function testApp(
  express: typeof express5,
  options: EvenhandOptions = {},
  extend: (app: Express) => void = () => {},
): TestApp {
  const app = express();
  app.use((req, _res, next) => {
    const user = req.get('x-user');
    if (user !== undefined) Object.assign(req, { user: JSON.parse(user) });
    next();
  });
  const middleware = closing(evenhand({ source: experiments, logger: false, ...options }));
  app.use(middleware);
  extend(app);
  app.get('/variant/:name', (req, res) => {
    res.json(req.variant(req.params.name) ?? null);
  });
  app.get('/idle', (_req, res) => {
    res.json('idle');
  });
  app.use(showError);
  return { app, middleware };
}

/** Runs with NODE_ENV as given; it is read when the middleware is made. */
export function withNodeEnv<T>(value: string | undefined, run: () => T): T {
  const before = process.env.NODE_ENV;
  const set = (to: string | undefined): void => {
    if (to === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = to;
  };
  set(value);
  try {
    return run();
  } finally {
    set(before);
  }
}
