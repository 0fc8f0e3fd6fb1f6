import { createReadStream } from 'node:fs';
import { IncomingMessage, OutgoingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { injectAtEnd, tellScript } from '../../../src/toolbar/inject/inject.ts';
import { versions } from '../../express/harness.ts';
import { InjectedApp, MARKUP, NAVIGATION, PLAIN, SCRIPT, type Setup } from './injected-app.ts';
import { bytesFrom } from './wire.ts';

const PAGE = '<!doctype html><title>Shop</title>';

const html = (res: Response) => res.type('html');

/** The errors of responses, as their code or message. */
const errors: string[] = [];
const note = (error: unknown): void => {
  const { code, message } = error as Error & { code?: string };
  errors.push(code ?? message);
};

type Patch = (res: Response) => void;

const patched =
  (patch: Patch): RequestHandler =>
  (_req, res, next) => {
    patch(res);
    next();
  };

/** Ways in which middleware replaces methods of a response. */
const patches: readonly (readonly [string, Patch])[] = [
  [
    'replaces end() and hands all on',
    (res) => {
      const end = res.end.bind(res) as (...args: unknown[]) => Response;
      res.end = ((...args: unknown[]) => end(...args)) as Response['end'];
    },
  ],
  [
    'replaces write() and end() with arrow functions of one argument',
    (res) => {
      const write = res.write.bind(res);
      const end = res.end.bind(res);
      res.write = ((chunk: string) => write(chunk)) as Response['write'];
      res.end = ((chunk: string) => end(chunk)) as Response['end'];
    },
  ],
  [
    'writes the last chunk before it ends',
    (res) => {
      const write = res.write.bind(res);
      const end = res.end.bind(res);
      res.end = ((chunk: unknown) => {
        if (chunk !== undefined) write(chunk);
        return end();
      }) as Response['end'];
    },
  ],
  [
    'splits each chunk and ends later, as express-session does',
    (res) => {
      const write = res.write.bind(res) as (chunk: unknown) => boolean;
      const end = res.end.bind(res) as (chunk?: unknown) => Response;
      res.end = ((chunk?: string | Buffer) => {
        if (chunk === undefined) return setImmediate(() => end());
        const bytes = Buffer.from(chunk as string);
        write(bytes.subarray(0, -1));
        return setImmediate(() => end(bytes.subarray(-1)));
      }) as unknown as Response['end'];
    },
  ],
  [
    'collects the body and sends it at the end, with its length',
    (res) => {
      const end = res.end.bind(res) as (chunk: Buffer) => Response;
      const chunks: Buffer[] = [];
      const add = (chunk: unknown): boolean => {
        if (chunk) chunks.push(Buffer.from(chunk as string));
        return true;
      };
      res.write = add as Response['write'];
      res.end = ((chunk: unknown) => {
        add(chunk);
        const body = Buffer.concat(chunks);
        if (!res.headersSent) res.setHeader('Content-Length', body.length);
        return end(body);
      }) as Response['end'];
    },
  ],
  [
    'seals the response',
    (res) => {
      const end = res.end.bind(res);
      Object.defineProperty(res, 'end', { value: end, writable: false, configurable: true });
    },
  ],
  [
    'defines accessors',
    (res) => {
      const end = res.end.bind(res);
      Object.defineProperty(res, 'end', { get: () => end, configurable: true });
    },
  ],
];

describe.each(versions)('the toolbar on Express $version', ({ express }) => {
  const appOf = (send: Setup['send'], more: Omit<Setup, 'send'> = {}) =>
    new InjectedApp(express, { ...more, send });

  beforeEach(() => errors.splice(0));

  describe.each(patches)('beside middleware that %s', (_what, patch) => {
    it.each([
      ['before', NAVIGATION],
      ['before', SCRIPT],
      ['after', NAVIGATION],
      ['after', SCRIPT],
    ] as const)('adds its markup, mounted %s it: %j', async (where, headers) => {
      for (const send of [
        (_req: Request, res: Response) => res.send(PAGE),
        (_req: Request, res: Response) => {
          html(res).write(PAGE);
          res.end('<p>');
        },
      ]) {
        const app = appOf(send, { [where]: [patched(patch)] });
        expect(await app.compare({ headers })).toBe('extended');
      }
    });
  });

  it.each<[string, Patch]>([
    [
      'calls the methods of Node itself',
      (res) => {
        res.write = ((chunk: string) =>
          OutgoingMessage.prototype.write.call(res, chunk, 'utf8')) as Response['write'];
        res.end = ((chunk?: string) =>
          OutgoingMessage.prototype.end.call(res, chunk, 'utf8')) as unknown as Response['end'];
      },
    ],
    [
      'calls a part of the methods of Node itself',
      (res) => {
        res.write = ((chunk: string) =>
          OutgoingMessage.prototype.write.call(res, chunk, 'utf8')) as Response['write'];
      },
    ],
  ])('leaves the page as it is beside middleware that %s', async (_what, patch) => {
    const app = appOf(
      (_req, res) => {
        html(res).write(PAGE);
        res.end();
      },
      { after: [patched(patch)] },
    );
    expect(await app.compare()).toBe('unchanged');
  });

  it.each<[string, (res: Response) => void]>([
    ['end() twice', (res) => (html(res).end(PAGE), res.end())],
    [
      'end() twice with bytes',
      (res) => (html(res).end(PAGE), res.end('<p>late', 'utf8', () => note(new Error('called')))),
    ],
    ['write() after end()', (res) => (html(res).end(PAGE), res.write('<p>late', 'utf8', note))],
    ['send() twice', (res) => (res.send(PAGE), twice(() => res.send('<p>late')))],
    ['flushHeaders() after end()', (res) => (html(res).end(PAGE), res.flushHeaders())],
    ['writeHead() after end()', (res) => (html(res).end(PAGE), twice(() => res.writeHead(404)))],
  ])('survives %s', async (_what, send) => {
    const app = appOf((_req, res) => {
      res.on('error', note);
      send(res);
    });
    expect(await app.compare()).toBe('extended');
    const half = errors.length / 2;
    expect(errors.slice(0, half)).toEqual(errors.slice(half));
  });

  it.each<[string, (res: Response) => void]>([
    ['a number', (res) => html(res).end(7)],
    ['an object', (res) => html(res).write({})],
    ['null', (res) => html(res).write(null)],
    ['an unknown encoding', (res) => html(res).end(PAGE, 'no encoding' as 'utf8')],
    ['a status that does not exist', (res) => html(res).writeHead(9999)],
    ['an invalid header', (res) => html(res).writeHead(200, { 'X-Bad': 'a\nb' })],
  ])('leaves the error of %s to the application', async (_what, send) => {
    const app = appOf((_req, res) => {
      try {
        send(res);
      } catch (error) {
        note(error);
        if (res.headersSent) throw error;
        res.status(500).send(PAGE);
      }
    });
    const text =
      'GET / HTTP/1.1\r\nHost: a\r\nSec-Fetch-Dest: document\r\nConnection: close\r\n\r\n';
    const bytes = await bytesFrom(await app.port(), text);
    const without = await bytesFrom(await app.port(false), text);
    expect(bytes.toString('latin1').slice(0, 20)).toBe(without.toString('latin1').slice(0, 20));
    expect(errors).toHaveLength(2);
    expect(errors[0]).toBe(errors[1]);
  });

  it.each<[string, (res: Response) => unknown]>([
    ['destroy()', (res) => (html(res).write(PAGE), res.destroy())],
    ['destroy() and end()', (res) => (html(res).write(PAGE), res.destroy(), res.end('<p>'))],
    ['a destroyed socket and end()', (res) => (html(res), res.socket?.destroy(), res.end(PAGE))],
    [
      'a stream that fails',
      (res) => {
        const source = Readable.from(failing());
        return pipeline(source, html(res)).catch(note);
      },
    ],
    [
      'a file that is missing',
      (res) => {
        const file = createReadStream('/nowhere/at/all').on('error', (error) => {
          note(error);
          res.destroy();
        });
        return file.pipe(html(res));
      },
    ],
    [
      'destroy() while the first bytes are held',
      (res) => (html(res).write('<!doc', note), res.destroy()),
    ],
  ])('adds nothing after %s', async (_what, send) => {
    const app = appOf((_req, res) => {
      res.on('error', note);
      return send(res);
    });
    const text = 'GET / HTTP/1.1\r\nHost: a\r\nSec-Fetch-Dest: empty\r\n\r\n';
    const bytes = await bytesFrom(await app.port(), text);
    expect(bytes.toString('latin1')).not.toContain(MARKUP);
    expect(bytes.toString('latin1')).not.toContain('\r\n0\r\n');
  });

  it('tells the callback of a write that it held until the response was destroyed', async () => {
    let told: unknown;
    const done = new Promise<void>((resolve) => {
      const app = appOf((_req, res) => {
        html(res).write('<!doc', (error) => {
          told = error;
          resolve();
        });
        res.destroy();
      });
      void app.port().then((port) => bytesFrom(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    });
    await done;
    expect(told).toMatchObject({ code: 'ERR_STREAM_DESTROYED' });
  });

  it('does not render the markup for a response that was destroyed', async () => {
    const app = appOf((_req, res) => {
      html(res).write(PAGE);
      res.destroy();
      res.end('<p>');
    });
    await bytesFrom(await app.port(), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(app.facts).toEqual([]);
  });

  it('extends the page that is sent after a body that Node refused', async () => {
    const app = appOf((_req, res) => {
      twice(() => res.type('text').end(7));
      html(res).send(PAGE);
    });
    expect(await app.compare()).toBe('extended');
  });

  it('looks at the bytes of the page that is sent after headers that Node refused', async () => {
    const app = appOf((_req, res) => {
      html(res).set('Trailer', 'X-Sum').set('Content-Length', '3');
      twice(() => res.end('<p>'));
      res.removeHeader('Trailer');
      res.send(PAGE);
    });
    expect(await app.compare({ headers: SCRIPT })).toBe('extended');
    expect(errors).toEqual(['ERR_HTTP_TRAILER_INVALID', 'ERR_HTTP_TRAILER_INVALID']);
  });

  it('extends a page once, also if it is mounted twice', async () => {
    const again: RequestHandler = (req, res, next) => {
      injectAtEnd(req, res, { render: () => 'again', nonce: undefined, warn: () => {} });
      next();
    };
    const app = appOf((_req, res) => res.send(PAGE), { after: [again] });
    expect((await app.ask()).body.toString()).toBe(PAGE + MARKUP);
  });

  it('extends the page of a mounted application, and its error page', async () => {
    const inner = express();
    inner.get('/page', (_req, res) => void res.send(PAGE));
    inner.get('/error', () => {
      throw Object.assign(new Error('broken'), { stack: 'broken' });
    });
    const app = appOf((req, res) => void express().use('/shop', inner)(req, res));
    for (const target of ['/shop/page', '/shop/error', '/shop/missing', '/elsewhere']) {
      expect(await app.compare({ target, headers: NAVIGATION })).toBe('extended');
      expect(await app.compare({ target, headers: PLAIN })).toBe('extended');
    }
    // The policy of Express's own error pages is no reason to warn.
    expect(app.warnings).toEqual([]);
  });

  it.each<[string, (res: Response) => unknown]>([
    ['a Proxy and itself', (res) => inParts(new Proxy(res, {}), res)],
    ['a wrapper that writes the header', (res) => inParts(wrapped(res), res)],
    [
      'a wrapper with a header of its own',
      (res) => wrapped(html(res)).writeHead(200) && res.end(PAGE),
    ],
  ])('extends a page that is sent through %s', async (_what, send) => {
    const app = appOf((_req, res) => send(res));
    expect(await app.compare()).toBe('extended');
  });
});

function wrapped(res: Response): Response {
  return Object.create(res) as Response;
}

/** Sends a page whose header comes from one object, and its last part from another. */
function inParts(first: Response, last: Response): void {
  html(first);
  first.setHeader('Content-Length', PAGE.length);
  last.end(PAGE);
}

/** Fails after the first part of a page. */
function* failing(): Generator<string> {
  yield PAGE;
  throw new Error('the source failed');
}

/** Calls a function that fails with and without the toolbar. */
function twice(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    note(error);
  }
}

describe('injectAtEnd() and tellScript()', () => {
  const throwing = () => {
    throw new Error('not here');
  };
  const headers = { 'sec-fetch-dest': 'document' };
  const nodeRequest = () =>
    Object.assign(new IncomingMessage(new Socket()), {
      method: 'GET',
      headers,
    }) as unknown as Request;
  const nodeResponse = () => new ServerResponse(nodeRequest()) as unknown as Response;

  it.each<[string, () => unknown]>([
    ['an empty object, as for an upgrade', () => ({})],
    ['undefined', () => undefined],
    ['null', () => null],
    ['a frozen response', () => Object.freeze(nodeResponse())],
    ['a sealed response', () => Object.seal(nodeResponse())],
    ['a response that has ended', () => nodeResponse().end()],
    ['a destroyed response', () => nodeResponse().destroy()],
    ['a mock', () => ({ write: jest.fn(), end: jest.fn(), getHeader: jest.fn() })],
    ['a Proxy that throws', () => new Proxy({}, { get: throwing, has: throwing })],
    ['methods that are accessors', () => Object.defineProperty({}, 'write', { get: throwing })],
    [
      'a response that refuses a method',
      () => Object.defineProperty(nodeResponse(), 'end', { value: throwing }),
    ],
  ])('never throw for %s', (_what, create) => {
    const res = create() as Response;
    const req = nodeRequest();
    const injection = { render: () => MARKUP, nonce: undefined, warn: () => {} };
    expect(() => {
      injectAtEnd(req, res, injection);
      tellScript(req, res, () => 'id');
    }).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['without headers', {}],
    ['with headers that throw', Object.defineProperty({}, 'headers', { get: throwing })],
    ['with frozen headers', { method: 'GET', headers: Object.freeze({ ...headers }) }],
  ])('never throw for a request %s', (_what, req) => {
    const res = nodeResponse();
    const injection = { render: () => MARKUP, nonce: undefined, warn: () => {} };
    expect(() => {
      injectAtEnd(req as Request, res, injection);
      res.setHeader('Content-Type', 'text/html');
      res.end(PAGE);
    }).not.toThrow();
  });

  it.each([
    ['HEAD', 'document'],
    ['GET', 'image'],
    ['GET', 'style'],
  ])('leave the response to %s for a destination of %s alone', (method, destination) => {
    const res = nodeResponse();
    const req = Object.assign(nodeRequest(), { method });
    req.headers = { 'sec-fetch-dest': destination, 'if-none-match': '*' };
    injectAtEnd(req, res, { render: () => '', nonce: undefined, warn: () => {} });
    tellScript(req, res, () => 'id');
    expect(Object.hasOwn(res, 'write')).toBe(false);
    expect(req.headers['if-none-match']).toBe('*');
  });

  it('replace no method if one of them cannot be replaced', () => {
    const res = nodeResponse();
    Object.defineProperty(res, 'end', { value: res.end.bind(res) });
    injectAtEnd(nodeRequest(), res, { render: () => '', nonce: undefined, warn: () => {} });
    expect(Object.hasOwn(res, 'write')).toBe(false);
  });
});
