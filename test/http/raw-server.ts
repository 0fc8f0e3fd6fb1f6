import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Express } from 'express';
import { closing } from '../closing.ts';

/** A response exactly as it was sent. */
export interface RawAnswer {
  readonly status: number;
  /** The header lines, without the status line. */
  readonly lines: readonly string[];
  readonly body: string;
  /** Returns the values of a header, in the order received. */
  readonly values: (name: string) => string[];
}

/** A server for tests that send bytes which no well-behaved client sends. */
export class RawServer {
  private readonly server: Server;

  /** @param maxHeaderSize in bytes; Node's default is 16 KB */
  constructor(app: Express, maxHeaderSize = 65_536) {
    this.server = createServer({ maxHeaderSize }, app);
  }

  async start(host = '127.0.0.1'): Promise<void> {
    this.server.listen(0, host);
    await once(this.server, 'listening');
    closing(this);
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Sends a request with these exact header lines, in Latin-1: each character is one byte. */
  ask(target: string, lines: readonly string[] = [], method = 'GET'): Promise<RawAnswer> {
    const head = [`${method} ${target} HTTP/1.1`, 'Host: shop', 'Connection: close', ...lines];
    return this.send(`${head.join('\r\n')}\r\n\r\n`);
  }

  /** Sends bytes, one for each character, and reads until the server closes the connection. */
  send(bytes: string): Promise<RawAnswer> {
    const { address, port } = this.server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const socket = connect(port, address);
      let received = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk: string) => (received += chunk));
      socket.once('error', reject);
      socket.once('close', () => resolve(parse(received)));
      socket.write(bytes, 'latin1');
    });
  }
}

function parse(received: string): RawAnswer {
  const end = received.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = received.slice(0, end).split('\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]),
    lines,
    body: received.slice(end + 4),
    values: (name) =>
      lines
        .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
        .map((line) => line.slice(name.length + 2)),
  };
}
