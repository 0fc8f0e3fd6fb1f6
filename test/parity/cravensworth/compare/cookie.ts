import { isDeepStrictEqual } from 'node:util';
import type { RawAnswer } from '../../../http/raw-server.ts';
import type { Case } from '../case.ts';
import { BROKEN_OFF } from '../raw-client.ts';
import type { Visitor } from '../visitors.ts';
import { compareDecisions, type Tally } from './decision.ts';
import { withCookie } from './cookie-text.ts';
import { cookiesOf, keysOf } from './keys.ts';
import { type Sides, setValue } from './sides.ts';

/** A text that Evenhand uses as the key, as the documentation says. Other texts become hexadecimal digits. */
const HARMLESS = /^(?![=+@])[\w.!#$%()*+/:=?@[\]^{|}~-]{1,256}$/;

const HEXADECIMAL = /^[0-9a-f]{32}$/;

const HOUR_MS = 3_600_000;

/**
 * Compares the decisions of a visitor's cookies, the tracking key, and the cookies that the responses set.
 *
 * @param given a case with this visitor only, which was not asked before
 * @throws Error with everything about the first difference without a row of the table
 */
export async function compareCookies(sides: Sides, given: Case, tally: Tally): Promise<void> {
  const [visitor] = given.visitors;
  if (visitor === undefined) return;
  await sides.use(given);
  // The first request, because a process renews a key once a day.
  const answer = await sides.express.ask('/decisions', visitor);
  if (isRefused(answer, visitor)) {
    tally.met('a `Cookie` header with control characters other than tabs');
    return;
  }
  await compareDecisions(sides, given, tally);
  const { django, evenhand } = await keysOf(sides, { visitor, given });
  const isSame = django === evenhand && (django === undefined || HARMLESS.test(django));
  const isHashed =
    django !== undefined && !HARMLESS.test(django) && HEXADECIMAL.test(evenhand ?? '');
  const isReplaced = django === '' && evenhand === undefined;
  const told = `${JSON.stringify(visitor.cookie)}: the keys are ${django} and ${evenhand}`;
  if (!isSame && !isHashed && !isReplaced) throw new Error(told);
  if (!isSame) {
    tally.met(
      isReplaced
        ? 'an empty tracking cookie'
        : 'a tracking cookie with unusual characters, or longer than 256',
    );
  }
  const theirs = await sides.django.ask('/key', withCookie(visitor, given.overrideCookie, ''));
  if (theirs.status === BROKEN_OFF) return;
  await compareSet(sides, given, { visitor, theirs, answer, key: django, hashed: isHashed });
}

/** Returns true if Node has refused the request before Express could see it. */
function isRefused({ status }: RawAnswer, { cookie }: Visitor): boolean {
  const isExpected = /[^\t\u0020-\u007e\u0080-\u00ff]/.test(cookie ?? '');
  if (isExpected !== (status === 400)) throw new Error(`${JSON.stringify(cookie)}: ${status}`);
  return isExpected;
}

/** The cookies that both responses set for one visitor. */
interface Set {
  readonly visitor: Visitor;
  readonly theirs: RawAnswer;
  readonly answer: RawAnswer;
  /** The key as Django reads it. */
  readonly key: string | undefined;
  readonly hashed: boolean;
}

async function compareSet(sides: Sides, given: Case, set: Set): Promise<void> {
  const { trackingCookie: name } = given;
  const { visitor, theirs, answer, key, hashed } = set;
  const fail = (problem: string) => {
    const lines = [...theirs.values('Set-Cookie'), ...answer.values('Set-Cookie')];
    return new Error(`${JSON.stringify(visitor.cookie)}: ${problem}\n${lines.join('\n')}`);
  };
  const [theirValue, ourValue] = [setValue(theirs, name), setValue(answer, name)];
  if (theirValue === undefined) throw fail('Django sets no key');
  const recent = await cookiesOf(sides.django, visitor);
  const isNew = key === undefined || key === '';
  const isDue = !hashed && !Object.hasOwn(recent, `${name}_r`);
  if ((ourValue !== undefined) !== (isNew || isDue))
    throw fail('Evenhand sets a wrong number of keys');
  await compareRead(sides, given, theirValue, isNew ? undefined : key);
  if (ourValue === undefined) return;
  if (setValue(answer, `${name}_r`) !== '1') throw fail('the second cookie is missing');
  if (!isDeepStrictEqual(attributesIn(theirs, name), attributesIn(answer, name))) {
    throw fail('the attributes differ');
  }
  await compareRead(sides, given, ourValue, isNew ? ourValue : key);
}

/** Compares the keys that both read in a cookie that one of them has set. */
async function compareRead(
  sides: Sides,
  given: Case,
  value: string,
  expected: string | undefined,
): Promise<void> {
  const cookie = `${given.trackingCookie}=${value}`;
  const visitor = { user: ['anonymous', {}], context: {}, cookie } as const;
  const { django, evenhand } = await keysOf(sides, { visitor, given });
  const isRead = expected === undefined || django === expected;
  const isSame = evenhand === django || !HARMLESS.test(django ?? '');
  if (!isRead || !isSame) {
    throw new Error(`${cookie} is read as ${django} and ${evenhand}, not as ${expected}`);
  }
}

/** Returns the attributes of a cookie that a response sets, by their names in lower case. */
export function attributesIn(answer: RawAnswer, name: string): ReadonlyMap<string, string> {
  const line = answer.values('Set-Cookie').find((one) => one.startsWith(`${name}=`)) ?? '';
  const attributes = new Map(
    line
      .split(';')
      .slice(1)
      .map((one) => one.trim().split('='))
      .map(([attribute = '', value = '']) => [attribute.toLowerCase(), value]),
  );
  const expires = Date.parse(attributes.get('expires') ?? '');
  const sent = Date.parse(answer.values('Date')[0] ?? '');
  const life = Number(attributes.get('max-age')) * 1000;
  const isRight = Math.abs(expires - sent - life) < HOUR_MS;
  return attributes.set('expires', isRight ? 'after the maximum age' : 'at another time');
}
