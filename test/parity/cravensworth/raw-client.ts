import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { closing } from '../../closing.ts';
import type { RawAnswer } from '../../http/raw-server.ts';

/** The status of an answer that broke off. */
export const BROKEN_OFF = 0;

const NO_ANSWER: RawAnswer = { status: BROKEN_OFF, lines: [], body: '', values: () => [] };

/** A client of one connection, which sends bytes that no well-behaved client sends. It asks one question at a time. */
export class RawClient {
  private readonly port: number;
  private socket: Socket | undefined;
  private received = '';
  private wake: () => void = () => {};

  constructor(port: number) {
    this.port = port;
    closing(this);
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  /** Sends a request with these exact header lines, in Latin-1: each character is one byte. */
  async ask(target: string, lines: readonly string[]): Promise<RawAnswer> {
    const socket = (this.socket ??= await this.connect());
    this.received = '';
    socket.write([`GET ${target} HTTP/1.1`, 'Host: shop', ...lines, '', ''].join('\r\n'), 'latin1');
    for (;;) {
      const answer = parse(this.received, this.socket === undefined);
      if (answer !== undefined) return this.taken(answer);
      if (this.socket === undefined) return NO_ANSWER;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private taken(answer: RawAnswer): RawAnswer {
    if (answer.values('Connection')[0]?.toLowerCase() === 'close') this.close();
    return answer;
  }

  private async connect(): Promise<Socket> {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.received += chunk;
      this.wake();
    });
    const end = () => {
      if (this.socket === socket) this.socket = undefined;
      this.wake();
    };
    await once(socket, 'connect');
    socket.on('error', end).on('close', end);
    return socket;
  }
}

/** Returns the answer once it is complete. */
function parse(received: string, ended: boolean): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = received.slice(0, end).split('\r\n');
  const values = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
      .map((line) => line.slice(name.length + 2).trim());
  const [length] = values('Content-Length');
  const body = received.slice(end + 4);
  if (length === undefined ? !ended : body.length < Number(length)) return undefined;
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]), lines, body, values };
}
