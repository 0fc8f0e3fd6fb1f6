import type { Request, Response } from 'express';
import { kindOfThrown, thrownMessage, thrownProperty } from '../../errors/thrown.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { note } from '../../ui/blocks.ts';
import { linkButton } from '../../ui/controls/buttons.ts';
import { html, type Html } from '../../ui/html.ts';
import type { FieldProblem, PageBody } from '../frame/page-definition.ts';
import type { Tab } from '../frame/tabs.ts';
import { renderShell } from '../frame/shell.ts';
import type { Visit } from '../frame/visit.ts';
import { send, TYPES } from './send.ts';

/** A request that may see the dashboard, and its response. */
export interface Exchange {
  readonly req: Request;
  readonly res: Response;
  readonly visit: Visit;
  readonly tab: Tab;
  /** True if the client wants data and no page. */
  readonly wantsJson: boolean;
  /** The elements that load the style sheet and the script. */
  readonly head: Html;
  readonly once: OnceLogger;
}

/** The reasons why a request is refused or fails. Scripts read them as `error.code`. */
export type RefusalCode =
  | 'not-found'
  | 'not-allowed'
  | 'forbidden'
  | 'cross-site'
  | 'body'
  | 'query'
  | 'invalid'
  | 'conflict'
  | 'unavailable'
  | 'failed';

/** A request that is refused or has failed. */
export interface Refusal {
  readonly status: number;
  readonly code: RefusalCode;
  readonly title: string;
  /** A sentence that says what to do. */
  readonly message: string;
  readonly problems?: readonly FieldProblem[];
  /** More for scripts. */
  readonly data?: object;
}

/** Sends a page. */
export function sendBody(
  { req, res, visit, tab, head }: Exchange,
  status: number,
  body: PageBody,
  notice?: Html,
): Promise<void> {
  const text = renderShell(body, visit, tab, notice === undefined ? { head } : { head, notice });
  return send(req, res, { status, type: TYPES.html, body: Buffer.from(text) });
}

/** Sends data. */
export function sendData({ req, res }: Exchange, status: number, data: object): Promise<void> {
  return send(req, res, { status, type: TYPES.json, body: Buffer.from(JSON.stringify(data)) });
}

/** Sends a refusal: as a page, or as `{"error":{"code","message","problems"}}`. */
export function sendRefusal(exchange: Exchange, refusal: Refusal): Promise<void> {
  const { status, code, title, message, problems = [], data } = refusal;
  if (exchange.wantsJson) {
    return sendData(exchange, status, { ...data, error: { code, message, problems } });
  }
  const back = linkButton('All experiments', exchange.visit.link(''));
  const body = html`${note('bad', '', message, { actions: [back] })}`;
  return sendBody(exchange, status, { title, body });
}

const NOT_FOUND: Refusal = {
  status: 404,
  code: 'not-found',
  title: 'Not found',
  message: 'There is nothing here. It may have been removed or renamed.',
};

/** Sends the page for an address that leads nowhere. */
export function sendNotFound(exchange: Exchange): Promise<void> {
  return sendRefusal(exchange, NOT_FOUND);
}

/** The codes of errors that end with the store's or the source's failure. */
const OUTAGES: ReadonlySet<unknown> = new Set(['store', 'source', 'conflict']);

/**
 * Sends the page for an error. That of a store is shown, because its message says what to do; any other is
 * logged once, under the reference that the page shows.
 */
export function sendFailure(exchange: Exchange, what: string, thrown: unknown): Promise<void> {
  const message = thrownMessage(thrown);
  if (OUTAGES.has(thrownProperty(thrown, 'code'))) {
    const title = 'The store did not answer';
    return sendRefusal(exchange, { status: 503, code: 'unavailable', title, message });
  }
  const kind = kindOfThrown(thrown);
  const reference = referenceOf(`${what} ${kind} ${message}`);
  exchange.once.error(
    `dashboard ${reference}`,
    `evenhand: dashboard(): ${what} failed (reference ${reference}): ${kind}: ${message}${originOf(thrown)}`,
  );
  return sendRefusal(exchange, {
    status: 500,
    code: 'failed',
    title: 'This page has failed',
    message: `The application's log says why, under the reference ${reference}.`,
  });
}

/** The hexadecimal digits of a reference. */
const REFERENCE_LENGTH = 8;

/** Returns the same reference for the same error, so that each is logged only once. */
function referenceOf(text: string): string {
  return nodeCrypto().createHash('sha256').update(text).digest('hex').slice(0, REFERENCE_LENGTH);
}

/** Returns the place in the code that threw, for the log; empty if it is not known. */
function originOf(thrown: unknown): string {
  const stack = thrownProperty(thrown, 'stack');
  if (typeof stack !== 'string') return '';
  const line = stack.split('\n').find((one) => /^\s+at /.test(one));
  return line === undefined ? '' : ` (${line.trim()})`;
}
