import { evenhand, type EvenhandOptions } from 'evenhand';
import { Lines } from './harness.ts';

describe('the options of evenhand', () => {
  const make = (options: object) => () => evenhand({ source: ['search:on'], ...options });

  it.each<[object, RegExp]>([
    [
      { contextprovider: () => ({}) },
      /unknown option "contextprovider"; did you mean "contextProvider"/,
    ],
    [{ onError: 'ignore' }, /"onError"/],
    [{ contextProvider: {} }, /"contextProvider" must be a function, not an object/],
    [{ lazy: () => ({}) }, /"lazy" must be an object of functions/],
    [{ lazy: { plan: 'pro' } }, /"lazy"/],
    [{ lazy: { 'a b': () => 1 } }, /"lazy"/],
    [{ lazy: { _plan: () => 1 } }, /"lazy"/],
    [{ lazy: JSON.parse('{"__proto__":1}') as object }, /"lazy"/],
    [{ vary: 'Cookie' }, /"vary" must be true, false or a list of header names, not "Cookie"/],
    [{ vary: ['a\r\nb'] }, /"vary"/],
    [{ vary: [1] }, /"vary"/],
    [{ trackingCookie: false }, /"trackingCookie" must be an object, not false/],
    [{ trackingCookie: { maxAge: 1 } }, /trackingCookie.*"maxAge"; did you mean "maxAgeMs"\?/],
    [{ trackingCookie: { name: 'a b' } }, /"name"/],
    [{ trackingCookie: { name: 'a;b' } }, /"name"/],
    [{ trackingCookie: { name: '' } }, /"name"/],
    [{ trackingCookie: { maxAgeMs: 0 } }, /"maxAgeMs"/],
    [{ trackingCookie: { maxAgeMs: -1 } }, /"maxAgeMs"/],
    [{ trackingCookie: { maxAgeMs: Infinity } }, /"maxAgeMs"/],
    [{ trackingCookie: { maxAgeMs: NaN } }, /"maxAgeMs"/],
    [{ trackingCookie: { maxAgeMs: '1d' } }, /"maxAgeMs"/],
    [{ trackingCookie: { httpOnly: 'yes' } }, /"httpOnly" must be true or false/],
    [{ trackingCookie: { sameSite: 'Lax' } }, /"sameSite" must be "lax" or "strict" or "none"/],
    [{ trackingCookie: { sameSite: true } }, /"sameSite"/],
    [{ trackingCookie: { sameSite: 'none', secure: false } }, /"none" that is not secure/],
    [{ trackingCookie: { path: 'shop' } }, /"path"/],
    [{ trackingCookie: { path: '/;x' } }, /"path"/],
    [{ trackingCookie: { domain: 'a;b' } }, /"domain"/],
    [{ trackingCookie: { domain: '' } }, /"domain"/],
    [{ trackingCookie: { secure: 'auto' } }, /"secure"/],
    [{ trackingCookie: { signed: 1 } }, /"signed"/],
    [{ trackingCookie: { when: 'never' } }, /"when"/],
    [{ trackingCookie: { renew: 'yes' } }, /"renew" must be true or false/],
    [{ trackingCookie: { name: '__proto__' } }, /"name"/],
    [
      { trackingCookie: { name: '__Host-t', domain: 'example.com', secure: true } },
      /named "__Host-t" that has a domain; leave "domain" out/,
    ],
    [{ trackingCookie: { name: '__HOST-t', domain: 'example.com' } }, /that has a domain/],
    [{ trackingCookie: { name: '__host-t', path: '/shop' } }, /with another path than "\/"/],
    [{ trackingCookie: { name: '__hOsT-t', secure: false } }, /that is not secure; leave "secure"/],
    [{ trackingCookie: { name: '__Secure-t', secure: false } }, /that is not secure/],
    [{ trackingCookie: { name: '__SECURE-t', secure: false } }, /that is not secure/],
    [{ trackingCookie: { name: '__Http-t', httpOnly: false } }, /that scripts can read/],
    [{ trackingCookie: { name: '__Host-Http-t', path: '/shop' } }, /another path/],
    [{ viewNames: true }, /"viewNames" must be false or an object of names/],
    [{ viewNames: { variants: 'v' } }, /viewNames.*"variants"; did you mean "variant"\?/],
    [{ viewNames: { variant: 'my variant' } }, /"variant" must be a name that a template can call/],
    [{ viewNames: { variant: '__proto__' } }, /"variant"/],
    [{ viewNames: { variant: 'settings' } }, /"variant"/],
    [{ viewNames: { variant: 'evenhand' } }, /"variant"/],
    [{ viewNames: { variant: 'isOn' } }, /isOn and variant can't both be named "isOn"/],
    [{ overrides: true }, /"overrides" must be false or an object, not true/],
    [{ overrides: { allowIp: [] } }, /overrides.*"allowIp"; did you mean "allowIps"\?/],
    [{ overrides: { allowIps: '10.0.0.1' } }, /"allowIps" must be a list/],
    [{ overrides: { allowIps: [10] } }, /"allowIps"/],
    [{ overrides: { allowIps: ['10'] } }, /"10" is neither an address/],
    [{ overrides: { allow: true } }, /"allow" must be a function/],
    [{ overrides: { cookie: 'a=b' } }, /"cookie"/],
    [{ overrides: { cookie: '__cwtk' } }, /can't both be named "__cwtk"/],
    [{ overrides: { cookie: '__cwtk_r' } }, /can't both be named "__cwtk_r"/],
  ])('%j are rejected at start', (options, message) => {
    expect(make(options)).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringMatching(message) }),
    );
  });

  it.each<EvenhandOptions>([
    {},
    { lazy: {}, trackingCookie: {}, overrides: {} },
    { trackingCookie: { domain: '.example.com', path: '/a b', maxAgeMs: 0.5 * 86_400_000 } },
    { overrides: { allowIps: ['10.0.0.0/8', '::1'], allow: () => false } },
    { vary: ['Authorization'] },
    { trackingCookie: { name: '__Host-t' } },
    { trackingCookie: { name: '__Secure-t', domain: 'example.com', path: '/shop', secure: true } },
    { trackingCookie: { name: '__HTTP-t' } },
    { viewNames: false },
    { viewNames: {} },
    { viewNames: { variant: 'abVariant', isOn: false, isOff: 'isOn' } },
    { contextProvider: undefined, overrides: undefined, vary: undefined } as object,
  ])('%j are accepted', (options) => {
    expect(make(options)).not.toThrow();
  });
});

describe('the name of the tracking cookie', () => {
  const warningsFor = (name: string) => {
    const logger = new Lines();
    evenhand({ source: ['search:on'], trackingCookie: { name }, logger });
    return logger.warnings;
  };

  it.each([
    ['_ga', 'Google Analytics'],
    ['_ga_ABC123', 'Google Analytics'],
    ['_fbp', 'Meta'],
    ['ajs_anonymous_id', 'Segment'],
    ['connect.sid', 'express-session'],
    ['session', 'cookie-session'],
    ['session.sig', 'cookie-session'],
    ['__Host-authjs.csrf-token', 'Auth.js'],
    ['sessionid', 'Django'],
    ['PHPSESSID', 'PHP'],
    ['AWSALB', 'AWS load balancers'],
    ['cf_clearance', 'Cloudflare'],
  ])('is reported if it is %s, which belongs to %s', (name, owner) => {
    expect(warningsFor(name)).toEqual([
      expect.stringContaining(
        `the tracking cookie is named "${name}", like a cookie of ${owner}, which it would overwrite; choose another trackingCookie.name`,
      ),
    ]);
  });

  it.each(['__cwtk', 'visitor', '_garden', 'sessions', 'my_session', '__Host-visitor'])(
    'causes no warning if it is %s',
    (name) => {
      expect(warningsFor(name)).toEqual([]);
    },
  );
});
