import type { Request } from 'express';
import {
  createOverrideAccess,
  type OverrideSettings,
} from '../../../src/express/cookies/override-access.ts';
import { onceLogger } from '../../../src/runtime/logger.ts';
import { Lines } from '../harness.ts';

function access(settings: Partial<OverrideSettings>, production = true, logger = new Lines()) {
  return createOverrideAccess(
    { cookie: '__cw', allowIps: [], allow: undefined, ...settings },
    production,
    onceLogger(logger),
  );
}

function from(ip: string | undefined): Request {
  return { ip } as Request;
}

describe('createOverrideAccess', () => {
  it.each<[string, string | undefined, boolean]>([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.7', '::ffff:192.0.2.7', true],
    ['192.0.2.7', '::ffff:c000:207', true],
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.9/24', '192.0.2.1', true],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::ffff:192.0.2.7', '192.0.2.7', true],
    ['::ffff:192.0.2.0/120', '192.0.2.200', true],
    ['::ffff:192.0.2.0/120', '192.0.3.1', false],
    ['2001:db8::/32', '2001:db8:1::7', true],
    ['2001:db8::/32', '2001:db9::7', false],
    ['2001:DB8::7', '2001:db8:0:0::7', true],
    ['::/0', '2001:db8::1', true],
    ['::1', '::1', true],
    ['::1', '127.0.0.1', false],
    ['127.0.0.1', '127.1', false],
    ['127.0.0.1', '2130706433', false],
    ['127.0.0.1', '0x7f.0.0.1', false],
    ['127.0.0.1', '127.0.0.1, 192.0.2.1', false],
    ['127.0.0.1', '', false],
    ['127.0.0.1', undefined, false],
  ])('with %s in the list, returns for %s: %s', (entry, ip, expected) => {
    expect(access({ allowIps: ['198.51.100.1', entry] })(from(ip))).toBe(expected);
  });

  it('refuses a request whose ip can not be read, and logs that once', () => {
    const logger = new Lines();
    const permits = access({ allowIps: ['192.0.2.7'], allow: () => true }, true, logger);
    const req = {
      get ip(): string {
        throw new Error('trust proxy failed');
      },
    } as Request;
    expect([permits(req), permits(req)]).toEqual([false, false]);
    expect(logger.errors).toEqual([
      'evenhand: req.ip failed, so the override is ignored: trust proxy failed',
    ]);
  });

  it.each([
    '',
    'localhost',
    '10.0.0',
    '127.1',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '2001:db8::/129',
    '2001:db8::g',
    ' 10.0.0.1',
  ])('rejects the entry %j', (entry) => {
    expect(() => access({ allowIps: [entry] }, false)).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });

  it('allows everyone outside production and nobody in production', () => {
    expect(access({})(from('127.0.0.1'))).toBe(false);
    expect(access({ allowIps: ['192.0.2.7'], allow: () => false }, false)(from('::1'))).toBe(true);
  });

  it('allows a request only if the function returns exactly true', () => {
    expect(access({ allow: () => true })(from('::1'))).toBe(true);
    for (const answer of [false, undefined, 1, 'yes', {}]) {
      expect(access({ allow: () => answer as boolean })(from('::1'))).toBe(false);
    }
  });

  it('warns once of an answer that is neither true nor false', () => {
    const logger = new Lines();
    const mayOverride = access({ allow: () => 'yes' as never }, true, logger);
    expect([mayOverride(from('::1')), mayOverride(from('::1'))]).toEqual([false, false]);
    expect(logger.warnings).toEqual([
      'evenhand: overrides.allow returned a value of the type string, so the override is ignored; return true or false',
    ]);
  });

  it('refuses a promise with one warning, and ignores its rejection', () => {
    const logger = new Lines();
    const allow = () => Promise.reject(new Error('never seen')) as never;
    const mayOverride = access({ allow }, true, logger);
    expect([mayOverride(from('::1')), mayOverride(from('::1'))]).toEqual([false, false]);
    expect(logger.warnings).toEqual([expect.stringContaining('promise')]);
  });

  it('refuses if the function throws, and logs it once', () => {
    const logger = new Lines();
    const mayOverride = access(
      {
        allow() {
          throw new Error('no session');
        },
      },
      true,
      logger,
    );
    expect([mayOverride(from('::1')), mayOverride(from('::1'))]).toEqual([false, false]);
    expect(logger.errors).toEqual([expect.stringContaining('no session')]);
  });

  it('calls the function if the address is not listed', () => {
    const mayOverride = access({ allowIps: ['192.0.2.7'], allow: (req) => req.path === '/staff' });
    expect(mayOverride({ ip: '192.0.2.7', path: '/' } as Request)).toBe(true);
    expect(mayOverride({ ip: '192.0.2.8', path: '/staff' } as Request)).toBe(true);
    expect(mayOverride({ ip: '192.0.2.8', path: '/' } as Request)).toBe(false);
  });
});
