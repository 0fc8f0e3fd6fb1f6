import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { Request } from 'express';
import { onceLogger } from '../../src/runtime/logger.ts';
import { type AccessOptions, createAccess } from '../../src/web/access.ts';
import { isFromThisMachine, isLoopbackHost } from '../../src/web/loopback.ts';
import { closing } from '../closing.ts';
import { Lines, versions, withNodeEnv } from '../express/harness.ts';

const lines = new Lines();

beforeEach(() => {
  lines.warnings.length = 0;
  lines.errors.length = 0;
});

function access(environment: string | undefined, options: Partial<AccessOptions> = {}) {
  const all = {
    where: 'toolbar()',
    allow: undefined,
    allowIps: [],
    once: onceLogger(lines),
    ...options,
  };
  return withNodeEnv(environment, () => createAccess(all));
}

/** A request of Node's server from a browser on this machine. */
function local(changes: Record<string, unknown> = {}): Request {
  const { headers = {}, ...rest } = changes as { headers?: Record<string, string> };
  const all: Record<string, string> = { host: 'localhost:3000', ...headers };
  const rawHeaders = Object.entries(all).flat();
  return {
    url: '/',
    originalUrl: '/',
    httpVersion: '1.1',
    headers: all,
    rawHeaders,
    socket: { remoteAddress: '127.0.0.1' },
    ip: '127.0.0.1',
    ...rest,
  } as unknown as Request;
}

describe('isLoopbackHost', () => {
  it.each([
    'localhost',
    'LOCALHOST:3000',
    'shop.localhost',
    'a.b-c.localhost:8080',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.1.2.3:65535',
    '[::1]',
    '[::1]:80',
    '[0:0:0:0:0:0:0:1]:80',
    '[::ffff:127.0.0.1]:80',
    '[::ffff:7f00:1]',
  ])('accepts %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each([
    '',
    ' ',
    ':80',
    'localhost.',
    'localhost:',
    'localhost:port',
    'localhost:123456',
    'localhost.evil.example',
    'localhost@evil.example',
    'evil.example',
    'evil.example:80',
    'evillocalhost',
    '.localhost',
    '-x.localhost',
    'x..localhost',
    'xlocalhost:80',
    'evil.example#.localhost',
    'evil.example/.localhost',
    'localhost, evil.example',
    'localhost localhost',
    '127.0.0.1.evil.example',
    '127.0.0.1.',
    '127.0.0.256',
    '127.1',
    '0127.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '0.0.0.0',
    '10.0.0.1',
    '128.0.0.1',
    '::1',
    '[::]',
    '[::2]',
    '[::1',
    '[::1]evil.example',
    '[::ffff:10.0.0.1]',
    '[fe80::1%25lo0]',
    '\u0660localhost',
    'l\u00f6calhost',
    `${'a.'.repeat(200)}localhost`,
  ])('rejects %j', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });

  it('takes no time that grows faster than the text', () => {
    expect(isLoopbackHost(`${'a-'.repeat(100_000)}!`)).toBe(false);
  });
});

describe('isFromThisMachine', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    'accepts a socket from %s',
    (remoteAddress) => {
      expect(isFromThisMachine(local({ socket: { remoteAddress } }))).toBe(true);
    },
  );

  it.each(['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '2001:db8::1', '', undefined])(
    'rejects a socket from %s',
    (remoteAddress) => {
      expect(isFromThisMachine(local({ socket: { remoteAddress } }))).toBe(false);
    },
  );

  it.each([
    ['the public name of a proxy on the same machine', { host: 'shop.example' }],
    ['a visitor behind a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['a visitor who forged the first address', { 'x-forwarded-for': '127.0.0.1, 203.0.113.7' }],
    ['an address that is not one', { 'x-forwarded-for': 'unknown' }],
    ['an empty list of addresses', { 'x-forwarded-for': '' }],
    ['a tunnel that rewrites Host', { 'x-forwarded-host': 'abc.tunnel.example' }],
    ['nginx with X-Real-IP', { 'x-real-ip': '203.0.113.7' }],
    ['Forwarded', { forwarded: 'for=127.0.0.1' }],
    ['Via', { via: '1.1 cache' }],
    ['nginx that writes nothing but the protocol', { 'x-forwarded-proto': 'https' }],
    [
      'a forged Host through a proxy',
      { 'x-forwarded-host': 'localhost', 'x-forwarded-port': '80' },
    ],
    ['an ingress', { 'x-original-forwarded-for': '203.0.113.7' }],
    ['Envoy', { 'x-envoy-external-address': '203.0.113.7' }],
    ['X-Scheme', { 'x-scheme': 'https' }],
    ['a load balancer', { 'x-amzn-trace-id': 'Root=1-67891233' }],
    ['Cloudflare', { 'cf-connecting-ip': '203.0.113.7' }],
    [
      'a page of the same origin with another host',
      { 'sec-fetch-site': 'same-origin', referer: 'https://shop.example/cart' },
    ],
    [
      'a form of the same origin with another host',
      { 'sec-fetch-site': 'same-origin', origin: 'https://shop.example' },
    ],
    ['a damaged referrer', { 'sec-fetch-site': 'same-origin', referer: 'localhost' }],
  ])('rejects %s', (_what, headers) => {
    expect(isFromThisMachine(local({ headers }))).toBe(false);
  });

  it.each([
    ['a development server of this machine', { 'x-forwarded-for': '127.0.0.1, ::1' }],
    [
      'all that it adds',
      { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-port': '5173' },
    ],
    ['other headers', { 'x-request-id': 'a', 'x-forwarding': 'b' }],
    [
      'a page of that server',
      { 'sec-fetch-site': 'same-origin', referer: 'http://localhost:5173/cart' },
    ],
    ['a form without referrer', { 'sec-fetch-site': 'same-origin', origin: 'null' }],
    ['a link from elsewhere', { 'sec-fetch-site': 'cross-site', referer: 'https://shop.example/' }],
    ['its host', { 'x-forwarded-host': 'localhost:5173', 'x-forwarded-for': '::1' }],
  ])('accepts %s', (_what, headers) => {
    expect(isFromThisMachine(local({ headers }))).toBe(true);
  });

  it.each([
    ['HTTP/1.0, as nginx speaks to applications', { httpVersion: '1.0' }],
    ['an absolute target', { originalUrl: 'http://evil.example/' }],
    ['an absolute target of this machine', { originalUrl: 'http://localhost/' }],
    ['OPTIONS *', { originalUrl: '*' }],
    ['two hosts', { rawHeaders: ['Host', 'localhost', 'host', 'evil.example'] }],
    ['no host', { rawHeaders: [] }],
    ['a mock without a socket', { socket: undefined }],
    ['a mock without headers', { headers: undefined, rawHeaders: undefined }],
  ])('rejects %s', (_what, changes) => {
    expect(isFromThisMachine(local(changes))).toBe(false);
  });
});

describe('createAccess', () => {
  const stranger = () => local({ headers: { host: 'shop.example' }, ip: '203.0.113.7' });

  it('is open for everyone with NODE_ENV=development', () => {
    expect(access('development')(stranger())).toBe(true);
  });

  it.each([undefined, '', 'test', 'staging', 'Production'])(
    'is open only for this machine with NODE_ENV=%s',
    (environment) => {
      const permits = access(environment);
      expect([permits(local()), permits(stranger())]).toEqual([true, false]);
      expect(lines.warnings).toEqual([]);
    },
  );

  it('is closed in production, and logs once what to set', () => {
    const permits = access('production');
    expect([permits(local()), permits(stranger())]).toEqual([false, false]);
    expect(lines.warnings).toEqual([
      'evenhand: toolbar() is closed in production; set "allow" or "allowIps" to open it for some requests',
    ]);
  });

  it.each(['production', 'development', undefined])(
    'leaves the decision to "allow" with NODE_ENV=%s',
    (environment) => {
      const permits = access(environment, { allow: (req) => req.ip === '203.0.113.7' });
      expect([permits(local()), permits(stranger())]).toEqual([false, true]);
    },
  );

  it.each(['production', 'development', undefined])(
    'leaves the decision to "allowIps" with NODE_ENV=%s',
    (environment) => {
      const permits = access(environment, { allowIps: ['203.0.113.0/24'] });
      expect([permits(local()), permits(stranger())]).toEqual([false, true]);
    },
  );

  it('is open if either "allow" or "allowIps" permits a request', () => {
    const permits = access('production', {
      allowIps: ['203.0.113.7'],
      allow: (req) => req.ip === '127.0.0.1',
    });
    const other = local({ ip: '203.0.113.8' });
    expect([permits(local()), permits(stranger()), permits(other)]).toEqual([true, true, false]);
  });

  it.each<[string, () => unknown]>([
    ['a truthy text', () => 'write'],
    ['a number', () => 1],
    ['an object', () => ({})],
    ['nothing', () => undefined],
    ['null', () => null],
    ['a Boolean object', () => Object(true)],
    ['a promise of true', () => Promise.resolve(true)],
    ['a promise that rejects', () => Promise.reject(new Error('late'))],
    [
      'an exception',
      () => {
        throw new Error('no session');
      },
    ],
    [
      'an object that throws when it is read',
      () => {
        throw new Proxy(
          {},
          {
            get() {
              throw new Error('never read');
            },
          },
        );
      },
    ],
  ])('treats %s as a refusal', (_what, allow) => {
    const permits = access('development', { allow });
    expect([permits(local()), permits(local())]).toEqual([false, false]);
    expect(lines.warnings.length + lines.errors.length).toBeLessThanOrEqual(1);
  });

  it('logs a failure of "allow" once', () => {
    const permits = access('production', {
      allow: () => {
        throw new Error('no session');
      },
    });
    expect([permits(local()), permits(local())]).toEqual([false, false]);
    expect(lines.errors).toEqual([
      'evenhand: toolbar(): the function "allow" failed, so the request gets no access: no session',
    ]);
  });

  it('gives no access if the address can not be read', () => {
    const permits = access('production', { allowIps: ['127.0.0.1'], allow: () => true });
    const broken = {
      get ip(): string {
        throw new Error('trust proxy failed');
      },
    } as Request;
    expect([permits(broken), permits(broken)]).toEqual([false, false]);
    expect(lines.errors).toEqual([
      'evenhand: toolbar(): req.ip failed, so the request gets no access: trust proxy failed',
    ]);
  });

  it('rejects an entry of "allowIps" that is not an address', () => {
    expect(() => access('test', { allowIps: ['localhost'] })).toThrow(
      expect.objectContaining({
        code: 'option',
        message: expect.stringContaining('toolbar(): option "allowIps": "localhost" is neither'),
      }),
    );
  });
});

describe.each(versions)('access over HTTP on Express $version', ({ express }) => {
  let server: Server;

  beforeEach(async () => {
    const app = express();
    const permits = access(undefined);
    app.use((req, res) => {
      res.send(String(permits(req)));
    });
    server = closing(createServer(app).listen(0, '127.0.0.1'));
    await once(server, 'listening');
  });

  /** Sends a head exactly as it is, and returns the last line of the response. */
  async function ask(...head: readonly string[]): Promise<string> {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
    socket.write([...head, 'Connection: close', '', ''].join('\r\n'));
    await once(socket, 'close');
    return received.split('\r\n').at(-1) ?? '';
  }

  it.each([
    [['GET / HTTP/1.1', 'Host: localhost'], 'true'],
    [['GET / HTTP/1.1', 'Host: [::1]:3000'], 'true'],
    [['GET / HTTP/1.1', 'HOST: 127.0.0.1:3000'], 'true'],
    [['GET / HTTP/1.1', 'Host: 127.0.0.1.evil.example'], 'false'],
    [['GET / HTTP/1.1', 'Host: localhost.'], 'false'],
    [['GET / HTTP/1.1', 'Host: '], 'false'],
    [['GET / HTTP/1.1', 'Host: localhost', 'Host: evil.example'], 'false'],
    [['GET / HTTP/1.1', 'Host: localhost', 'X-Forwarded-For: 203.0.113.7'], 'false'],
    [
      [
        'GET / HTTP/1.1',
        'Host: localhost',
        'X-Forwarded-For: 127.0.0.1',
        'X-Forwarded-For: 10.1.1.1',
      ],
      'false',
    ],
    [['GET http://evil.example/ HTTP/1.1', 'Host: localhost'], 'false'],
    [['GET / HTTP/1.0', 'Host: localhost'], 'false'],
    [['GET / HTTP/1.0'], 'false'],
  ])('answers %j with %s', async (head, expected) => {
    expect(await ask(...head)).toBe(expected);
  });
});
