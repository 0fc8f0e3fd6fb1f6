import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { expressError } from '../../express/express-error.ts';
import { html } from '../../ui/html.ts';
import { sendPage } from '../../web/page-response.ts';
import { plainPage, plainPolicy } from '../../web/plain-page.ts';
import { linksFrom } from '../frame/link.ts';
import type { FormDefinition, PageDefinition } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import type { Grant } from './access.ts';
import { type Exchange, type Refusal, sendNotFound, sendRefusal } from './answers.ts';
import { assetFile, sendAsset } from './asset-files.ts';
import { answerPage } from './get-page.ts';
import { isJson } from './json-body.ts';
import { type Match, pathFinder } from './match-path.ts';
import { Notices } from './notices.ts';
import { type Place, placeOf } from './place.ts';
import { answerForm } from './post-form.ts';
import { redirectTo } from './redirect.ts';
import { sendNothing } from '../../web/not-found.ts';
import type { RoutesSetup } from './routes-setup.ts';
import { send, TYPES } from './send.ts';

/** The most characters of a query. */
const MAX_QUERY = 8192;

const UNAVAILABLE = 503;

const TOO_LONG: Refusal = {
  status: 414,
  code: 'query',
  title: 'The address is too long',
  message: 'Use fewer or shorter filters.',
};

/** Creates the handler of all addresses of the dashboard, wherever it is mounted. */
export function createRouter(setup: RoutesSetup): RequestHandler {
  const { gate, basePath, once, now, canWrite, trustedOrigins } = setup;
  const findPage = pathFinder<PageDefinition>(setup.pages);
  const findForm = pathFinder<FormDefinition>(setup.forms);
  const stylesheet = assetFile('css', setup.stylesheet);
  const script = assetFile('js', setup.script);
  const assets = new Map([stylesheet, script].map((file) => [file.name, file]));
  const notices = new Notices(now);

  const handle = async (req: Request, res: Response): Promise<void> => {
    const reads = req.method === 'GET' || req.method === 'HEAD';
    const grant = await gate(req, !reads && isJson(req));
    if (grant === undefined) {
      sendNothing(req, res);
      return;
    }
    const place = placeOf(req, basePath, once);
    const asset = reads ? assets.get(place.path) : undefined;
    if (asset !== undefined) await sendAsset(req, res, asset);
    else if (reads && place.withSlash !== undefined) redirectTo(res, place.withSlash);
    else await answer(req, res, place, grant);
  };

  const answer = async (req: Request, res: Response, place: Place, grant: Grant): Promise<void> => {
    const page = findPage(place.path);
    const form = findForm(place.path);
    const exchange = exchangeOf(req, res, place, grant, req.method === 'POST' ? form : page);
    if (exchange === undefined) await sendNotLoaded(req, res);
    else if (place.query.length > MAX_QUERY) await sendRefusal(exchange, TOO_LONG);
    else if (page === undefined && form === undefined) await sendNotFound(exchange);
    else if ((req.method === 'GET' || req.method === 'HEAD') && page !== undefined) {
      await answerPage(exchange, page.definition, notices);
    } else if (req.method === 'POST' && form !== undefined && canWrite) {
      const hasPage = (path: string): boolean => findPage(path) !== undefined;
      const forms = { trustedOrigins, notices, hasToken: grant.hasToken, hasPage };
      await answerForm(exchange, form.definition, forms);
    } else {
      await sendNotAllowed(exchange, page !== undefined, form !== undefined && canWrite);
    }
  };

  /** Returns undefined before the first experiments are loaded. */
  const exchangeOf = (
    req: Request,
    res: Response,
    place: Place,
    { rights, author }: Grant,
    match: Match<PageDefinition | FormDefinition> | undefined,
  ): Exchange | undefined => {
    const board = setup.board(req);
    const snapshot = board.inForce();
    if (snapshot === undefined) return undefined;
    const isTooLong = place.query.length > MAX_QUERY;
    const visit: Visit = {
      board,
      snapshot,
      params: match?.params ?? {},
      query: new URLSearchParams(isTooLong ? '' : place.query),
      rights,
      author,
      now: now(),
      link: linksFrom(place.root),
    };
    const head = html`<link rel="icon" href="data:," />
      <link rel="stylesheet" href="${place.root}${stylesheet.name}" />
      <script src="${place.root}${script.name}" defer></script>`;
    const tab = match?.definition.tab ?? 'experiments';
    return { req, res, visit, tab, wantsJson: wantsJson(req), head, once };
  };

  const run = async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    try {
      await handle(req, res);
    } catch (thrown) {
      next(expressError('dashboard()', thrown));
    }
  };

  return (req, res, next) => void run(req, res, next);
}

/** Returns true if a client asks for JSON, or sends it and does not ask for a page. */
function wantsJson(req: Request): boolean {
  const accept = (req.headers.accept ?? '*/*').toLowerCase();
  if (accept.includes('text/html')) return false;
  return accept.includes('application/json') || isJson(req);
}

function sendNotAllowed(exchange: Exchange, reads: boolean, writes: boolean): Promise<void> {
  const methods = [...(reads ? ['GET', 'HEAD'] : []), ...(writes ? ['POST'] : [])];
  exchange.res.setHeader('Allow', methods.join(', '));
  return sendRefusal(exchange, {
    status: 405,
    code: 'not-allowed',
    title: 'Nothing was changed',
    message: writes
      ? `This address accepts only ${methods.join(' and ')}.`
      : 'This dashboard only reads: it has no store that it may write to.',
  });
}

async function sendNotLoaded(req: Request, res: Response): Promise<void> {
  const text = 'The experiments are not loaded yet. Try again in a moment.';
  if (wantsJson(req)) {
    const error = { code: 'unavailable', message: text, problems: [] };
    const body = Buffer.from(JSON.stringify({ error }));
    await send(req, res, { status: UNAVAILABLE, type: TYPES.json, body });
    return;
  }
  const page = plainPage('Not loaded yet', html`<p>${text}</p>`);
  sendPage(req, res, { status: UNAVAILABLE, html: page, policy: plainPolicy() });
}
