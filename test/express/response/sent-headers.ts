import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { evenhand } from 'evenhand';
import { closing } from '../../closing.ts';
import { experiments, versions } from '../harness.ts';

/** Experiments of each kind, and a namespace by visitor. */
export const source = {
  experiments,
  namespaces: [
    {
      name: 'page',
      unit: 'anonymous',
      segments: 10,
      defaults: { title: 'none' },
      experiments: [{ name: 'words', variants: [{ name: 'one', values: { title: 'one' } }] }],
      history: [{ add: 'words', segments: 10 }],
    },
  ],
};

/** A handler that decides and sends a response. */
export type Handler = (req: Request, res: Response, next: NextFunction) => void;

/** A server whose requests go through handlers, one after the other. */
interface Setting {
  readonly setting: string;
  /** True if the response has the methods of Express. */
  readonly isExpress: boolean;
  readonly serve: (handlers: readonly Handler[]) => Server;
}

/** The applications in which a response can be sent. */
export const settings: readonly Setting[] = [
  ...versions.map(({ version, express }) => ({
    setting: `Express ${version}`,
    isExpress: true,
    serve: (handlers: readonly Handler[]) => createServer(express().use(...asHandlers(handlers))),
  })),
  {
    setting: 'Express 5 without X-Powered-By',
    isExpress: true,
    serve: (handlers) => {
      const app = versions[0].express().disable('x-powered-by');
      return createServer(app.use(...asHandlers(handlers)));
    },
  },
  {
    setting: 'node:http',
    isExpress: false,
    serve: (handlers) =>
      createServer((req, res) => {
        runAll(asHandlers(handlers), req as Request, res as Response);
      }),
  },
];

function asHandlers(handlers: readonly Handler[]): [RequestHandler, ...RequestHandler[]] {
  const [first = () => {}, ...rest] = handlers;
  return [first, ...rest];
}

function runAll(handlers: readonly Handler[], req: Request, res: Response): void {
  const [first, ...rest] = handlers;
  const fail = () => res.destroy();
  try {
    first?.(req, res, ((error?: unknown) => {
      if (error === undefined) runAll(rest, req, res);
      else fail();
    }) as NextFunction);
  } catch {
    fail();
  }
}

/** Headers of a response as they were on the wire. */
export interface SentHeaders {
  readonly status: number;
  readonly phrase: string;
  /** The names in `Vary`. */
  readonly vary: readonly string[];
  readonly control: string | undefined;
  /** The names of the cookies, without their values. */
  readonly cookies: readonly string[];
  readonly body: string;
}

/** Options of a request. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the headers that a server sends. */
export async function headersFrom(server: Server, asking: Asking = {}): Promise<SentHeaders> {
  closing(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    const { port } = server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, agent: false, ...asking };
      request(options, resolve).once('error', reject).end();
    });
    let body = '';
    response.setEncoding('utf8');
    for await (const chunk of response) body += String(chunk);
    const { headers, statusCode = 0, statusMessage = '' } = response;
    return {
      status: statusCode,
      phrase: statusMessage,
      vary: headers.vary === undefined ? [] : headers.vary.split(', '),
      control: headers['cache-control'],
      cookies: (headers['set-cookie'] ?? []).map((line) => line.split('=')[0] ?? ''),
      body,
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Returns the middleware of a test. */
export function middlewareOf(options: Parameters<typeof evenhand>[0] = {}): RequestHandler {
  return closing(evenhand({ source, logger: false, ...options }));
}

/**
 * Calls a listener when the headers are about to be sent, as the package on-headers does for
 * compression, express-session, helmet and others.
 */
export function onHeaders(res: ServerResponse, listener: () => void): void {
  const write = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse;
  let called = false;
  res.writeHead = (status: number, ...rest: unknown[]) => {
    if (called) return write(status, ...rest);
    called = true;
    const given = rest.findLast((one) => typeof one === 'object' && one !== null) ?? {};
    res.statusCode = status;
    for (const [name, value] of Object.entries(given)) res.setHeader(name, value as string);
    listener();
    return write(res.statusCode, ...rest.filter((one) => typeof one === 'string'));
  };
}
