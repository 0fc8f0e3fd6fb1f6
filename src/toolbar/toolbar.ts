import type { RequestHandler } from 'express';
import type { ExperimentsMiddleware } from '../express/middleware.ts';
import type { ToolbarOptions } from './options.ts';

/**
 * Creates the middleware that shows, in each page, the decisions that the page used, and lets developers and
 * reviewers force other variants: `app.use(toolbar(experiments))` before `app.use(experiments)`.
 *
 * @throws OptionError (`option`) for invalid options
 */
export declare function toolbar(
  experiments: ExperimentsMiddleware,
  options?: ToolbarOptions,
): RequestHandler;
