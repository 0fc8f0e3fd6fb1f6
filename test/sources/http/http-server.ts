import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closing } from '../../closing.ts';

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** A real server whose answers the test sets; it can be stopped and started. */
export class TestServer {
  readonly requests: IncomingMessage[] = [];
  handler: Handler = (_req, res) => {
    res.end();
  };
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<this> {
    this.server = createServer((req, res) => {
      this.requests.push(req);
      this.handler(req, res);
    });
    const { server } = this;
    await new Promise<void>((resolve) => {
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    return closing(this);
  }

  /** Keeps the port, so that the server can be started again. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => {
      if (server === undefined) resolve(undefined);
      else server.close(resolve);
    });
  }

  get isRunning(): boolean {
    return this.server !== undefined;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  url(path = '/experiments.json'): string {
    return `http://${this.host}${path}`;
  }
}

/** Answers with JSON. */
export function json(
  res: ServerResponse,
  text: string,
  headers: Record<string, string> = {},
): void {
  res.writeHead(200, { 'content-type': 'application/json', ...headers }).end(text);
}
