import type { Request, Response } from 'express';
import type { Inspection } from '../express/inspection/inspection.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { injectAtEnd, tellScript } from './inject/inject.ts';
import type { PageFacts } from './inject/page-facts.ts';
import type { ToolbarSettings } from './parse-options.ts';
import { renderLaterRequest, renderToolbar } from './panel/panel.ts';
import type { PanelSetup } from './panel/setup.ts';
import type { ToolbarAddresses, ToolbarRoutes } from './routes/routes.ts';
import type { ToolbarView } from './view/toolbar-view.ts';
import { toolbarView } from './view/view.ts';

/** The dependencies of a viewer. */
export interface ViewerSetup {
  /** The middleware that `evenhand()` returned. */
  readonly experiments: object;
  readonly settings: ToolbarSettings;
  readonly routes: ToolbarRoutes;
  readonly once: OnceLogger;
}

/** Shows what requests used. */
export interface Viewer {
  /** Shows a request in the page that answers it, or to the script that made it. */
  show(inspection: Inspection, req: Request, res: Response): void;
  /** Renders the view of a later request; undefined for one that this process does not have. */
  renderLater(view: ToolbarView | undefined, req: Request): string;
}

/** The page's policy is not known to a template: it loads no script that might be refused. */
const UNKNOWN_PAGE: PageFacts = {
  allowsScript: false,
  allowsStyle: true,
  allowsForms: true,
  nonce: undefined,
};

/** Returns a viewer for the requests of a toolbar. */
export function createViewer({ experiments, settings, routes, once }: ViewerSetup): Viewer {
  const { redact, nonce, position, dashboard, inject } = settings;

  const viewOf = (inspection: Inspection, req: Request): ToolbarView =>
    toolbarView(inspection, { middleware: experiments, req, redact });

  const panelSetup = (
    req: Request,
    { stylesheet, script, overrideAction, shareAction, back }: ToolbarAddresses,
    facts: PageFacts,
  ): PanelSetup => {
    return {
      position,
      stylesheet,
      script: facts.allowsScript ? script : undefined,
      nonce: facts.nonce,
      overrideAction: facts.allowsForms ? overrideAction : undefined,
      shareAction: facts.allowsForms ? shareAction : undefined,
      shared: routes.shared(req),
      back,
      dashboard,
      open: routes.open(req),
    };
  };

  const warn = (problem: string): void => {
    const message = `evenhand: ${problem}`;
    once.warn(message, message);
  };

  return {
    show(inspection, req, res) {
      // At once, because a router changes `req.baseUrl` until it has answered.
      const addresses = routes.addresses(req);
      // Without its style sheet the toolbar would stay hidden, and each page would violate its policy.
      const render = (facts: PageFacts): string =>
        facts.allowsStyle
          ? renderToolbar(viewOf(inspection, req), panelSetup(req, addresses, facts))
          : '';
      if (inject) injectAtEnd(req, res, { render, nonce, warn });
      else {
        res.locals.evenhandToolbar = () => {
          try {
            return render({ ...UNKNOWN_PAGE, nonce: nonce?.(req, res) });
          } catch (thrown) {
            warn(`the toolbar failed, so it is missing from a page: ${thrownMessage(thrown)}`);
            return '';
          }
        };
      }
      tellScript(req, res, () => routes.keep(viewOf(inspection, req)));
    },
    renderLater: (view, req) =>
      renderLaterRequest(
        view,
        panelSetup(req, routes.addresses(req), { ...UNKNOWN_PAGE, allowsScript: true }),
      ),
  };
}
