import type express5 from 'express';
import type { Express, Request } from 'express';
import { evenhand, type EvenhandOptions, type ExperimentsMiddleware } from 'evenhand';
import { attend, type Attention } from '../../../src/express/inspection/attend.ts';
import type { Inspection } from '../../../src/express/inspection/inspection.ts';
import { closing } from '../../closing.ts';
import { experiments, showError } from '../harness.ts';

/** An application whose requests somebody looks at. */
export interface AttendedApp {
  readonly app: Express;
  readonly middleware: ExperimentsMiddleware;
  /** The notes of the last request. */
  readonly last: () => Inspection;
}

/** The options of {@link attendedApp}. */
export interface AttendedOptions {
  readonly express: typeof express5;
  readonly options?: EvenhandOptions;
  /** Undefined attends to nothing. */
  readonly attention?: Partial<Attention> | undefined;
  /** Returns true for requests that are looked at. Default: all. */
  readonly when?: (req: Request) => boolean;
  /** Adds to the application, after the middleware. */
  readonly extend: (app: Express) => void;
}

/** Creates an application with users from the header `x-user`, as JSON, in front of its middleware. */
export function attendedApp({
  express,
  options = {},
  attention = {},
  when = () => true,
  extend,
}: AttendedOptions): AttendedApp {
  const app = express();
  const given = { source: { experiments }, logger: false, ...options } as const;
  const middleware = closing(evenhand(given));
  let last: Inspection | undefined;
  app.use((req, _res, next) => {
    const user = req.get('x-user');
    if (user !== undefined) Object.assign(req, { user: JSON.parse(user) });
    next();
  });
  app.use((req, _res, next) => {
    const whole = { inspects: true, mayOverride: false, granted: undefined, ...attention };
    if (when(req)) last = attend(middleware, req, whole);
    next();
  });
  app.use(middleware);
  extend(app);
  app.use(showError);
  return {
    app,
    middleware,
    last: () => {
      if (last === undefined) throw new Error('no request was looked at');
      return last;
    },
  };
}
