import type { RawAnswer } from '../../../http/raw-server.ts';
import { type Case, NOBODY, PLAIN } from '../case.ts';
import { kindOfDjango, kindOfEvenhand } from '../compare/error-kinds.ts';
import type { Decided, SentError, Sides } from '../compare/sides.ts';
import { BROKEN_OFF } from '../raw-client.ts';
import type { Visitor } from '../visitors.ts';

/** Checks that both applications answer what a row of the table says. */
export type Check = (sides: Sides) => Promise<void>;

/** Half and half. */
export const HALF = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

/** An experiment by the context value `v`, with some properties replaced. */
export const experiment = (properties: object = {}): object => ({
  name: 'user_ab',
  identity: 'v',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [{ allocations: HALF }],
  ...properties,
});

/** A case with one experiment and two switches. */
export const caseOf = (properties: object = {}, others: Partial<Case> = {}): Case => ({
  ...PLAIN,
  experiments: [experiment(properties), 'sw_on:on'],
  questions: [
    { name: 'user_ab', variants: ['a', 'b'], lists: [] },
    { name: 'sw_on', variants: ['on', 'off'], lists: [] },
  ],
  ...others,
});

/** A request with a tracking key and the context value `v`. */
export const visitorOf = (
  v: Visitor['context'][string],
  others: Partial<Visitor> = {},
): Visitor => ({
  ...NOBODY,
  context: { v },
  cookie: '__cwtk=abc',
  ...others,
});

export const withCookie = (cookie: string): Visitor => visitorOf(7, { cookie });

/** The variants of all questions, or the kind of the error, as one word each. */
export type Variants = readonly string[];

/** Returns Cravensworth's variants, or the kind of an error. */
export async function djangoSays(sides: Sides, given: Case, visitor: Visitor): Promise<Variants> {
  await sides.django.use(given);
  return variantsIn(await sides.django.ask('/decisions', visitor), kindOfDjango);
}

/** Returns Evenhand's variants, or the kind of an error; `refused` for a specification. */
export async function evenhandSays(sides: Sides, given: Case, visitor: Visitor): Promise<Variants> {
  try {
    await sides.express.use(given);
  } catch (error) {
    return ['refused', (error as Error).message];
  }
  return variantsIn(await sides.express.ask('/decisions', visitor), kindOfEvenhand);
}

function variantsIn(
  { status, body }: RawAnswer,
  kindOf: (error: SentError['error']) => string,
): Variants {
  if (status === BROKEN_OFF) return ['no response'];
  if (status === 400) return ['400'];
  const parsed = JSON.parse(body) as SentError | readonly (Decided | SentError)[];
  const word = (one: Decided | SentError) =>
    'is' in one ? (one.is[0] ?? 'none') : kindOf((one as SentError).error);
  return 'error' in parsed ? ['500', word(parsed)] : parsed.map(word);
}
