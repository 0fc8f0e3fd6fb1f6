import { evenhand, type EvenhandOptions } from 'evenhand';

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
    [{ overrides: true }, /"overrides" must be false or an object, not true/],
    [{ overrides: { allowIp: [] } }, /overrides.*"allowIp"; did you mean "allowIps"\?/],
    [{ overrides: { allowIps: '10.0.0.1' } }, /"allowIps" must be a list/],
    [{ overrides: { allowIps: [10] } }, /"allowIps"/],
    [{ overrides: { allowIps: ['10'] } }, /"10" is neither an address/],
    [{ overrides: { allow: true } }, /"allow" must be a function/],
    [{ overrides: { cookie: 'a=b' } }, /"cookie"/],
    [{ overrides: { cookie: '__cwtk' } }, /can't both be named "__cwtk"/],
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
    { contextProvider: undefined, overrides: undefined, vary: undefined } as object,
  ])('%j are accepted', (options) => {
    expect(make(options)).not.toThrow();
  });
});
