import { checkOptions, checks, type OptionCheck } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import type { Authorship } from './change-set.ts';
import type { SwitchReach } from '../../../changes/flip-switch.ts';

/** Options of a change. */
export interface StoreChangeOptions extends Authorship {
  /**
   * The version from `list()` that the experiment must have, or 0 if it must not exist. Otherwise
   * the change is rejected (`conflict`). @default any version
   */
  expectedVersion?: number | undefined;
  /**
   * The revision from `list()` after which the experiments must not have been changed. It also
   * works for several experiments. @default any revision
   */
  since?: number | undefined;
  /** Returns the result of the change without making it. @default false */
  dryRun?: boolean | undefined;
}

/** Options of `putSwitch()`. */
export interface PutSwitchOptions extends StoreChangeOptions {
  /** The audience, by its position from 0, or all; required if there are several. */
  audience?: SwitchReach;
}

/** Options of `history()`. */
export interface HistoryOptions {
  /** The name of the experiment whose changes are returned. @default all */
  name?: string | undefined;
  /** The largest number of changes, from 1 to 10000. @default 100 */
  limit?: number | undefined;
  /** The revision before which the changes were made, for reading the next page. @default none */
  before?: number | undefined;
}

const MAX_AUTHOR = 200;
const MAX_REASON = 2000;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

const text = (min: number, max: number): OptionCheck => ({
  expected: `a string of ${min} to ${max} characters`,
  accepts: (value) =>
    typeof value === 'string' &&
    value.trim().length >= min &&
    value.length <= max &&
    !value.includes('\0'),
});

const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER): OptionCheck => ({
  expected:
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number of ${min} or more`
      : `a whole number from ${min} to ${max}`,
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
});

const authorshipChecks = new Map<string, OptionCheck>([
  ['author', text(1, MAX_AUTHOR)],
  ['reason', text(0, MAX_REASON)],
]);

const changeChecks = new Map<string, OptionCheck>([
  ...authorshipChecks,
  ['expectedVersion', wholeNumber(0)],
  ['since', wholeNumber(0)],
  ['dryRun', checks.aBoolean],
]);

const switchChecks = new Map<string, OptionCheck>([
  ...changeChecks,
  [
    'audience',
    {
      expected: 'the position of an audience, from 0, or "all"',
      accepts: (value) => value === 'all' || wholeNumber(0).accepts(value),
    },
  ],
]);

const historyChecks = new Map<string, OptionCheck>([
  ['name', { expected: 'a name', accepts: (value) => typeof value === 'string' }],
  ['limit', wholeNumber(1, MAX_LIMIT)],
  ['before', wholeNumber(0)],
]);

/**
 * Checks the author and the reason of a change, and returns a copy with its own options only.
 *
 * @throws OptionError (`option`) for invalid options, or if the author is missing
 */
export function checkAuthorship(where: string, options: Authorship): Authorship {
  const own = checkOptions(where, options, authorshipChecks);
  assertAuthor(where, own);
  return own;
}

/**
 * Checks the options of a change, and returns a copy with its own options only.
 *
 * @param where the function that received the options, for messages
 * @throws OptionError (`option`) for invalid options, or if the author is missing
 */
export function checkChangeOptions(where: string, options: StoreChangeOptions): StoreChangeOptions {
  const own = checkOptions(where, options, changeChecks);
  assertAuthor(where, own);
  return own;
}

/** Checks the options of `putSwitch()`; returns and throws as {@link checkChangeOptions} does. */
export function checkSwitchOptions(where: string, options: PutSwitchOptions): PutSwitchOptions {
  const own = checkOptions(where, options, switchChecks);
  assertAuthor(where, own);
  return own;
}

/**
 * Checks the options of `history()` and fills in the defaults; throws as {@link checkChangeOptions}
 * does.
 */
export function historyOptions(
  where: string,
  options: HistoryOptions,
): { name: string | null; limit: number; before: number | null } {
  const {
    name = null,
    limit = DEFAULT_LIMIT,
    before = null,
  } = checkOptions(where, options, historyChecks);
  return { name, limit, before };
}

function assertAuthor(where: string, { author }: { readonly author?: unknown }): void {
  if (author === undefined) {
    throw new OptionError(
      `${where}: option "author" is missing; set it to the name that the history records`,
    );
  }
}
