import type { Request } from 'express';
import * as fc from 'fast-check';
import { isNonce, pageFacts } from '../../../src/toolbar/inject/page-facts.ts';
import { runs } from '../../runs.ts';

const NONCE = 'r4nd0m+/=';

/** A request to an address. */
function requestTo(address: string, headers: Record<string, string> = {}): Request {
  const { protocol, host } = new URL(address);
  return { secure: protocol === 'https:', headers: { host, ...headers } } as unknown as Request;
}

const shop = requestTo('https://shop.example/');

/** Returns what a policy allows: script, style, forms. */
function allowed(policy: string, req = shop, nonce?: string): string {
  const { allowsScript, allowsStyle, allowsForms } = pageFacts(req, policy, nonce);
  return [allowsScript && 'script', allowsStyle && 'style', allowsForms && 'forms']
    .filter(Boolean)
    .join(' ');
}

describe('pageFacts()', () => {
  it.each([
    ['', 'script style forms'],
    ['img-src *', 'script style forms'],
    ["default-src 'none'", 'forms'],
    ["default-src 'none'; style-src 'self'", 'style forms'],
    ["default-src 'self'", 'script style forms'],
    ["DEFAULT-SRC 'SELF'", 'script style forms'],
    ['default-src', 'forms'],
    ["default-src 'none'; script-src 'self'; style-src 'self'", 'script style forms'],
    ["script-src 'none'; script-src-elem 'self'", 'script style forms'],
    ["script-src 'self'; script-src-elem 'none'", 'style forms'],
    ["style-src 'self'; style-src-elem cdn.example", 'script forms'],
    ["style-src 'none'; style-src 'self'", 'script forms'],
    ["script-src 'unsafe-inline' 'unsafe-eval'", 'style forms'],
    ["script-src 'sha256-abc='", 'style forms'],
    ["script-src 'strict-dynamic' 'self' https:", 'style forms'],
    ["default-src 'self' 'strict-dynamic'", 'style forms'],
    ["script-src 'nonce-other'; style-src 'nonce-other'", 'forms'],
    ['script-src *; style-src https:', 'script style forms'],
    ['script-src http:; style-src data: blob:', 'script forms'],
    ["form-action 'none'", 'script style'],
    ["form-action 'self'", 'script style forms'],
    ['form-action https://pay.example', 'script style'],
    ['sandbox', 'style'],
    ['sandbox allow-scripts', 'script style'],
    ['sandbox allow-forms', 'style'],
    ['sandbox allow-forms allow-same-origin Allow-Scripts', 'script style forms'],
    ["style-src 'self', default-src 'self'", 'script style forms'],
    ["default-src 'self', style-src 'none'", 'script forms'],
    ["script-src 'self', ,; , default-src *", 'script style forms'],
    ["default-src\t'self'\n;\n\nscript-src\f'none'", 'style forms'],
  ])('of a page with the policy %j: %s', (policy, expected) => {
    expect(allowed(policy)).toBe(expected);
  });

  it.each([
    ['script-src shop.example', true],
    ['script-src SHOP.example', true],
    ['script-src https://shop.example', true],
    ['script-src http://shop.example', true],
    ['script-src https://shop.example/', true],
    ['script-src https://shop.example:443', true],
    ['script-src shop.example:*', true],
    ['script-src *.example', true],
    ['script-src https://*', true],
    ['script-src *:*', true],
    ['script-src https://shop.example/assets/', false],
    ['script-src shop.example:8443', false],
    ['script-src *.shop.example', false],
    ['script-src evil-shop.example', false],
    ['script-src shop.example.evil', false],
    ['script-src ws://shop.example', false],
    ['script-src wss:', false],
    ['script-src self', false],
    ["script-src 'self", false],
  ])('compares host sources with the page: %s', (policy, expected) => {
    expect(pageFacts(shop, policy, undefined).allowsScript).toBe(expected);
  });

  it('compares the scheme and the port of a page', () => {
    const local = requestTo('http://localhost:3000/');
    expect(allowed('default-src http://localhost:3000', local)).toBe('script style forms');
    expect(allowed('default-src localhost', local)).toBe('forms');
    expect(allowed('default-src https:', local)).toBe('forms');
    const proxied = requestTo('http://shop.example/', { 'x-forwarded-proto': 'https' });
    expect(allowed('default-src https://shop.example', proxied)).toBe('script style forms');
  });

  it('accepts a nonce, whatever else the policy says about its directive', () => {
    const policy = `script-src 'strict-dynamic' 'nonce-${NONCE}'; style-src-elem 'NONCE-${NONCE}'`;
    expect(allowed(policy, shop, NONCE)).toBe('script style forms');
    expect(allowed(policy)).toBe('forms');
    expect(allowed(policy.toUpperCase(), shop, NONCE)).toBe('forms');
    expect(pageFacts(shop, policy, NONCE).nonce).toBe(NONCE);
  });

  it('reads any text as a policy', () => {
    const words =
      "'self' 'none' * ; , script-src sandbox default-src 'nonce- https: :// *. :* [::1] \0 %";
    const word = fc.constantFrom(' ', ...words.split(' '));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.string(), (words, nonce) => {
        const { allowsScript } = pageFacts(shop, words.join(''), nonce);
        expect(typeof allowsScript).toBe('boolean');
      }),
      { numRuns: runs(3000) },
    );
  });

  it('accepts only texts as a nonce that a browser accepts', () => {
    expect([NONCE, 'a', 'a_-b=='].every(isNonce)).toBe(true);
    expect(['', '=', 'a b', '"><script>', "'", 'ü', 'a===', undefined, 7].some(isNonce)).toBe(
      false,
    );
  });
});
