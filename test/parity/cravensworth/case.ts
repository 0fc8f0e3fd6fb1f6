import type { Visitor } from './visitors.ts';

/** The questions to both applications about one experiment. */
export interface Question {
  readonly name: string;
  /** The variants to ask for, one at a time. */
  readonly variants: readonly string[];
  /** The lists of variants to ask for. */
  readonly lists: readonly (readonly string[])[];
}

/** A decorator of Cravensworth, or a guard of Evenhand, for a route. */
export interface Guard {
  readonly kind: 'variant' | 'switch_on' | 'switch_off';
  readonly name: string;
  /** For `variant` only. */
  readonly variant: string | readonly string[];
  readonly redirectTo: string | null;
}

/** A template in the languages of all engines, with its data. */
export interface Page {
  readonly django: string;
  readonly nunjucks: string;
  readonly handlebars: string;
  readonly ejs: string;
  readonly data: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * The requests that may override: all, those from this machine, or those from another one. `production` lists
 * none.
 */
export type Overriding = 'everyone' | 'listed' | 'others' | 'production';

/** Everything that both applications need for the same answers. */
export interface Case {
  readonly experiments: readonly unknown[];
  readonly overriding: Overriding;
  readonly overrideCookie: string;
  readonly trackingCookie: string;
  /** The buckets that the identity `random` draws; the last one is repeated. */
  readonly draws: readonly number[];
  readonly questions: readonly Question[];
  readonly guards: readonly Guard[];
  readonly page: Page;
  readonly visitors: readonly Visitor[];
}

export const EMPTY_PAGE: Page = { django: '', nunjucks: '', handlebars: '', ejs: '', data: {} };

/** A case with the default settings. */
export const PLAIN: Case = {
  experiments: [],
  overriding: 'everyone',
  overrideCookie: '__cw',
  trackingCookie: '__cwtk',
  draws: [0],
  questions: [],
  guards: [],
  page: EMPTY_PAGE,
  visitors: [],
};

/** Someone without a user, a context and cookies. */
export const NOBODY: Visitor = { user: ['anonymous', {}], context: {}, cookie: null };

/** The addresses that may override; undefined without a list. */
export const ADDRESSES: Readonly<Record<Overriding, readonly string[] | undefined>> = {
  everyone: undefined,
  listed: ['127.0.0.1'],
  others: ['192.0.2.1'],
  production: undefined,
};

/** A hundred variants of one percent each: the variant shows the bucket. */
export const METER: readonly string[] = Array.from({ length: 100 }, (_, i) => `v${i}`);

/** The experiment that shows the tracking key, for the routes `/key`. It is added to each case. */
export const BY_KEY = {
  name: 'by_key',
  identity: 'anonymous',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [
    {
      allocations: [
        { variant: 'a', percent: 50 },
        { variant: 'b', percent: 50 },
      ],
    },
  ],
};

/**
 * Seven lists that tell the variants of `METER` apart: the first has every second variant, the next every
 * second pair, and so on. Asking for each variant would take a hundred decisions.
 */
export const METER_LISTS: readonly (readonly string[])[] = Array.from({ length: 7 }, (_, bit) =>
  METER.filter((_variant, bucket) => (bucket >> bit) % 2 === 1),
);

/** Returns JSON in which names stand for the lists of a hundred variants. */
export function shown(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (one === METER_LISTS) return 'METER_LISTS';
    return Array.isArray(one) && one.length >= METER.length ? 'METER' : one;
  });
}
