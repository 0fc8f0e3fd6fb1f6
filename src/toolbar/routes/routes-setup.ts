import type { Request, Response } from 'express';
import type { Snapshot } from '../../assignment/snapshot.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import type { Access } from '../../web/access.ts';
import type { ShareSettings } from '../share/share-settings.ts';
import type { ToolbarView } from '../view/toolbar-view.ts';

/** The texts of the toolbar's files. */
export interface Assets {
  readonly stylesheet: string;
  readonly script: string;
}

/** The dependencies of the toolbar's routes. */
export interface RoutesSetup {
  /** The beginning of the paths, below the place where the toolbar is mounted: `/__evenhand`. */
  readonly path: string;
  readonly access: Access;
  /** The name of the middleware's override cookie; undefined if it has switched overrides off. */
  readonly overrideCookie: string | undefined;
  /** Returns the current experiments; undefined before the first are loaded. */
  readonly snapshot: () => Snapshot | undefined;
  /** Undefined if sharing is off. */
  readonly share: ShareSettings | undefined;
  readonly trustedOrigins: readonly string[];
  readonly assets: Assets;
  /**
   * Renders the view of a later request for the panel; undefined for a view that this process does not
   * have.
   */
  readonly renderLater: (view: ToolbarView | undefined, req: Request) => string;
  readonly once: OnceLogger;
  /** Returns the time in milliseconds since 1970. */
  readonly now: () => number;
}

/** A route below the toolbar's path. */
export interface Route {
  readonly methods: readonly string[];
  readonly run: (req: Request, res: Response) => void | Promise<void>;
}
