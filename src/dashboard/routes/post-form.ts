import { isHttpUrl } from './http-url.ts';
import type { FormProblem } from '../../web/form-body.ts';
import { readForm } from '../../web/form-body.ts';
import { sendSeeOther } from '../../web/page-response.ts';
import { isSameOrigin } from '../../web/same-origin.ts';
import type { FormDefinition, FormOutcome } from '../frame/page-definition.ts';
import {
  type Exchange,
  type Refusal,
  sendBody,
  sendData,
  sendFailure,
  sendRefusal,
} from './answers.ts';
import { isJson, readJsonFields } from './json-body.ts';
import type { Notices } from './notices.ts';

/** The dependencies of forms. */
export interface FormSetup {
  readonly trustedOrigins: readonly string[];
  readonly notices: Notices;
  /** True if the application has verified a token of the request. */
  readonly hasToken: boolean;
  /** Returns true if the dashboard has a page at a path. */
  readonly hasPage: (path: string) => boolean;
}

/** The most bytes of a form that does not say otherwise. */
const MAX_BYTES = 1_000_000;

/** An experiment at all limits has fewer fields. */
const MAX_FIELDS = 5000;

const OK = 200;
const ACCEPTED = 202;
const TOO_LARGE = 413;
const TOO_SLOW = 408;

const CROSS_SITE: Refusal = {
  status: 403,
  code: 'cross-site',
  title: 'Nothing was changed',
  message:
    'The browser did not confirm that a page of this site sent the form. Use HTTPS or localhost. If a proxy changes the Host header, add the origin to "trustedOrigins".',
};

const FORBIDDEN: Refusal = {
  status: 403,
  code: 'forbidden',
  title: 'Nothing was changed',
  message: 'You may not make this change. Ask someone who may.',
};

/** Answers a form. Never rejects. */
export async function answerForm(
  exchange: Exchange,
  form: FormDefinition,
  setup: FormSetup,
): Promise<void> {
  const { req, res, visit } = exchange;
  const sentJson = isJson(req);
  try {
    if (!setup.hasToken && !isSameOrigin(req, setup.trustedOrigins)) {
      await sendRefusal(exchange, CROSS_SITE);
      return;
    }
    if (!visit.rights.has(form.right)) {
      await sendRefusal(exchange, FORBIDDEN);
      return;
    }
    const limits = { maxBytes: form.maxBytes ?? MAX_BYTES, maxFields: MAX_FIELDS };
    const body = await (sentJson ? readJsonFields : readForm)(req, limits);
    // Nobody is left to answer.
    if (body === undefined) return;
    if ('problem' in body) {
      if ([TOO_LARGE, TOO_SLOW].includes(body.problem.status)) res.shouldKeepAlive = false;
      await sendRefusal(exchange, bodyRefusal(body.problem));
      return;
    }
    await sendOutcome(exchange, await form.submit(visit, body.fields), setup);
  } catch (thrown) {
    await sendFailure(exchange, `the form ${JSON.stringify(form.path)}`, thrown);
  }
}

function bodyRefusal({ status, message }: FormProblem): Refusal {
  return { status, code: 'body', title: 'Nothing was changed', message };
}

async function sendOutcome(
  exchange: Exchange,
  outcome: FormOutcome,
  setup: FormSetup,
): Promise<void> {
  if (outcome.kind === 'again') await sendAgain(exchange, outcome);
  else if (exchange.wantsJson) await sendWritten(exchange, outcome);
  else redirect(exchange, outcome, setup);
}

/** A form that is sent back. */
type Again = Extract<FormOutcome, { readonly kind: 'again' }>;

/** A form that was saved or proposed. */
type Written = Exclude<FormOutcome, Again>;

const AGAIN_CODES = {
  400: 'body',
  409: 'conflict',
  422: 'invalid',
  503: 'unavailable',
} as const satisfies Record<Again['status'], Refusal['code']>;

function sendAgain(exchange: Exchange, { status, problems, page, data }: Again): Promise<void> {
  if (!exchange.wantsJson) return sendBody(exchange, status, page);
  return sendRefusal(exchange, {
    status,
    code: AGAIN_CODES[status],
    title: page.title,
    message: problems[0]?.message ?? 'Nothing was changed.',
    problems,
    ...(data === undefined ? {} : { data }),
  });
}

function sendWritten(exchange: Exchange, outcome: Written): Promise<void> {
  if (outcome.kind === 'proposed') {
    const { notice, href = null } = outcome;
    return sendData(exchange, ACCEPTED, { proposed: true, notice, href });
  }
  const { notice, revision, part, before = null, after = null } = outcome;
  return sendData(exchange, OK, { saved: true, notice, revision, part, before, after });
}

function redirect(
  { res, visit }: Exchange,
  outcome: Written,
  { notices, hasPage }: FormSetup,
): void {
  const undo = outcome.kind === 'saved' ? `history/${outcome.revision}/undo` : '';
  const href = outcome.kind === 'proposed' ? outcome.href : undefined;
  const notice = notices.keep({
    text: outcome.notice,
    href: isHttpUrl(href) ? href : undefined,
    undo: outcome.kind === 'saved' && hasPage(undo) ? { path: undo, ...outcome.part } : undefined,
  });
  const query = outcome.kind === 'saved' ? outcome.query : {};
  sendSeeOther(res, visit.link(outcome.to, { ...query, notice }));
}
