import * as fc from 'fast-check';

const names = fc.constantFrom('exp', 'other', 'a_1', '__proto__', 'constructor', 'toString', '');
const variants = fc.constantFrom('on', 'off', 'a', '__proto__', 'valueOf', '', 'é');

/** The text of an override cookie, with valid and invalid parts. */
export const overrideTexts: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.tuple(names, variants).map((parts) => parts.join(':')),
      fc.constantFrom('exp', ':', 'exp:on:off', 'exp:o n', 'exp=on', '\u0000', '\u2028', 'exp:on,'),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  .chain((parts) => fc.constantFrom(' ', '  ', '\t', '\u00a0', '').map((gap) => parts.join(gap)));

/** Values of the tracking cookie. */
export const trackingKeys: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{32}$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,140}$/),
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', 'a\r\nSet-Cookie: b=c', '<script>', 'j:{"a":1}', 's:a.b', 'a'.repeat(129)),
);

const values = fc.oneof(
  overrideTexts,
  trackingKeys,
  fc.constantFrom('%', '%E0%A4%A', '%00', 'j:[1', 'j:{"__proto__":{"a":1}}', 's:x.y', '"quoted"'),
);

/** Whole Cookie headers, as a client may send them. */
export const cookieHeaders: fc.Arbitrary<string> = fc
  .array(
    fc.record({
      name: fc.constantFrom('__cw', '__cwtk', 'theme', '__proto__', 'constructor', ''),
      value: values,
      encoded: fc.boolean(),
      equals: fc.constantFrom('=', '=', '=', '', ' = '),
    }),
    { maxLength: 6 },
  )
  .map((cookies) =>
    cookies
      .map(({ name, value, encoded, equals }) => name + equals + (encoded ? encode(value) : value))
      .join('; '),
  );

/** Texts without lone surrogates, which can't be encoded and never occur in a header. */
function encode(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));
}
