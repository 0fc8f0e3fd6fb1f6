import type { ServerResponse } from 'node:http';
import { createGzip } from 'node:zlib';
import { type Client, createClient, type EvenhandError, httpSource } from 'evenhand';
import { json, TestServer } from './http-server.ts';
import { until } from '../until.ts';

let server: TestServer;
let client: Client;
let problems: EvenhandError[];

const names = () => client.experiments().experiments.map(({ name }) => name);

/** Makes a client that has loaded once and polls every 100 ms. */
async function start(options: Parameters<typeof httpSource>[1] = {}): Promise<void> {
  server.handler = (_req, res) => json(res, '["a:on"]');
  const source = httpSource(server.url('/e.json?token=s3cret'), { intervalMs: 100, ...options });
  client = createClient({ source, logger: false });
  problems = [];
  client.on('error', (problem) => void problems.push(problem));
  await client.ready();
}

/** Makes the server work again, with a new document. */
async function recover(): Promise<void> {
  server.handler = (_req, res) => json(res, '["b:on"]');
  await until('it is well', () => names()[0] === 'b');
  expect(client.status().problem).toBeUndefined();
  expect(problems.map(({ code }) => code)).toEqual(['source']);
  expect(problems[0]?.message).not.toContain('s3cret');
}

beforeEach(async () => {
  server = await new TestServer().start();
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

describe('a server that', () => {
  /** Resolves to the message of the next problem. */
  const told = async () => {
    await until('it is told', () => problems.length > 0);
    expect(names()).toEqual(['a']);
    return problems[0]?.message;
  };

  it.each([500, 404, 401, 204, 206, 304])('is reported for the status %d', async (status) => {
    await start();
    server.handler = (_req, res) => {
      res.writeHead(status).end();
    };
    expect(await told()).toBe(
      `${server.url('/e.json')}: the server answered with status ${status}`,
    );
    await recover();
  });

  it.each([429, 503])('answers %d is not asked again before its Retry-After', async (status) => {
    await start();
    const asked: number[] = [];
    server.handler = (_req, res) => {
      asked.push(performance.now());
      if (asked.length > 1) json(res, '["b:on"]');
      else res.writeHead(status, { 'retry-after': '1' }).end();
    };
    expect(await told()).toMatch(new RegExp(`status ${status}$`));
    await until('it is asked again', () => names()[0] === 'b');
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('breaks off in the middle of a body', async () => {
    await start();
    server.handler = (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      res.write('["b:on"');
      setImmediate(() => res.destroy());
    };
    expect(await told()).toMatch(/the answer can't be read completely/);
    await recover();
  });

  it('breaks off in the middle of a body without a length', async () => {
    await start();
    server.handler = (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.write('["b:on"]');
      setImmediate(() => res.destroy());
    };
    expect(await told()).toMatch(/the answer can't be read completely/);
    await recover();
  });

  it('declares a gigabyte, of which nothing is read', async () => {
    await start();
    let written = 0;
    server.handler = (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(2 ** 30) });
      const chunk = Buffer.alloc(2 ** 16, ' ');
      const more = () => {
        while (!res.destroyed && res.write(chunk)) written += chunk.length;
        res.once('drain', more);
      };
      more();
    };
    expect(await told()).toMatch(/larger than 10485760 bytes/);
    expect(written).toBeLessThan(2 ** 24);
    await recover();
  });

  it.each([
    ['uncompressed', {}],
    ['compressed to a megabyte', { 'content-encoding': 'gzip' }],
  ])('sends a gigabyte, %s, and is cut off at the limit', async (_what, headers) => {
    await start({ maxBytes: 2 ** 20 });
    let written = 0;
    server.handler = (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json', ...headers });
      const out = 'content-encoding' in headers ? createGzip() : res;
      if (out !== res) out.pipe(res);
      res.on('close', () => out.destroy());
      out.on('error', () => {});
      const chunk = Buffer.alloc(2 ** 16, ' ');
      const more = () => {
        while (!out.destroyed && written < 2 ** 30) {
          written += chunk.length;
          if (!out.write(chunk)) break;
        }
        out.once('drain', more);
      };
      more();
    };
    expect(await told()).toMatch(/larger than 1048576 bytes/);
    await recover();
    // The system's buffers hold the rest.
    expect(written).toBeLessThan(2 ** 29);
  });

  it('answers with a web page', async () => {
    await start();
    server.handler = (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>Log in</h1>');
    };
    expect(await told()).toMatch(/the answer is of type "text\/html", not JSON/);
    await recover();
  });

  it('answers in an encoding other than UTF-8', async () => {
    await start();
    server.handler = (_req, res) => {
      res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(Buffer.from('["\xe4:on"]', 'latin1'));
    };
    expect(await told()).toContain('line 1, column 3: the byte 0xe4 is not UTF-8');
    await recover();
  });

  it('is unreachable', async () => {
    await start();
    await server.stop();
    expect(await told()).toMatch(/no answer: connect ECONNREFUSED/);
    await server.start();
    await recover();
  });

  it('does not speak HTTP', async () => {
    await start();
    server.handler = (req) => {
      req.socket.end('SSH-2.0-OpenSSH\r\n');
    };
    expect(await told()).toMatch(/no answer: /);
    await recover();
  });
});

describe('a server that takes too long', () => {
  it.each<[string, (res: ServerResponse) => void]>([
    ['as it never answers', () => {}],
    [
      'as it drips a body byte by byte',
      (res) => {
        res.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => res.write(' '), 20);
        res.on('close', () => clearInterval(timer));
      },
    ],
    [
      'as it stops in the middle of a body',
      (res) => {
        res.writeHead(200, { 'content-type': 'application/json', 'content-length': '10' });
        res.write('["b');
      },
    ],
  ])('is aborted %s', async (_what, handler) => {
    await start({ timeoutMs: 300 });
    let gone = 0;
    server.handler = (_req, res) => {
      res.on('close', () => gone++);
      handler(res);
    };
    await until('it is told', () => problems.length > 0);
    expect(problems.map(({ message }) => message)).toEqual([
      'the source "http" took longer than 300 ms',
    ]);
    expect(names()).toEqual(['a']);
    // The connection is closed too.
    await until('the connection is closed', () => gone > 0);
    await recover();
    expect(problems).toHaveLength(1);
  });
});
