// The target `cookies`: a whole Cookie header, as a client may send it.
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { mutateText } from '../harness/mutate-text.mjs';

const cookieParser = createRequire(import.meta.url)('cookie-parser');

const SECRET = 'a secret';

/** Signs a value like cookie-parser. */
function signed(value) {
  const signature = createHmac('sha256', SECRET).update(value).digest('base64').replace(/=+$/, '');
  return encodeURIComponent(`s:${value}.${signature}`);
}

const WORDS = [
  '__cw=',
  '__cwtk=',
  '__cw',
  '__cwtk',
  '; ',
  ';',
  '=',
  '"',
  '%20',
  '%',
  '%3A',
  '%00',
  '%0d%0a',
  '%ff',
  '%u0041',
  ':',
  ' ',
  ',',
  '\t',
  'exp:on',
  'exp:off',
  'other:treatment',
  '__proto__:on',
  'constructor:off',
  'j:',
  'j:{"a":1}',
  'j:[',
  's:',
  'exp',
  'on',
  '__proto__',
  'j:{"__proto__":{"x":1}}',
  'toString=',
  '__proto__=',
  'hasOwnProperty=',
  'a'.repeat(128),
  'a'.repeat(129),
  '2b935dc88e659beb54da23b243b7ea1c',
  'Path=/',
  'HttpOnly',
  '$Version=1',
  '\\040',
  '\\"',
  '__cwtk_r=1',
  signed('2b935dc88e659beb54da23b243b7ea1c'),
  signed('exp:on'),
  signed('x y'),
  '%73%3a',
  '+',
  '\\',
  '\u00a0',
  '\u2028',
  '\ufeff',
];

const PART = /^[^ \t\r\n]*$/;
const KEY = /^(?![=+@])[\w.!#$%()*+/:=?@[\]^{|}~-]{1,256}$/;

export const target = {
  imports: {
    'src/errors/evenhand-error.ts': ['EvenhandError'],
    'src/express/cookies/read-cookies.ts': ['readCookie', 'readSignedCookie', 'canSign'],
    'src/express/cookies/override-cookie.ts': ['parseOverrides'],
    'src/express/cookies/override-access.ts': ['createOverrideAccess'],
    'src/express/cookies/tracking-cookie.ts': ['TrackingCookie'],
    'src/runtime/logger.ts': ['onceLogger', 'safeLogger'],
    'src/assignment/parse-experiments.ts': ['parseExperiments'],
  },

  seeds: () => [
    '__cw=exp:on',
    '__cw=exp%3Aon%20other%3Atreatment; __cwtk=2b935dc88e659beb54da23b243b7ea1c',
    'a=b; __cw="exp:on other:control"; __cw=exp:off',
    `__cwtk=${signed('2b935dc88e659beb54da23b243b7ea1c')}; __cw=${signed('exp:on')}`,
    '__cw=j:{"exp":"on"}; __cwtk=j:"abc"',
    '__cw=%E0%A4%A; __cwtk=%; theme=dark',
    '__cw=__proto__:on constructor:off',
    '__proto__=x; __cw=exp:on',
    `__cw=${'exp:on%20'.repeat(500)}`,
    '',
  ],

  mutate: (random, text, other) => mutateText(random, text, other, WORDS),

  prepare(library) {
    const {
      readCookie,
      readSignedCookie,
      canSign,
      parseOverrides,
      createOverrideAccess,
      TrackingCookie,
      onceLogger,
      safeLogger,
      parseExperiments,
      EvenhandError,
    } = library;
    const once = onceLogger(safeLogger(false));
    const mayOverride = createOverrideAccess(
      { cookie: '__cw', allowIps: [], allow: undefined },
      false,
      once,
    );
    const overridesOf = (req) => {
      const text = readCookie(req, '__cw');
      return text === undefined || !mayOverride(req) ? new Map() : parseOverrides(text);
    };
    const settings = {
      name: '__cwtk',
      maxAgeMs: 1000,
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      domain: undefined,
      secure: undefined,
      when: 'needed',
      renew: true,
    };
    const tracking = new TrackingCookie({ ...settings, signed: false }, once);
    const signedTracking = new TrackingCookie({ ...settings, signed: true }, once);
    const plainParser = cookieParser();
    const secretParser = cookieParser(SECRET);
    const variants = [{ name: 'on' }, { name: 'off' }];
    const snapshot = parseExperiments(
      [
        {
          name: 'exp',
          identity: 'anonymous',
          variants,
          audiences: [
            {
              allocations: [
                { variant: 'on', percent: 50 },
                { variant: 'off', percent: 50 },
              ],
            },
          ],
        },
      ],
      { logger: false },
    );

    const requestOf = (cookie, parser) => {
      const req = { headers: { cookie }, secure: false };
      parser?.(req, {}, () => {});
      return req;
    };

    function keyOf(cookie, req) {
      const key = cookie.keyOf(req);
      if (!KEY.test(key)) throw new Error(`the tracking key ${JSON.stringify(key)}`);
      if (cookie.keyOf(req) !== key) throw new Error('the tracking key changed between two calls');
      // A received key is kept, or computed from its cookie; a new key is different each time.
      return cookie.isKept(req) ? key : 'new';
    }

    return (header) => {
      const req = requestOf(header);
      const parsed = requestOf(header, plainParser);
      const secret = requestOf(header, secretParser);
      for (const name of ['__cw', '__cwtk', 'constructor', 'theme']) {
        const text = readCookie(req, name);
        if (text !== readCookie(parsed, name)) {
          throw new Error(
            `${name}: ${text} without a parser, ${readCookie(parsed, name)} with one`,
          );
        }
        if (text !== undefined && typeof text !== 'string')
          throw new Error(`${name} is not a text`);
      }
      if ('cookies' in req) throw new Error('the request was given cookies');
      if (!canSign(secret) || canSign(parsed)) throw new Error('signing is reported wrongly');
      const overrides = overridesOf(req);
      for (const [experiment, variant] of [...overrides, ...parseOverrides(header)]) {
        if (!PART.test(experiment) || !PART.test(variant))
          throw new Error('an override of an invalid form');
      }
      const signedText = readSignedCookie(secret, '__cwtk');
      if (signedText !== undefined && !header.includes('s:') && !/%73|s%3a/i.test(header)) {
        throw new Error('a signed cookie without a signature');
      }
      const key = keyOf(tracking, req);
      const signedKey = keyOf(signedTracking, secret);
      let variant;
      try {
        const participant = snapshot.participant(
          { anonymous: key === 'new' ? 'k' : key },
          { overrides },
        );
        variant = participant.variant('exp');
        JSON.stringify(participant.explain('exp'));
      } catch (error) {
        if (!(error instanceof EvenhandError)) throw error;
        variant = error.code;
      }
      if (variant !== 'on' && variant !== 'off') throw new Error(`the variant ${variant}`);
      return JSON.stringify([
        key,
        signedKey,
        variant,
        [...overrides].slice(0, 20),
        signedText ?? null,
      ]);
    };
  },
};
