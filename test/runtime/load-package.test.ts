import type crypto from 'node:crypto';
import type cookieParser from 'cookie-parser';
import { loadPackage } from '../../src/runtime/load-package.ts';

describe('loadPackage', () => {
  it('returns the same as require each time', () => {
    const loaded = loadPackage('node:crypto') as typeof crypto;
    expect(loaded.createHash('sha1').update('abc').digest('hex')).toBe(
      'a9993e364706816aba3e25717850c26c9cd0d89d',
    );
    expect(loadPackage('node:crypto')).toBe(loaded);
    const parser = loadPackage('cookie-parser') as typeof cookieParser;
    expect(parser.JSONCookies({ a: 'j:{"b":1}' })).toEqual({ a: { b: 1 } });
    expect(loadPackage('cookie-parser')).toBe(parser);
  });

  it('throws for a missing package each time', () => {
    for (let i = 0; i < 2; i++) {
      expect(() => loadPackage('no-such-package-anywhere')).toThrow('no-such-package-anywhere');
    }
  });
});
