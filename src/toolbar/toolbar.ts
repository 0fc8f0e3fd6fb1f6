import type { RequestHandler } from 'express';
import type { ExperimentsMiddleware } from '../express/middleware.ts';
import { attend } from '../express/inspection/attend.ts';
import { partsOf } from '../express/request/middleware-parts.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { createAccess } from '../web/access.ts';
import { createViewer } from './viewer.ts';
import type { ToolbarOptions } from './options.ts';
import { parseToolbarOptions } from './parse-options.ts';
import { TOOLBAR_SCRIPT } from './panel/script.generated.ts';
import { toolbarSheet } from './panel/sheet.ts';
import { createRoutes } from './routes/routes.ts';

const WHERE = 'toolbar()';

const FAILED = `evenhand: ${WHERE} failed, so a page has no toolbar`;

const LATE =
  'evenhand: a page asked for decisions before the toolbar, so the toolbar shows and forces none of them; ' +
  'call app.use(toolbar()) before the first decision, and ask for none in "allow"';

/**
 * Creates the middleware that shows, in each page, the decisions that the page used, and lets developers and
 * reviewers force other variants. Mount it after the middleware that sets `req.user`, and before the
 * experiments: `app.use(toolbar(experiments)); app.use(experiments);`.
 *
 * Requests without access pass it untouched. See `docs/toolbar.md`.
 *
 * @param experiments the middleware that `evenhand()` returned
 * @throws OptionError (`option`) for invalid options, or for another middleware
 */
export function toolbar(
  experiments: ExperimentsMiddleware,
  options: ToolbarOptions = {},
): RequestHandler {
  const settings = parseToolbarOptions(options);
  const { once, overrideCookie, inForce } = partsOf(WHERE, experiments);
  const { allow, allowIps, path, share, trustedOrigins } = settings;
  const access = createAccess({ where: WHERE, allow, allowIps, once });
  const routes = createRoutes({
    path,
    access,
    overrideCookie,
    snapshot: inForce,
    share,
    trustedOrigins,
    assets: { stylesheet: toolbarSheet(), script: TOOLBAR_SCRIPT },
    renderLater: (view, req) => viewer.renderLater(view, req),
    once,
    now: () => Date.now(),
  });
  const viewer = createViewer({ experiments, settings, routes, once });

  return (req, res, next) => {
    if (routes.answer(req, res, next)) return;
    try {
      const granted = routes.grantedOverrides(req);
      const inspects = access(req);
      if (inspects || granted !== undefined) {
        const attention = { inspects, mayOverride: inspects, granted };
        const inspection = attend(experiments, req, attention);
        if (inspection?.isLate === true) once.warn(LATE, LATE);
        if (inspection !== undefined) viewer.show(inspection, req, res);
      }
    } catch (thrown) {
      once.error(FAILED, `${FAILED}: ${thrownMessage(thrown)}`);
    }
    next();
  };
}
