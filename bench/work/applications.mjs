import express from 'express';
import { decideByHand } from '../contestants/by-hand.mjs';
import { builtFile, importEvenhand } from '../harness/build.mjs';
import { createExperiments, EXPERIMENT } from './experiments.mjs';
import { fnv1a } from './hashes.mjs';

/** The answer of applications that decide nothing. */
const UNDECIDED = 'inactive';

/** Express applications by contestant; each answers `GET /` with the user's variant. */
export const applications = {
  'hello-world': () => application([], () => UNDECIDED),

  'empty-middleware': () => application([(_req, _res, next) => next()], () => UNDECIDED),

  'by-hand'() {
    const decide = (req, _res, next) => {
      const { user } = req;
      req.variant = decideByHand({ locale: user.locale, user }, EXPERIMENT, fnv1a);
      next();
    };
    return application([decide], (req) => req.variant);
  },

  'evenhand, asked nothing': async () => application([await evenhand()], () => UNDECIDED),

  evenhand: async () => application([await evenhand()], (req) => req.variant(EXPERIMENT)),

  'evenhand + closed toolbar': () => withToolbar(() => false),

  'evenhand + open toolbar': () => withToolbar(() => true),

  async unleash() {
    const { configuration, contextOf, createUnleash } = await import('../contestants/unleash.mjs');
    const unleash = await createUnleash(configuration(createExperiments(1)));
    return application([], ({ user }) => unleash.getVariant(EXPERIMENT, contextOf(user)).name);
  },

  async growthbook() {
    const { attributesOf, configuration, createClient } =
      await import('../contestants/growthbook.mjs');
    const client = createClient(configuration(createExperiments(1)));
    const scope = (req, _res, next) => {
      req.growthbook = client.createScopedInstance({ attributes: attributesOf(req.user) });
      next();
    };
    return application([scope], (req) => req.growthbook.getFeatureValue(EXPERIMENT, ''));
  },

  async 'cookie-parser'() {
    const { default: cookieParser } = await import('cookie-parser');
    return application([cookieParser()], () => UNDECIDED);
  },
};

/** Applications that answer with the user's variant. */
export const DECIDING = [
  'by-hand',
  'evenhand',
  'evenhand + closed toolbar',
  'evenhand + open toolbar',
  'unleash',
  'growthbook',
];

function application(middleware, variantOf) {
  const app = express();
  for (const one of middleware) app.use(one);
  app.get('/', (req, res) => {
    res.send(variantOf(req));
  });
  return app;
}

/** A link with `grants` is looked for in each request, also by a closed toolbar. */
const SHARE = { secret: 'a secret of at least thirty-two bytes', grants: true };

/** The application answers plain text, so an open toolbar describes each request and adds nothing to a page. */
async function withToolbar(allow) {
  const [{ toolbar }, experiments] = await Promise.all([
    import(builtFile('dist/esm/toolbar/index.js')),
    evenhand(),
  ]);
  const middleware = [toolbar(experiments, { allow, share: SHARE }), experiments];
  return application(middleware, (req) => req.variant(EXPERIMENT));
}

async function evenhand() {
  const [{ evenhand: createMiddleware }, { configuration }] = await Promise.all([
    importEvenhand(),
    import('../contestants/evenhand.mjs'),
  ]);
  const source = JSON.parse(configuration(createExperiments(1), 'user.locale'));
  return createMiddleware({ source });
}
