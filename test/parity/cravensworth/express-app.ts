import ejs from 'ejs';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import Handlebars from 'handlebars';
import nunjucks from 'nunjucks';
import {
  evenhand,
  type ExperimentsMiddleware,
  requireOff,
  requireOn,
  requireVariant,
} from 'evenhand';
import { handlebarsHelpers, nunjucksExtension } from 'evenhand/views';
import { withNodeEnv } from '../../express/harness.ts';
import { ADDRESSES, BY_KEY, type Case, type Guard, type Question } from './case.ts';
import { readValue, type Visitor } from './visitors.ts';

/** The number of buckets that a draw can be in. */
const BUCKETS = 100;

type Attributes = Readonly<Record<string, unknown>>;

/** Returns the application of a case, which answers the routes of django_app.py. */
export function expressApp(given: Case): Express & { close: () => Promise<void> } {
  const app = express();
  app.set('trust proxy', true);
  app.use(authentication);
  const experiments = middlewareOf(given);
  app.use(experiments);
  app.get('/decisions', (req, res) => {
    res.json(given.questions.map((question) => answerOrError(req.experiments, question)));
  });
  app.get('/decision/:index', (req, res) => {
    res.json(
      given.questions
        .slice(Number(req.params.index))
        .slice(0, 1)
        .map((question) => answer(req.experiments, question)),
    );
  });
  app.get('/key', (req, res) => {
    req.variant('by_key');
    res.json(req.experiments.explain('by_key').identity?.text);
  });
  given.guards.forEach((guard, i) => {
    app.get(`/guarded/${i}`, handlerOf(guard), (_req, res) => res.send('passed'));
  });
  app.get('/page', (_req, res) => {
    const locals = { ...res.locals, ...given.page.data };
    res.json(
      Object.fromEntries(
        ENGINES.map(([engine, render]) => [
          engine,
          rendered(() => render(given.page[engine], locals)),
        ]),
      ),
    );
  });
  app.get('/plans', (_req, res) => res.send('plans'));
  app.use(showError);
  return Object.assign(app, { close: () => experiments.close() });
}

function middlewareOf(given: Case): ExperimentsMiddleware {
  const draws = [...given.draws];
  const allowIps = ADDRESSES[given.overriding];
  // Outside production, everyone can override.
  return withNodeEnv(given.overriding === 'everyone' ? 'test' : 'production', () =>
    evenhand({
      source: [...given.experiments, BY_KEY],
      onError: 'throw',
      logger: false,
      trackingCookie: { name: given.trackingCookie },
      overrides: { cookie: given.overrideCookie, ...(allowIps && { allowIps }) },
      contextProvider: (req) => readValue(req.get('x-context') ?? '{}') as object,
      random: () => inMiddleOf(draws.length > 1 ? draws.shift() : draws[0]),
    }),
  );
}

/** Returns the number of [0, 1) that draws a bucket. */
function inMiddleOf(bucket = 0): number {
  return (bucket + 0.5) / BUCKETS;
}

const authentication: RequestHandler = (req, _res, next) => {
  const [kind, attributes] = readValue(req.get('x-user') ?? '') as [Visitor['user'][0], Attributes];
  if (kind === 'object') Object.assign(req, { user: attributes });
  next();
};

type Participant = Express.Request['experiments'];

function answer(participant: Participant, { name, variants, lists }: Question): object {
  return {
    is: variants.filter((one) => participant.isVariant(name, one)),
    isOneOf: lists.map((list) => participant.isVariant(name, [...list])),
    on: participant.isOn(name),
    off: participant.isOff(name),
  };
}

function answerOrError(participant: Participant, question: Question): object {
  try {
    return answer(participant, question);
  } catch (error) {
    return errorOf(error);
  }
}

function errorOf(error: unknown): object {
  const { code, message } = error as Error & { code?: string };
  return { error: { code, message } };
}

const showError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  res.status(500).json(errorOf(error));
};

function handlerOf({ kind, name, variant, redirectTo }: Guard): RequestHandler {
  const options = redirectTo === null ? {} : { redirectTo };
  if (kind === 'switch_on') return requireOn(name, options);
  if (kind === 'switch_off') return requireOff(name, options);
  return typeof variant === 'string'
    ? requireVariant(name, variant, options)
    : requireVariant(name, variant, options);
}

function rendered(render: () => string): string {
  try {
    return render();
  } catch {
    return 'error';
  }
}

const environment = new nunjucks.Environment(null, { autoescape: true });
environment.addExtension('evenhand', nunjucksExtension());
const handlebars = Handlebars.create();
handlebars.registerHelper(handlebarsHelpers());

/** The engines of the pages, and a function that renders a template. */
const ENGINES: readonly (readonly [
  'nunjucks' | 'handlebars' | 'ejs',
  (text: string, locals: object) => string,
])[] = [
  ['nunjucks', (text, locals) => environment.renderString(text, locals)],
  ['handlebars', (text, locals) => handlebars.compile(text)(locals)],
  ['ejs', (text, locals) => ejs.render(text, locals)],
];
