import { testApp, versions, withNodeEnv } from '../express/harness.ts';
import { RawServer } from './raw-server.ts';

/** The address of a visitor who may override, and of one who may not. */
const STAFF = '192.0.2.7';
const OTHER = '203.0.113.1';

/** A value of Express's setting `trust proxy`. */
type TrustProxy =
  boolean | number | string | readonly string[] | ((ip: string, hop: number) => boolean);

describe.each(versions)('overrides.allowIps in production on Express $version', ({ express }) => {
  let server: RawServer;
  afterEach(async () => {
    await server.stop();
  });

  /** Sends an override from 127.0.0.1 and returns true if it was applied. */
  async function isAllowed(
    lines: readonly string[],
    trust: TrustProxy | undefined,
    allowIps: readonly string[],
  ): Promise<boolean> {
    const { app } = withNodeEnv('production', () => testApp(express, { overrides: { allowIps } }));
    if (trust !== undefined) app.set('trust proxy', trust);
    server = new RawServer(app);
    await server.start();
    const { body } = await server.ask('/variant/chat', ['Cookie: __cw=chat:on', ...lines]);
    expect(['"on"', '"off"']).toContain(body);
    return body === '"on"';
  }

  const isProxy = (ip: string) => ip === '127.0.0.1' || ip.startsWith('10.');

  it.each<[string, TrustProxy | undefined, string, boolean]>([
    // No proxy is trusted: the header is ignored.
    ['not set', undefined, STAFF, false],
    ['false', false, STAFF, false],
    ['false', false, `${STAFF}, 127.0.0.1`, false],
    ['0 hops', 0, STAFF, false],
    ['an empty list', [], STAFF, false],
    ['another proxy', '10.0.0.0/8', STAFF, false],
    ['a function that trusts no proxy', () => false, STAFF, false],
    // The proxy added the last address; the visitor may have made up the addresses before it.
    ['1 hop', 1, STAFF, true],
    ['1 hop', 1, `${OTHER}, ${STAFF}`, true],
    ['1 hop', 1, `${STAFF}, ${OTHER}`, false],
    ['1 hop', 1, `${STAFF}, ${STAFF}, ${OTHER}`, false],
    ['2 hops', 2, `${OTHER}, ${STAFF}, 10.0.0.1`, true],
    ['2 hops', 2, `${STAFF}, ${OTHER}, 10.0.0.1`, false],
    ['loopback', 'loopback', STAFF, true],
    ['loopback', 'loopback', `${STAFF}, ${OTHER}`, false],
    ['loopback', 'loopback', `${OTHER}, ${STAFF}, 127.0.0.1`, true],
    ['a list', ['loopback', '10.0.0.0/8'], `${OTHER}, ${STAFF}, 10.1.2.3`, true],
    ['a list', ['loopback', '10.0.0.0/8'], `${STAFF}, ${OTHER}, 10.1.2.3`, false],
    ['a list in a string', 'loopback, 10.0.0.0/8', `${STAFF}, ${OTHER}, 10.1.2.3`, false],
    ['a function', isProxy, `${OTHER}, ${STAFF}, 10.1.2.3`, true],
    ['a function', isProxy, `${STAFF}, ${OTHER}, 10.1.2.3`, false],
    // Every address is trusted: the first one counts, and visitors can make it up.
    ['true', true, `${STAFF}, ${OTHER}`, true],
    ['true', true, `${OTHER}, ${STAFF}`, false],
  ])(
    'with trust proxy set to %s (%p) and "X-Forwarded-For: %s" permits the override: %s',
    async (_what, trust, forwarded, expected) => {
      const lines = [`X-Forwarded-For: ${forwarded}`];
      expect(await isAllowed(lines, trust, ['192.0.2.0/24'])).toBe(expected);
    },
  );

  it('joins several X-Forwarded-For headers into one list', async () => {
    const lines = [`X-Forwarded-For: ${STAFF}`, `x-forwarded-for: ${OTHER}`];
    expect(await isAllowed(lines, 1, ['192.0.2.0/24'])).toBe(false);
  });

  it.each([
    'X-Real-IP',
    'Forwarded',
    'X-Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'X-Forwarded',
  ])('ignores the header %s', async (name) => {
    const lines = [`${name}: ${name === 'Forwarded' ? `for=${STAFF}` : STAFF}`];
    expect(await isAllowed(lines, true, ['192.0.2.0/24'])).toBe(false);
  });

  it('checks the address of the connection if X-Forwarded-For is missing', async () => {
    expect(await isAllowed([], true, ['127.0.0.1'])).toBe(true);
  });

  it.each([
    STAFF,
    `\t ${STAFF} `,
    '::ffff:192.0.2.7',
    '::FFFF:192.0.2.7',
    '::ffff:c000:207',
    '::ffff:c000:0207',
    '0:0:0:0:0:ffff:192.0.2.7',
    '0000:0000:0000:0000:0000:FFFF:C000:0207',
  ])('recognises the address in another spelling: %j', async (spelling) => {
    for (const entry of ['192.0.2.0/24', '192.0.2.7', '::ffff:192.0.2.0/120', '::ffff:c000:207']) {
      expect(await isAllowed([`X-Forwarded-For: ${spelling}`], true, [entry])).toBe(true);
      await server.stop();
    }
    await server.start();
  });

  it.each([
    '192.0.2.7:80',
    '[192.0.2.7]',
    '[::ffff:192.0.2.7]',
    '[::ffff:192.0.2.7]:80',
    '"192.0.2.7"',
    '192.0.519',
    '192.519',
    '3221225991',
    '0xc0000207',
    '0xc0.0.2.7',
    '0300.0.02.07',
    '192.000.002.007',
    '192.0.2.07',
    '192.0.2.7.',
    '192.0.2.7/24',
    '192.0.2.7%00',
    '192.0.2.7 x',
    '192.0.2.256',
    '-192.0.2.7',
    // IPv6 addresses that contain the IPv4 address but belong to other hosts.
    '::192.0.2.7',
    '::c000:207',
    '::ffff:0:192.0.2.7',
    '2002:c000:207::',
    '64:ff9b::192.0.2.7',
    '2001:db8::192.0.2.7',
    '::fffe:192.0.2.7',
    // Not addresses.
    '',
    ',',
    'unknown',
    '_hidden',
    'localhost',
    '\xff\xfe',
    '1'.repeat(10_000),
  ])('rejects text that is not the address: %j', async (spelling) => {
    const entries = ['192.0.2.0/24', '::ffff:192.0.2.0/120'];
    expect(await isAllowed([`X-Forwarded-For: ${spelling}`], true, entries)).toBe(false);
  });

  it.each<[string, string, boolean]>([
    ['2001:db8::/32', '2001:0DB8:0:0:0:0:0:7', true],
    ['2001:db8::/32', '2001:db8::192.0.2.7', true],
    ['2001:db8::7', '2001:db8::7%eth0', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:db8::/127', '2001:db8::2', false],
    ['::/0', '192.0.2.7', false],
    ['::/0', '::ffff:192.0.2.7', false],
    ['::ffff:0:0/96', '192.0.2.7', true],
    ['::ffff:0:0/95', '192.0.2.7', false],
    ['0.0.0.0/0', '::ffff:192.0.2.7', true],
    ['0.0.0.0/0', '::1', false],
    ['192.0.2.7/32', '192.0.2.6', false],
    ['192.0.2.7/31', '192.0.2.6', true],
  ])('with %s in the list permits an override from %s: %s', async (entry, spelling, expected) => {
    expect(await isAllowed([`X-Forwarded-For: ${spelling}`], true, [entry])).toBe(expected);
  });
});
