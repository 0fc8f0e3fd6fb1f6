import type { NextFunction, Request, Response } from 'express';
import { expressError } from '../../express/express-error.ts';
import { pathOf, withoutOrigin } from '../../web/public-address.ts';
import { SHARE_PARAMETER } from '../share/share-link.ts';
import type { ToolbarView } from '../view/toolbar-view.ts';
import { assetFile, assetRoute } from './asset-files.ts';
import { formRoutes } from './form-routes.ts';
import { acceptedLink, grantedOverrides } from './grants.ts';
import { KeptViews, panelRoute } from './kept-views.ts';
import { answerLink } from './opened-link.ts';
import type { Overrides } from './override-form.ts';
import { sendNotAllowed } from './plain-pages.ts';
import { sendNothing } from '../../web/not-found.ts';
import { relativeAddress } from './relative-address.ts';
import { panelState } from './route-cookies.ts';
import type { Route, RoutesSetup } from './routes-setup.ts';
import { justShared, type MadeLink } from './share-form.ts';

/** The addresses of the toolbar, relative to the page of a request. */
export interface ToolbarAddresses {
  readonly stylesheet: string;
  readonly script: string;
  /** Undefined if overrides are off. */
  readonly overrideAction: string | undefined;
  /** Undefined if sharing is off. */
  readonly shareAction: string | undefined;
  /** The path that forms return to. */
  readonly back: string;
}

/** The toolbar's own routes, and the state that requests carry for them. */
export interface ToolbarRoutes {
  /**
   * Answers a request for an address of the toolbar, or with a share link. Errors go to `next`.
   *
   * @returns false for other requests, which are left as they are
   */
  readonly answer: (req: Request, res: Response, next: NextFunction) => boolean;
  /** Returns the overrides that a share link grants to a visitor; undefined if none does. Never throws. */
  readonly grantedOverrides: (req: Request) => Overrides | undefined;
  readonly addresses: (req: Request) => ToolbarAddresses;
  /** Returns the row that was open before the redirect, or `*`; undefined if the panel was closed. */
  readonly open: (req: Request) => string | undefined;
  /** Returns the link that the request before has made. Only for requests with access. */
  readonly shared: (req: Request) => MadeLink | undefined;
  /** Keeps a view for `GET panel?id=`, and returns its id. */
  readonly keep: (view: ToolbarView) => string;
}

/** Creates the handlers of the toolbar's own addresses. */
export function createRoutes(setup: RoutesSetup): ToolbarRoutes {
  const { path } = setup;
  const stylesheet = assetFile('css', setup.assets.stylesheet);
  const script = assetFile('js', setup.assets.script);
  const views = new KeptViews(setup.now);
  const routes = new Map<string, Route>([
    [stylesheet.name, assetRoute(stylesheet)],
    [script.name, assetRoute(script)],
    ['panel', panelRoute(views, setup)],
    ...formRoutes(setup),
  ]);

  /** Returns the part of the address below the toolbar's path; undefined for other addresses. */
  const nameIn = (req: Request): string | undefined => {
    // Most requests are for other addresses, and searching costs less than splitting.
    if (!req.url.includes(path)) return undefined;
    const [own = ''] = withoutOrigin(req.url).split('?', 1);
    if (own === path) return '';
    return own.startsWith(`${path}/`) ? own.slice(path.length + 1) : undefined;
  };

  const run = async (
    req: Request,
    res: Response,
    name: string,
    next: NextFunction,
  ): Promise<void> => {
    try {
      const isOpen =
        setup.access(req) || (name === 'end' && acceptedLink(req, setup) !== undefined);
      const route = isOpen ? routes.get(name) : undefined;
      if (route === undefined) sendNothing(req, res);
      else if (!route.methods.includes(req.method)) sendNotAllowed(req, res, route.methods);
      else await route.run(req, res);
    } catch (thrown) {
      next(expressError('toolbar()', thrown));
    }
  };

  return {
    answer(req, res, next) {
      try {
        const name = nameIn(req);
        if (name === undefined) {
          // Reading the address costs every request, so it is read only if links are shared.
          return (
            setup.share !== undefined &&
            (req.originalUrl ?? req.url).includes(SHARE_PARAMETER) &&
            answerLink(req, res, setup)
          );
        }
        void run(req, res, name, next);
      } catch (thrown) {
        next(expressError('toolbar()', thrown));
      }
      return true;
    },
    grantedOverrides: (req) => grantedOverrides(req, setup),
    addresses: (req) => ({
      stylesheet: relativeAddress(req, `${path}/${stylesheet.name}`),
      script: relativeAddress(req, `${path}/${script.name}`),
      overrideAction: routes.has('override') ? relativeAddress(req, `${path}/override`) : undefined,
      shareAction: routes.has('share') ? relativeAddress(req, `${path}/share`) : undefined,
      back: pathOf(req),
    }),
    open: (req) => panelState(req)?.open,
    shared: (req) => justShared(req, setup),
    keep: (view) => views.keep(view),
  };
}
