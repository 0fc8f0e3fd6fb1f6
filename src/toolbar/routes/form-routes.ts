import type { Request, Response } from 'express';
import { html } from '../../ui/html.ts';
import { fieldOf, type FormFields, readForm } from '../../web/form-body.ts';
import { sendSeeOther } from '../../web/page-response.ts';
import { isSameOrigin } from '../../web/same-origin.ts';
import { endForm } from '../share/share-page.ts';
import { acceptedLink } from './grants.ts';
import { changeOverrides } from './override-form.ts';
import { currentOverrides, keepOverrides } from './own-overrides.ts';
import { sendForbidden, sendFormProblem, sendPlain } from './plain-pages.ts';
import { relativeAddress } from './relative-address.ts';
import { returnAddress } from './return-address.ts';
import { GRANT_COOKIE, keepPanelState, setSiteCookie } from './route-cookies.ts';
import type { Route, RoutesSetup } from './routes-setup.ts';
import { makeLink, sharedPage } from './share-form.ts';

/** A form has the names of an experiment, a variant and a page. */
const FORM_LIMITS = { maxBytes: 32_768 };

const OK = 200;
const UNPROCESSABLE = 422;
const UNAVAILABLE = 503;

/** Returns the routes of the toolbar's forms, by their name below its path. */
export function formRoutes(setup: RoutesSetup): readonly (readonly [name: string, route: Route])[] {
  if (setup.overrideCookie === undefined) return [];
  const end = postRoute(setup, endGrant);
  const endRoute: Route = {
    methods: ['GET', 'HEAD', 'POST'],
    run: (req, res) => (req.method === 'POST' ? end.run(req, res) : sendEndPage(req, res, setup)),
  };
  return [
    ['override', postRoute(setup, changeForced)],
    ...(setup.share === undefined ? [] : [['share', postRoute(setup, share)] as const]),
    ...(setup.share?.grants === true ? [['end', endRoute] as const] : []),
  ];
}

/** Handles a form of this site. */
type FormHandler = (req: Request, res: Response, fields: FormFields, setup: RoutesSetup) => void;

function postRoute(setup: RoutesSetup, handle: FormHandler): Route {
  return {
    methods: ['POST'],
    async run(req, res) {
      if (!isSameOrigin(req, setup.trustedOrigins)) {
        sendForbidden(req, res);
        return;
      }
      const form = await readForm(req, FORM_LIMITS);
      // Nobody is left to answer.
      if (form === undefined) return;
      if ('problem' in form) sendFormProblem(req, res, form.problem);
      else handle(req, res, form.fields, setup);
    },
  };
}

/** Forces variants. */
function changeForced(req: Request, res: Response, fields: FormFields, setup: RoutesSetup): void {
  const snapshot = setup.snapshot();
  if (snapshot === undefined) {
    sendPlain(req, res, UNAVAILABLE, 'Nothing was changed', 'The experiments are not loaded yet.');
    return;
  }
  const changed = changeOverrides(currentOverrides(req, setup), fields, snapshot);
  if (changed.overrides === undefined) {
    sendPlain(req, res, UNPROCESSABLE, 'Nothing was changed', `The form ${changed.problem}.`);
    return;
  }
  if (!keepOverrides(req, res, changed.overrides, setup)) {
    const text = 'The forced variants are too long for a cookie. Remove others first.';
    sendPlain(req, res, UNPROCESSABLE, 'Nothing was changed', text);
    return;
  }
  const open = fieldOf(fields, 'open') ?? changed.open;
  keepPanelState(req, res, { open, sharedPage: undefined });
  sendSeeOther(res, returnAddress(req, fieldOf(fields, 'back'), setup.path));
}

function share(req: Request, res: Response, fields: FormFields, setup: RoutesSetup): void {
  const back = fieldOf(fields, 'back');
  const page = sharedPage(req, back);
  const made =
    page === undefined
      ? { problem: 'The Host header of the request is missing or invalid.' }
      : makeLink(req, page, setup);
  if ('problem' in made) {
    sendPlain(req, res, UNPROCESSABLE, 'No link was made', made.problem);
    return;
  }
  keepPanelState(req, res, { open: fieldOf(fields, 'open') ?? '*', sharedPage: page });
  sendSeeOther(res, returnAddress(req, back, setup.path));
}

function endGrant(req: Request, res: Response, fields: FormFields, setup: RoutesSetup): void {
  setSiteCookie(req, res, GRANT_COOKIE, '');
  sendSeeOther(res, returnAddress(req, fieldOf(fields, 'back'), setup.path));
}

function sendEndPage(req: Request, res: Response, setup: RoutesSetup): void {
  const shared = acceptedLink(req, setup);
  if (shared === undefined) {
    sendPlain(req, res, OK, 'Shared variants', 'This browser uses no shared variants.');
    return;
  }
  const body = html`<p>This browser uses the variants of a share link.</p>
    <div class="acts">${endForm(relativeAddress(req, `${setup.path}/end`), '/')}</div>`;
  sendPlain(req, res, OK, 'Shared variants', body);
}
