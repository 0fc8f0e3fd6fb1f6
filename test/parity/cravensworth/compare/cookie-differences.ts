import { withCookie } from './cookie-text.ts';
import type { Difference, Situation } from './difference.ts';
import { cookiesOf, keysOf } from './keys.ts';
import type { Sides } from './sides.ts';

/** The longest override cookie that Evenhand reads, in UTF-16 code units. */
const MAX_LENGTH = 4096;

const SEPARATORS = '\u001c-\u001f';

/** The characters at which Python's `str.split()` splits. */
const WHITE_SPACE = new RegExp(`[\\p{White_Space}${SEPARATORS}]+`, 'u');

/** The rows about cookies. Those about overrides come first, because they make every response a 500. */
export const COOKIE_DIFFERENCES: readonly Difference[] = [
  {
    row: 'the override cookie `user_ab%3Aa` or `user_ab:a%20sw_on:off`',
    translate: (situation, sides) => withOverrides(situation, sides, percentDecoded),
  },
  {
    row: 'an override cookie above 4,096 characters',
    translate: (situation, sides) =>
      withOverrides(situation, sides, (text) => (text.length > MAX_LENGTH ? '' : text)),
  },
  {
    row: 'an override without a colon',
    translate: (situation, sides) =>
      withOverrides(situation, sides, (text) =>
        text
          .split(WHITE_SPACE)
          .filter((part) => part.includes(':'))
          .join(' '),
      ),
  },
  {
    row: 'a tracking cookie with characters beyond Latin-1',
    translate: async (situation, sides) => {
      const { original } = situation;
      if (!('error' in original) || original.error !== 'no response') return undefined;
      const { evenhand } = await keysOf(sides, situation);
      return evenhand === undefined ? undefined : withKey(situation, evenhand);
    },
  },
  {
    row: 'a tracking cookie with unusual characters, or longer than 256',
    translate: async (situation, sides) => {
      const { django, evenhand } = await keysOf(sides, situation);
      if (django === undefined || django === '' || evenhand === undefined) return undefined;
      return django === evenhand ? undefined : withKey(situation, evenhand);
    },
  },
  {
    row: 'an empty tracking cookie',
    translate: async (situation, sides) => {
      const { django } = await keysOf(sides, situation);
      return django === '' ? withNewKey(situation) : undefined;
    },
  },
  {
    row: 'a new tracking key',
    translate: async (situation, sides) => {
      const { django } = await keysOf(sides, situation);
      return django === undefined ? withNewKey(situation) : undefined;
    },
  },
];

/** Returns the situation with another text of the override cookie; undefined if the text stays. */
async function withOverrides(
  situation: Situation,
  { django }: Sides,
  change: (text: string) => string,
): Promise<Situation | undefined> {
  const { visitor, given } = situation;
  const { [given.overrideCookie]: text } = await cookiesOf(django, visitor);
  if (text === undefined || change(text) === text) return undefined;
  return { ...situation, visitor: withCookie(visitor, given.overrideCookie, change(text)) };
}

function withKey(situation: Situation, key: string): Situation {
  const { visitor, given } = situation;
  return { ...situation, visitor: withCookie(visitor, given.trackingCookie, key) };
}

/** Evenhand sets no key in a response that does not depend on it. */
function withNewKey(situation: Situation): Situation | undefined {
  const { newKey } = situation;
  return newKey === undefined ? undefined : withKey(situation, newKey);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
