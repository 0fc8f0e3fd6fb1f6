import type { Declared } from '../generate/cases.ts';
import type { Value } from '../visitors.ts';
import { COOKIE_DIFFERENCES } from './cookie-differences.ts';
import type { Difference, Situation } from './difference.ts';

/** Cravensworth raises a KeyError for this identity, as Evenhand an IdentityError for a value without a text. */
const MISSING = 'nowhere.at.all';

/** The user that Evenhand gives to visitors who are not logged in. */
const ANONYMOUS = { id: null, is_authenticated: false, is_anonymous: true };

/** The rows that generated decisions can meet, in the order in which they are tried. */
export const DIFFERENCES: readonly Difference[] = [
  ...COOKIE_DIFFERENCES,
  {
    row: 'a request without a user, if no authentication middleware is installed',
    translate: ({ visitor, ...rest }) =>
      visitor.user[0] === 'none'
        ? { ...rest, visitor: { ...visitor, user: ['anonymous', {}] } }
        : undefined,
  },
  {
    row: '`user.is_staff`, `user.username` and the like of a visitor who is not logged in',
    translate: ({ visitor, ...rest }) =>
      visitor.user[0] === 'anonymous'
        ? { ...rest, visitor: { ...visitor, user: ['dict', ANONYMOUS] } }
        : undefined,
  },
  {
    row: "`'plan' in user` and `user['plan']`",
    translate: (situation) => {
      const { visitor } = situation;
      const [kind, attributes] = visitor.user;
      const isRead = experimentOf(situation)?.audiences.some(({ rule }) =>
        /in user\b|user\[/.test(rule ?? ''),
      );
      if (kind !== 'object' || isRead !== true) return undefined;
      const user = { is_authenticated: true, is_anonymous: false, ...attributes };
      return { ...situation, visitor: { ...visitor, user: ['dict', user] } };
    },
  },
  {
    row: 'the identity `tags.0` of a list',
    translate: (situation) => {
      const { visitor } = situation;
      const { tags } = visitor.context;
      if (experimentOf(situation)?.identity !== 'tags.0' || !Array.isArray(tags)) return undefined;
      const [first] = tags as readonly Value[];
      return withIdentity(
        {
          ...situation,
          visitor: { ...visitor, context: { ...visitor.context, first: first ?? null } },
        },
        'first',
      );
    },
  },
  {
    row: 'an identity whose value is a list, a dict, a date, bytes, NaN or infinite',
    translate: (situation) =>
      hasNoText(identityIn(situation)) ? withIdentity(situation, MISSING) : undefined,
  },
  {
    row: 'the identities 1.0 and 1e16',
    translate: (situation) => {
      const value = identityIn(situation);
      const isWhole = isMarked(value, '$float') && Number.isInteger(Number(value.$float));
      if (!isWhole) return undefined;
      const { visitor } = situation;
      const whole = { $int: String(BigInt(Number(value.$float))) };
      return withIdentity(
        { ...situation, visitor: { ...visitor, context: { ...visitor.context, whole } } },
        'whole',
      );
    },
  },
  {
    row: 'half of a surrogate pair in an identity or a seed',
    translate: (situation) => {
      const value = identityIn(situation);
      const experiment = experimentOf(situation);
      const seed = experiment?.seed ?? experiment?.name ?? '';
      const text = typeof value === 'string' ? value : '';
      if (isWellFormed(text) && isWellFormed(seed)) return undefined;
      const { visitor } = situation;
      const wellFormed: Value = typeof value === 'string' ? whole(value) : (value ?? null);
      return withExperiment(
        { ...situation, visitor: { ...visitor, context: { ...visitor.context, wellFormed } } },
        {
          identity: value === undefined ? (experiment?.identity ?? '') : 'wellFormed',
          seed: whole(seed),
        },
      );
    },
  },
  {
    row: 'an audience that gives everyone one variant, without an identity',
    translate: (situation) => {
      const { original, ours } = situation;
      const isIt = 'error' in original && original.error === 'identity' && !('error' in ours);
      return isIt ? withIdentity(situation, 'random') : undefined;
    },
  },
  {
    row: 'the identity `a` with the seed `bc`, and `ab` with `c`',
    // Asked alone, which every translated question is, an experiment finds no other's bucket.
    translate: (situation) => (sharesBucket(situation) ? { ...situation } : undefined),
  },
];

function experimentOf({ given, index }: Situation): Declared | undefined {
  const name = given.questions[index]?.name;
  return (given.experiments as readonly (Declared | string)[]).find(
    (one): one is Declared => typeof one !== 'string' && one.name === name,
  );
}

function withExperiment(situation: Situation, properties: Partial<Declared>): Situation {
  const { given } = situation;
  const changed = experimentOf(situation);
  const experiments = given.experiments.map((one) =>
    one === changed ? { ...changed, seed: changed?.seed ?? changed?.name, ...properties } : one,
  );
  return { ...situation, given: { ...given, experiments } };
}

function withIdentity(situation: Situation, identity: string): Situation {
  return withExperiment(situation, { identity });
}

/** Returns the value of the question's identity; undefined for one that is not in the visitor's values. */
function identityIn(situation: Situation): Value | undefined {
  const { user, context } = situation.visitor;
  const keys = experimentOf(situation)?.identity.split('.') ?? [];
  let value: Value | undefined = { ...context, user: user[1] };
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, Value>>)[key];
  }
  return value;
}

function isMarked<Mark extends string>(
  value: Value | undefined,
  mark: Mark,
): value is { readonly [key in Mark]: string } {
  return typeof value === 'object' && value !== null && mark in value;
}

function hasNoText(value: Value | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isMarked(value, '$float')) return /nan|inf/.test(value.$float);
  return !['$int', '$uuid', '$decimal', '$named'].some((mark) => isMarked(value, mark));
}

function isWellFormed(text: string): boolean {
  return whole(text) === text;
}

/** Returns a text with U+FFFD for each half of a surrogate pair. */
function whole(text: string): string {
  return Buffer.from(text).toString();
}

/** Returns true if the original remembers another experiment's bucket under the same text. */
function sharesBucket(situation: Situation): boolean {
  const own = experimentOf(situation);
  const text = ({ identity, seed, name }: Declared) => identity + ((seed ?? name) || '');
  return situation.given.experiments.some((one) => {
    if (typeof one === 'string' || own === undefined) return false;
    const other = one as Declared;
    return other.name !== own.name && other.identity !== own.identity && text(other) === text(own);
  });
}
