import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** Options of a cache in front of an application. */
export interface CacheSettings {
  /** The port of the application, on 127.0.0.1. */
  readonly port: number;
  /**
   * Stores responses that set cookies, as RFC 9111 allows and several caches do; nginx and Varnish
   * don't by default. @default false
   */
  readonly storesCookies?: boolean;
}

/** A shared cache, which reports hits and misses in the header `X-Cache`. */
export interface CacheServer {
  /** The path of its socket. */
  readonly socket: string;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

/** A response to a client. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** True if the application was not asked. */
  readonly hit: boolean;
}

/** A client over a socket, with persistent connections. */
export class CacheClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 50 });
  private readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** @param headers the headers, including `Host` and others that `fetch` does not allow */
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

/** Returns true if a server answers over a socket, even with an error. */
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
