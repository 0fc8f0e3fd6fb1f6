import { parseToolbarOptions } from '../../src/toolbar/parse-options.ts';
import type { ToolbarOptions } from '../../src/toolbar/options.ts';

const SECRET = 'a secret that is at least 32 bytes';

describe('parseToolbarOptions', () => {
  it('fills in the defaults', () => {
    const defaults = {
      allow: undefined,
      allowIps: [],
      path: '/__evenhand',
      share: undefined,
      redact: [],
      nonce: undefined,
      position: 'bottom-right',
      dashboard: undefined,
      inject: true,
      trustedOrigins: [],
    };
    expect(parseToolbarOptions()).toEqual(defaults);
    expect(parseToolbarOptions({})).toEqual(defaults);
    expect(parseToolbarOptions({ path: undefined } as object)).toEqual(defaults);
    expect(parseToolbarOptions({ share: { secret: SECRET } }).share).toEqual({
      secrets: [SECRET],
      maxAgeMs: 86_400_000,
      grants: false,
      only: undefined,
      author: undefined,
    });
  });

  it('keeps what is given', () => {
    const allow = () => true;
    const author = () => 'Ann';
    const redact = () => 'hidden';
    const secret = [SECRET, `${SECRET}2`];
    expect(
      parseToolbarOptions({
        allow,
        allowIps: ['192.0.2.7'],
        path: '/-/eh.v1~x',
        share: { secret, maxAgeMs: 604_800_000, grants: true, only: ['a'], author },
        redact,
        position: 'top-left',
        dashboard: 'https://shop.example/experiments?x',
        inject: false,
        trustedOrigins: ['https://shop.example', 'http://[::1]:3000'],
      }),
    ).toMatchObject({
      allow,
      allowIps: ['192.0.2.7'],
      path: '/-/eh.v1~x',
      share: { secrets: secret, maxAgeMs: 604_800_000, grants: true, only: ['a'], author },
      redact,
      position: 'top-left',
      dashboard: 'https://shop.example/experiments?x',
      inject: false,
      trustedOrigins: ['https://shop.example', 'http://[::1]:3000'],
    });
  });

  it.each<[string, unknown]>([
    ['allow', true],
    ['allowIps', '192.0.2.7'],
    ['allowIps', [7]],
    ['path', ''],
    ['path', '/'],
    ['path', '__evenhand'],
    ['path', '/__evenhand/'],
    ['path', '//evil.example'],
    ['path', '/a//b'],
    ['path', '/a/../b'],
    ['path', '/.'],
    ['path', '/a b'],
    ['path', '/a?b'],
    ['path', '/a#b'],
    ['path', '/%2e'],
    ['path', '/ä'],
    ['share', true],
    ['share', null],
    ['share', []],
    ['redact', 'user.email'],
    ['redact', ['user email']],
    ['redact', ['']],
    ['redact', [/email/]],
    ['nonce', 'abc'],
    ['position', 'top'],
    ['dashboard', ''],
    ['dashboard', 'experiments'],
    ['dashboard', 'javascript:alert(1)'],
    ['dashboard', ' javascript:alert(1)'],
    ['dashboard', 'data:text/html,x'],
    ['dashboard', '//evil.example'],
    ['dashboard', '/\\evil.example'],
    ['dashboard', 'https:evil.example'],
    ['dashboard', 'https://'],
    ['dashboard', '/a\nb'],
    ['inject', 'yes'],
    ['trustedOrigins', 'https://shop.example'],
    ['trustedOrigins', ['shop.example']],
    ['trustedOrigins', ['https://shop.example/']],
    ['trustedOrigins', ['https://Shop.example']],
    ['trustedOrigins', ['https://shop.example:443']],
    ['trustedOrigins', ['https://*.shop.example']],
    ['trustedOrigins', ['null']],
  ])('rejects %s: %j', (name, value) => {
    expect(() => parseToolbarOptions({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'option',
        message: expect.stringContaining(`toolbar(): option "${name}" must be`),
      }),
    );
  });

  it.each<[string, object]>([
    ['secret', {}],
    ['secret', { secret: undefined }],
    ['secret', { secret: '' }],
    ['secret', { secret: 'MYSECRET of less than 32 bytes' }],
    ['secret', { secret: ['MYSECRET of less than 32 bytes', SECRET] }],
    ['secret', { secret: [] }],
    ['secret', { secret: Array.from({ length: 11 }, () => SECRET) }],
    ['secret', { secret: Buffer.from(SECRET) }],
    ['maxAgeMs', { secret: SECRET, maxAgeMs: 59_999 }],
    ['maxAgeMs', { secret: SECRET, maxAgeMs: 604_800_001 }],
    ['maxAgeMs', { secret: SECRET, maxAgeMs: Number.NaN }],
    ['grants', { secret: SECRET, grants: 1 }],
    ['only', { secret: SECRET, only: 'checkout' }],
    ['author', { secret: SECRET, author: 'Ann' }],
  ])('rejects share with a wrong %s, and never shows a secret', (name, share) => {
    let message = '';
    try {
      parseToolbarOptions({ share } as ToolbarOptions);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(`toolbar({ share }): option "${name}" must be`);
    expect(message).not.toMatch(/MYSECRET|a secret that/);
  });

  it('counts the bytes of a secret, not its characters', () => {
    expect(parseToolbarOptions({ share: { secret: 'ä'.repeat(16) } }).share?.secrets).toHaveLength(
      1,
    );
    expect(() => parseToolbarOptions({ share: { secret: 'ä'.repeat(15) } })).toThrow('32 bytes');
  });

  it('does not show a secret that stands in the wrong place', () => {
    const wrong = { share: SECRET } as unknown as ToolbarOptions;
    expect(() => parseToolbarOptions(wrong)).toThrow(
      'toolbar(): option "share" must be an object: share: { secret }',
    );
  });

  it('suggests the option that was meant', () => {
    expect(() => parseToolbarOptions({ alow: () => true } as object)).toThrow(
      'toolbar(): unknown option "alow"; did you mean "allow"?',
    );
    expect(() => parseToolbarOptions({ share: { secret: SECRET, grant: true } } as object)).toThrow(
      'toolbar({ share }): unknown option "grant"; did you mean "grants"?',
    );
    expect(() => parseToolbarOptions(null as unknown as ToolbarOptions)).toThrow(
      'takes an options object',
    );
  });

  it('reads only options of the object itself', () => {
    const inherited = Object.create({ inject: false, share: { secret: 'x' } }) as ToolbarOptions;
    expect(parseToolbarOptions(inherited)).toMatchObject({ inject: true, share: undefined });
  });
});
