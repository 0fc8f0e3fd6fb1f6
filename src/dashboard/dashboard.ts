import type { Request, RequestHandler } from 'express';
import type { ExperimentsMiddleware } from '../express/middleware.ts';
import { partsOf } from '../express/request/middleware-parts.ts';
import { applicationName } from './application-name.ts';
import { tabPath } from './frame/header.ts';
import { TABS } from './frame/tabs.ts';
import type { Board } from './frame/visit.ts';
import type { DashboardOptions } from './options.ts';
import { PAGES } from './pages.ts';
import { parseDashboardOptions } from './parse-options.ts';
import { redactor } from './redactor.ts';
import { workspaceOf } from './store/workspace-of.ts';
import { liveBoard } from './results/live-board.ts';
import { createGate } from './routes/access.ts';
import { createRouter } from './routes/router.ts';
import { DASHBOARD_SCRIPT } from './routes/script.generated.ts';
import { tell } from './told.ts';
import { usageFile } from './usage-file.ts';
import { wholeSheet } from './whole-sheet.ts';

const WHERE = 'dashboard()';

/**
 * Creates the pages that show a team its experiments and let permitted people change them:
 * `app.use('/experiments', requireLogin, dashboard(experiments, { … }))`.
 *
 * @param experiments the middleware that `evenhand()` returned
 * @throws OptionError (`option`) for invalid options, or for another middleware
 */
export function dashboard(
  experiments: ExperimentsMiddleware,
  options: DashboardOptions = {},
): RequestHandler {
  const settings = parseDashboardOptions(options);
  const { once, logger, inForce, status } = partsOf(WHERE, experiments);
  const { allow, allowIps, author, apiAuthor, trustedOrigins, basePath, usage } = settings;
  const canWrite = settings.store !== undefined && !settings.readOnly;
  const now = (): number => Date.now();
  const shared = {
    name: settings.name ?? applicationName(process.cwd()),
    environment: settings.environment,
    inForce,
    status,
    reload: () => experiments.reload(),
    results: liveBoard({
      splits: () => experiments.exposures?.stats().splits ?? [],
      since: new Date().toISOString(),
      now,
    }),
    workspace: settings.store && workspaceOf(settings.store, now),
    usage: usage === undefined ? () => undefined : usageFile(usage, once, now),
    redact: redactor(settings.redact, once),
    timeZone: settings.timeZone,
    tabs: TABS.filter((tab) => PAGES.pages.some(({ path }) => path === tabPath(tab))),
    pageSize: settings.pageSize,
  };
  const board = (req: Request): Board => ({
    ...shared,
    propose: undefined,
    told: (change) => tell(change, req, settings.onChange, { logger, once }),
  });
  return createRouter({
    ...PAGES,
    gate: createGate({ allow, allowIps, author, apiAuthor, canWrite, once }),
    board,
    canWrite,
    trustedOrigins,
    basePath,
    stylesheet: wholeSheet(),
    script: DASHBOARD_SCRIPT,
    once,
    now,
  });
}
