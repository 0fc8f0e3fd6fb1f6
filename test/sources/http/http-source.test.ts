import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  createClient,
  type Delivery,
  type EvenhandError,
  httpSource,
  type HttpSourceOptions,
  type Revision,
} from 'evenhand';
import { redirectTarget } from '../../../src/sources/http/http-request.ts';
import { behavesAsLiveSource } from '../../contract/live-source.ts';
import { json, TestServer } from './http-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await new TestServer().start();
});

afterEach(async () => {
  await server.stop();
});

/** Loads like a client, for the first time or again. */
async function load(
  options: HttpSourceOptions = {},
  url: string | URL = server.url(),
): Promise<Delivery> {
  const { signal } = new AbortController();
  return httpSource(url, options).load({ signal });
}

async function errorOf(loading: Promise<unknown>): Promise<EvenhandError> {
  const error: unknown = await loading.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ code: 'source', name: 'SourceError' });
  return error as EvenhandError;
}

/** Serves a text with its ETag, like a file server. */
function serve(text: () => string): void {
  server.handler = (req, res) => {
    const etag = `"${createHash('sha1').update(text()).digest('hex')}"`;
    if (req.headers['if-none-match'] === etag) res.writeHead(304).end();
    else json(res, text(), { etag });
  };
}

describe('httpSource', () => {
  describe('by polling', () => {
    behavesAsLiveSource((first) => {
      let text = first;
      serve(() => text);
      return {
        source: httpSource(server.url(), { intervalMs: 100 }),
        write: async (next) => {
          text = next;
          if (!server.isRunning) await server.start();
        },
        breakOff: () => server.stop(),
        remove: () => {},
      };
    });
  });

  it('delivers the text, its revision, and the address without secrets', async () => {
    serve(() => '["ä:on"]');
    const url = new URL(server.url('/team/experiments.json?token=s3cret#part'));
    url.username = 'anna';
    url.password = 'p@ss';
    expect(await load({}, url)).toEqual({
      text: '["ä:on"]',
      origin: server.url('/team/experiments.json'),
      revision: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    const [request] = server.requests;
    expect(request?.url).toBe('/team/experiments.json?token=s3cret');
    const credentials = Buffer.from('anna:p@ss').toString('base64');
    expect(request?.headers).toMatchObject({
      authorization: `Basic ${credentials}`,
      accept: 'application/json',
    });
    expect(url.password).toBe('p%40ss');
  });

  it('sends headers, also from a function, and prefers them to the user in the address', async () => {
    serve(() => '[]');
    await load({ headers: { 'X-Api-Key': 'k1', accept: 'application/vnd.shop+json' } });
    let token = 0;
    const source = httpSource(server.url().replace('://', '://anna:x@'), {
      headers: async () => ({ authorization: `Bearer t${++token}` }),
    });
    const { signal } = new AbortController();
    await source.load({ signal });
    await source.load({ signal });
    expect(
      server.requests.map(({ headers }) => headers['x-api-key'] ?? headers.authorization),
    ).toEqual(['k1', 'Bearer t1', 'Bearer t2']);
    expect(server.requests[0]?.headers.accept).toBe('application/vnd.shop+json');
  });

  it.each([
    ['ETag', { etag: 'W/"7"' }, { 'if-none-match': 'W/"7"' }],
    [
      'Last-Modified',
      { 'last-modified': 'Sun, 31 Jan 2027 12:00:00 GMT' },
      { 'if-modified-since': 'Sun, 31 Jan 2027 12:00:00 GMT' },
    ],
  ])('makes conditional requests with %s', async (_what, sent, asked) => {
    server.handler = (req, res) => {
      const [name = ''] = Object.keys(asked);
      if (req.headers[name] === undefined) json(res, '["a:on"]', sent);
      else res.writeHead(304).end();
    };
    const source = httpSource(server.url());
    const { signal } = new AbortController();
    const ask = async (known?: Revision) => source.load({ signal, known });
    const first = await ask();
    const revision = 'revision' in first ? first.revision : undefined;
    expect(await ask(revision)).toEqual({ unchanged: true });
    expect(server.requests[1]?.headers).toMatchObject(asked);
    // A delivery that did not arrive is repeated.
    expect(await ask('another')).toEqual(first);
    expect(await ask()).toEqual(first);
  });

  it('decompresses the response', async () => {
    server.handler = (req, res) => {
      expect(req.headers['accept-encoding']).toContain('gzip');
      res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      res.end(gzipSync('["packed:on"]'));
    };
    expect(await load()).toMatchObject({ text: '["packed:on"]' });
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.shop+json',
    'text/plain',
    'application/octet-stream',
    undefined,
  ])('accepts the type %s', async (type) => {
    server.handler = (_req, res) => {
      res.writeHead(200, type === undefined ? {} : { 'content-type': type }).end('[]');
    };
    expect(await load()).toMatchObject({ text: '[]' });
  });

  it.each<[string | URL | undefined, HttpSourceOptions | object, RegExp]>([
    ['experiments.json', {}, /takes an address such as/],
    ['ftp://anna:s3cret@example.com/', {}, /begins with http: or https:, not ftp:$/],
    ['http://anna:s3cret@:/', {}, /takes an address such as/],
    [undefined, {}, /takes an address/],
    ['http://x/', { interval: 5 }, /unknown option "interval"/],
    ['http://x/', { intervalMs: 99 }, /"intervalMs"/],
    ['http://x/', { timeoutMs: 0 }, /"timeoutMs"/],
    ['http://x/', { maxBytes: 0.5 }, /"maxBytes" must be a whole number of bytes from 1/],
    ['http://x/', { headers: 'a: b' }, /"headers" must be an object of strings/],
    ['http://x/', { headers: { a: 1 } }, /"headers"/],
    ['http://x/', { push: true }, /"push" must be an address/],
    ['http://x/', { push: 'ws://x/' }, /\{ push \}\) .*not ws:/],
  ])('rejects %p with %j', (url, options, message) => {
    expect(() => httpSource(url as string, options)).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringMatching(message) }),
    );
    expect(() => httpSource(url as string, options)).not.toThrow('s3cret');
  });

  it("names a header that can't be sent, but not its value", async () => {
    const error = await errorOf(load({ headers: { 'x-key': 's3cret\nx: y' } }));
    expect(error.message).toContain('"x-key"');
    expect(`${error.message} ${String(error.cause)}`).not.toContain('s3cret');
  });
});

describe('after a response that can’t be used, httpSource', () => {
  const good = '["a:on"]';
  /** The validators of the requests. */
  const conditions = () =>
    server.requests.map(({ headers }) => headers['if-none-match'] ?? headers['if-modified-since']);

  it.each([
    ['ETag', { etag: '"v1"' }],
    ['Last-Modified', { 'last-modified': 'Mon, 02 Mar 2026 10:00:00 GMT' }],
  ])(
    'asks for a whole document, although its validator is the same: %s',
    async (_what, validators) => {
      let text = good.slice(0, 4);
      server.handler = (req, res) => {
        const isKnown = req.headers['if-none-match'] ?? req.headers['if-modified-since'];
        if (isKnown === undefined) json(res, text, validators);
        else res.writeHead(304).end();
      };
      const client = createClient({ source: httpSource(server.url()), logger: false });
      try {
        await expect(client.ready()).rejects.toMatchObject({ code: 'json' });
        await expect(client.reload()).rejects.toMatchObject({ code: 'json' });
        text = good;
        await client.reload();
        expect(client.participant().isOn('a')).toBe(true);
        const { length } = server.requests;
        await client.reload();
        const known = Object.values(validators);
        expect(conditions()).toEqual([...Array.from({ length }, () => undefined), ...known]);

        // The same while it runs: the server forgets its validators, and then answers badly.
        server.handler = (_req, res) => json(res, '[', validators);
        await expect(client.reload()).rejects.toMatchObject({ code: 'json' });
        server.handler = (_req, res) => json(res, '["a:off"]', validators);
        await client.reload();
        expect(client.participant().isOff('a')).toBe(true);
        expect(conditions().slice(length + 1)).toEqual([...known, undefined]);
      } finally {
        await client.close();
      }
    },
  );
});

describe('redirects of httpSource', () => {
  let other: TestServer;

  beforeEach(async () => {
    other = await new TestServer().start();
    other.handler = (_req, res) => json(res, '["there:on"]');
  });

  afterEach(async () => {
    await other.stop();
  });

  const redirectTo = (location: string, status = 302) => {
    server.handler = (req, res) => {
      if (req.url === '/here.json') json(res, '["here:on"]');
      else res.writeHead(status, { location }).end('moved');
    };
  };

  const secrets = { authorization: 'Bearer s3cret', 'x-api-key': 's3cret', cookie: 'id=s3cret' };

  it.each([301, 302, 303, 307, 308])('are followed for the status %d', async (status) => {
    redirectTo('/here.json', status);
    expect(await load({ headers: secrets })).toMatchObject({
      text: '["here:on"]',
      origin: server.url(),
    });
    expect(server.requests[1]?.headers).toMatchObject(secrets);
  });

  it("to another server don't get the application's headers", async () => {
    redirectTo(other.url().replace('://', '://user:pass@'));
    const url = server.url().replace('://', '://anna:s3cret@');
    expect(await load({ headers: secrets }, url)).toMatchObject({ text: '["there:on"]' });
    expect(JSON.stringify(other.requests[0]?.headers)).not.toMatch(/s3cret|authorization/);
    expect(JSON.stringify(server.requests[0]?.headers)).toContain('s3cret');
  });

  it("back from another server don't get them either", async () => {
    redirectTo(other.url());
    other.handler = (_req, res) => {
      res.writeHead(302, { location: server.url('/here.json') }).end();
    };
    await load({ headers: secrets });
    expect(JSON.stringify(server.requests[1]?.headers)).not.toContain('s3cret');
  });

  it.each([
    ['/experiments.json', /redirected more than 5 times/],
    ['http://[', /redirected to an invalid address/],
    ['file:///etc/passwd', /redirected to file:, which is less secure/],
  ])('to %s are not followed', async (location, message) => {
    redirectTo(location);
    expect((await errorOf(load())).message).toMatch(message);
    expect(server.requests.length).toBeLessThanOrEqual(6);
  });
});

describe('redirectTarget', () => {
  const target = (from: string, location: string) =>
    redirectTarget(
      new Response(null, { status: 302, headers: { location } }),
      new URL(from),
      'shown',
    ).href;

  it('resolves relative locations and removes credentials', () => {
    expect(target('https://a.example/x/y?z', '../w')).toBe('https://a.example/w');
    expect(target('http://a.example/', 'https://u:p@b.example/')).toBe('https://b.example/');
  });

  it('rejects http from https', () => {
    expect(() => target('https://a.example/', 'http://a.example/?token=s3cret')).toThrow(
      /^shown: redirected to http:\/\/a\.example\/, which is less secure/,
    );
  });
});
