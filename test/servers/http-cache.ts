import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** How a cache in front of an application is set up. */
export interface CacheSettings {
  /** Of the application, on 127.0.0.1. */
  readonly port: number;
  /**
   * Whether it stores responses that set cookies, as RFC 9111 allows and several do; nginx and Varnish
   * don't by themselves. @default false
   */
  readonly storesCookies?: boolean;
}

/** A cache shared by all who ask; it tells what it did in the header `X-Cache`. */
export interface CacheServer {
  /** The socket where it is reached. */
  readonly socket: string;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** What somebody has got. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the application was not asked. */
  readonly hit: boolean;
}

/** Asks over a socket; connections are kept. */
export class CacheClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 50 });
  private readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** @param headers also `Host` and others that `fetch` would not send */
  ask(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<Answer> {
    const { agent, socketPath } = this;
    return new Promise((resolve, reject) => {
      const asked = request({
        agent,
        socketPath,
        path,
        method,
        headers: { host: 'shop', ...headers },
      });
      asked.once('error', reject);
      asked.once('response', (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.once('error', reject);
        response.once('end', () => {
          const { statusCode = 0, headers } = response;
          resolve({ status: statusCode, headers, body, hit: headers['x-cache'] === 'HIT' });
        });
      });
      asked.end();
    });
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }
}

/** Whether a server answers over a socket, be it with an error. */
export async function isAnswering(socketPath: string): Promise<boolean> {
  const client = new CacheClient(socketPath);
  try {
    await client.ask('/is-answering');
    return true;
  } catch {
    return false;
  } finally {
    client.close();
  }
}
