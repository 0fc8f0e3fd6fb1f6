import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { closing } from '../../closing.ts';

/** A response exactly as its bytes say. */
export interface WireResponse {
  readonly status: number;
  readonly phrase: string;
  /** Names in lower case, and values, in the order received. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly trailers: readonly string[];
}

/** A request. */
export interface Asking {
  readonly method?: string;
  readonly target?: string;
  readonly version?: '1.0' | '1.1';
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the only value of a header; undefined without it. Throws if there are several. */
export function valueOf(response: WireResponse, name: string): string | undefined {
  const values = response.headers.filter(([one]) => one === name).map(([, value]) => value);
  if (values.length > 1) throw new Error(`${name} is there ${values.length} times`);
  return values[0];
}

/** Starts a server on a free port, and returns the port. */
export async function listen(server: Server): Promise<number> {
  closing(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Sends a request, and returns all bytes of the answer, up to the end of the connection. */
export async function bytesFrom(port: number, text: string): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write(text, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(chunks);
}

/** Sends requests over one connection, and returns their responses. Throws if a byte is left over. */
export async function askAll(port: number, askings: readonly Asking[]): Promise<WireResponse[]> {
  const text = askings.map((asking, i) => requestText(asking, i === askings.length - 1)).join('');
  let rest = await bytesFrom(port, text);
  const responses: WireResponse[] = [];
  for (const { method = 'GET' } of askings) {
    const [response, more] = parseResponse(rest, method);
    responses.push(response);
    rest = more;
  }
  if (rest.length > 0) throw new Error(`${rest.length} bytes follow the last response`);
  return responses;
}

function requestText(
  { method = 'GET', target = '/', version = '1.1', headers = {} }: Asking,
  isLast: boolean,
): string {
  const all = { Host: 'shop.example', ...(isLast && { Connection: 'close' }), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`;
}

/** Reads one response by the rules of RFC 9112, and returns what follows it. Interim responses are skipped. */
export function parseResponse(bytes: Buffer, method: string): [WireResponse, Buffer] {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) throw new Error(`no header: ${bytes.toString('latin1').slice(0, 200)}`);
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const rest = bytes.subarray(end + 4);
  const [, code, phrase = ''] = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(statusLine) ?? [];
  if (code === undefined) throw new Error(`not a status line: ${statusLine}`);
  const status = Number(code);
  if (status < 200) return parseResponse(rest, method);
  const headers = lines.map(parseLine);
  const head = { status, phrase, headers, trailers: [] };
  const of = (name: string) => headers.find(([one]) => one === name)?.[1];
  if (method === 'HEAD' || status === 204 || status === 304) {
    return [{ ...head, body: Buffer.alloc(0) }, rest];
  }
  const length = of('content-length');
  if (of('transfer-encoding') === 'chunked') {
    if (length !== undefined) throw new Error('both chunked and with a length');
    const [body, trailers, more] = parseChunks(rest);
    return [{ ...head, body, trailers }, more];
  }
  if (length === undefined) return [{ ...head, body: rest }, Buffer.alloc(0)];
  if (rest.length < Number(length)) throw new Error(`${rest.length} of ${length} bytes`);
  return [{ ...head, body: rest.subarray(0, Number(length)) }, rest.subarray(Number(length))];
}

function parseLine(line: string): readonly [string, string] {
  const at = line.indexOf(': ');
  return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
}

function parseChunks(bytes: Buffer): [body: Buffer, trailers: string[], rest: Buffer] {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (end === -1 || Number.isNaN(size)) throw new Error('the chunks are cut');
    if (size === 0) {
      const last = bytes.indexOf('\r\n\r\n', at);
      if (last === -1) throw new Error('the last chunk is cut');
      const trailers = bytes.toString('latin1', end, last).split('\r\n').filter(Boolean);
      return [Buffer.concat(chunks), trailers, bytes.subarray(last + 4)];
    }
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
    if (bytes.toString('latin1', at - 2, at) !== '\r\n') throw new Error('a chunk is too long');
  }
}
