import * as fc from 'fast-check';
import { anyText } from '../../../generators/any-text.ts';
import { type Case, METER, METER_LISTS, PLAIN, type Question, shown } from '../case.ts';
import { rules } from './rules.ts';
import { visitors } from './values.ts';

/** An experiment with everything that a decision reads. */
export interface Declared {
  readonly name: string;
  readonly identity: string;
  readonly seed?: string | null;
  readonly variants: readonly { readonly name: string }[];
  readonly audiences: readonly {
    readonly rule?: string | null;
    readonly allocations: readonly { readonly variant: string; readonly percent: number }[];
  }[];
}

const VARIANTS: readonly (readonly string[])[] = [
  ['a', 'b'],
  ['on', 'off'],
  METER,
  ['a', 'b', 'c', 'on', '__proto__', 'constructor', 'x'],
];

/** The names of experiments, by their place. */
const NAMES = ['e0', 'e1', 'e2', 'E_3', '__proto__', '5'];

const identities = fc.oneof(
  { arbitrary: fc.constantFrom('user.id', 'anonymous', 'v'), weight: 12 },
  { arbitrary: fc.constantFrom('tenant.id', 'tenant.deep.id', 'v1', 'random'), weight: 6 },
  { arbitrary: fc.constantFrom('user.team.id', 'tags.0', 'none', 'nowhere.id', 'user'), weight: 1 },
);

const seeds: fc.Arbitrary<string | null> = fc.oneof(
  { arbitrary: fc.constant(null), weight: 3 },
  { arbitrary: fc.constantFrom('', '1', '1x', 'x', 'é', '漢字😀', 's'.repeat(200)), weight: 3 },
  { arbitrary: fc.string({ maxLength: 20 }), weight: 2 },
  { arbitrary: anyText({ maxLength: 20 }), weight: 1 },
);

/** An audience by the numbers that it is built from: the shares' ends, and the places of their variants. */
const audiences = fc.record({
  rule: rules,
  ends: fc.array(fc.nat(100), { maxLength: 4, size: 'max' }),
  places: fc.array(fc.nat(6), { minLength: 5, maxLength: 5 }),
  isMeter: fc.boolean(),
});

const drafts = fc.record({
  identity: identities,
  seed: seeds,
  hasSeed: fc.boolean(),
  variants: fc.constantFrom(...VARIANTS),
  audiences: fc.array(audiences, { minLength: 1, maxLength: 3 }),
  hasNull: fc.boolean(),
});

type Draft = typeof drafts extends fc.Arbitrary<infer Made> ? Made : never;

function allocationsOf(
  { ends, places, isMeter }: Draft['audiences'][number],
  names: readonly string[],
) {
  if (names === METER && isMeter) return METER.map((variant) => ({ variant, percent: 1 }));
  const sorted = [...ends.toSorted((a, b) => a - b), 100];
  return sorted.map((end, i) => ({
    variant: names[(places[i] ?? 0) % names.length] ?? '',
    percent: end - (sorted[i - 1] ?? 0),
  }));
}

function experimentOf(draft: Draft, i: number): Declared {
  const { identity, seed, hasSeed, variants, hasNull } = draft;
  return {
    name: NAMES[i] ?? `more_${i}`,
    identity,
    ...(hasSeed && { seed }),
    variants: variants.map((name) => ({ name })),
    audiences: draft.audiences.map((audience, place, all) => ({
      ...(place < all.length - 1 ? { rule: audience.rule } : hasNull && { rule: null }),
      allocations: allocationsOf(audience, variants),
    })),
  };
}

/** Returns the questions about an experiment: about its variants, and some others. */
function questionOf({ name, variants }: Declared): Question {
  const names = variants.map((variant) => variant.name);
  if (names.length === METER.length) return { name, variants: ['v0', 'x'], lists: METER_LISTS };
  const some = names.filter((_, i) => i % 2 === 0);
  return { name, variants: [...names, 'undeclared'], lists: [['undeclared', ...some], []] };
}

const SWITCHES = ['sw_on:on', 'sw_off:off'];

/** The most experiments of a case. */
const MAX_EXPERIMENTS = 12;

/** The questions about a switch in shorthand, and about an experiment that is not declared. */
const OTHERS: readonly Question[] = ['sw_off', 'nothing'].map((name) => ({
  name,
  variants: ['on', 'off'],
  lists: [['off', 'x']],
}));

const experiments: fc.Arbitrary<readonly Declared[]> = fc
  .array(drafts, { minLength: 1, maxLength: MAX_EXPERIMENTS, size: 'max' })
  .map((made) => made.map(experimentOf));

/** Specifications of several experiments, with several requests. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    experiments,
    overriding: fc.oneof(
      { arbitrary: fc.constant('everyone' as const), weight: 3 },
      { arbitrary: fc.constantFrom('listed' as const, 'others' as const), weight: 1 },
    ),
    draw: fc.nat(99),
    visitors: fc.array(visitors, { minLength: 1, maxLength: 14, size: 'max' }),
  })
  .map(({ experiments: declared, draw, ...rest }) => ({
    ...PLAIN,
    ...rest,
    experiments: [...declared, ...SWITCHES],
    draws: [draw],
    questions: [...declared.map(questionOf), ...OTHERS],
  }))
  .map(printed);

/** Makes fast-check print a case as short JSON. */
export function printed(given: Case): Case {
  return Object.defineProperty(given, fc.toStringMethod, { value: () => shown(given) });
}
