import { createServer, type Server } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type express5 from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { thrownMessage } from '../../../src/errors/thrown.ts';
import { injectAtEnd, tellScript } from '../../../src/toolbar/inject/inject.ts';
import type { PageFacts } from '../../../src/toolbar/inject/page-facts.ts';
import { type Asking, askAll, listen, type WireResponse } from './wire.ts';

/** The markup that tests add. */
export const MARKUP = '<evenhand-toolbar>here</evenhand-toolbar>';

/** Headers of a request for a page, of a script's request, and of an old browser's. */
export const NAVIGATION = { 'Sec-Fetch-Dest': 'document' };
export const SCRIPT = { 'Sec-Fetch-Dest': 'empty' };
export const PLAIN = {};

/** Headers that vary from response to response. */
const VARYING: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive']);

/** An application around the toolbar. */
export interface Setup {
  readonly send: (req: Request, res: Response) => unknown;
  /** Middleware in front of the toolbar, and between the toolbar and the handler. */
  readonly before?: readonly RequestHandler[];
  readonly after?: readonly RequestHandler[];
  readonly markup?: string | ((facts: PageFacts) => string);
  readonly nonce?: (req: Request, res: Response) => string | undefined;
  /** The id that scripts are told. */
  readonly viewId?: () => string | undefined;
  readonly configure?: (app: express5.Express) => void;
}

/** The application with and without the toolbar. */
export class InjectedApp {
  readonly warnings: string[] = [];
  readonly facts: PageFacts[] = [];
  private readonly express: typeof express5;
  private readonly setup: Setup;
  private readonly ports = new Map<boolean, number>();

  constructor(express: typeof express5, setup: Setup) {
    this.express = express;
    this.setup = setup;
  }

  /** Returns the response to one request. */
  async ask(asking: Asking = { headers: NAVIGATION }): Promise<WireResponse> {
    const [response] = await this.askAll([asking]);
    if (response === undefined) throw new Error('no response');
    return response;
  }

  /** Returns the responses to requests over one connection. */
  async askAll(askings: readonly Asking[], isMounted = true): Promise<WireResponse[]> {
    return askAll(await this.port(isMounted), askings);
  }

  /** Returns the response of the same application without the toolbar. */
  async askWithout(asking: Asking = { headers: NAVIGATION }): Promise<WireResponse> {
    const [response] = await this.askAll([asking], false);
    if (response === undefined) throw new Error('no response');
    return response;
  }

  /** Compares a response with the one without the toolbar; see `compare()`. */
  async compare(asking: Asking = { headers: NAVIGATION }): Promise<unknown> {
    return compare(await this.ask(asking), await this.askWithout(asking));
  }

  /** Returns the port of the server. */
  async port(isMounted = true): Promise<number> {
    const port = this.ports.get(isMounted) ?? (await listen(this.server(isMounted)));
    this.ports.set(isMounted, port);
    return port;
  }

  private server(isMounted: boolean): Server {
    const { send, before = [], after = [], configure = () => {} } = this.setup;
    const app = this.express();
    configure(app);
    for (const middleware of before) app.use(middleware);
    if (isMounted) {
      app.use((req, res, next) => {
        this.inject(req, res);
        next();
      });
    }
    for (const middleware of after) app.use(middleware);
    app.use((req, res) => void send(req, res));
    const fail: express5.ErrorRequestHandler = (error: unknown, _req, res, _next) => {
      if (res.headersSent) res.destroy();
      else res.status(500).send(`<p>${String(error)}`);
    };
    app.use(fail);
    return createServer(app);
  }

  private inject(req: Request, res: Response): void {
    const { markup = MARKUP, nonce, viewId } = this.setup;
    injectAtEnd(req, res, {
      render: (facts) => {
        this.facts.push(facts);
        return typeof markup === 'string' ? markup : markup(facts);
      },
      nonce,
      warn: (problem, thrown) => {
        this.warnings.push(thrown === undefined ? problem : `${problem}: ${thrownMessage(thrown)}`);
      },
    });
    if (viewId !== undefined) tellScript(req, res, viewId);
  }
}

/** Headers of an extended page that differ from those without the toolbar. */
const CHANGED: ReadonlySet<string> = new Set([
  'content-length',
  'etag',
  'cache-control',
  'transfer-encoding',
]);

/**
 * Compares a response with the one without the toolbar.
 *
 * @returns `extended` if the same bytes and headers are followed by the markup, `unchanged`, or the differences
 */
export function compare(response: WireResponse, without: WireResponse, markup = MARKUP): unknown {
  const all = (one: WireResponse, except: ReadonlySet<string>, more: string) => ({
    start: [one.status, one.phrase],
    headers: one.headers.filter(([name]) => !VARYING.has(name) && !except.has(name)),
    body: `${one.body.toString('latin1')}${more}`,
    trailers: one.trailers,
  });
  const control = response.headers.filter(([name]) => name === 'cache-control').join();
  const hasTag = response.headers.some(([name]) => name === 'etag');
  if (control === 'cache-control,private, no-store' && !hasTag) {
    const here = all(response, CHANGED, '');
    const there = all(without, CHANGED, markup);
    if (isDeepStrictEqual(here, there)) return 'extended';
  }
  const here = all(response, new Set(), '');
  const there = all(without, new Set(), '');
  return isDeepStrictEqual(here, there) ? 'unchanged' : { here, there };
}
