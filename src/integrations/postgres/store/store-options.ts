import { checkOptions, checks, type OptionCheck } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import { showValue } from '../../../errors/show-value.ts';
import type { Authorship } from './change-set.ts';
import type { SwitchReach } from '../../../changes/flip-switch.ts';

/** How experiments are changed. */
export interface StoreChangeOptions extends Authorship {
  /**
   * The version it must have, from `list()`, or 0 where it must not be there: a change that was meant
   * for another one is refused (`conflict`). @default whatever is there
   */
  expectedVersion?: number | undefined;
  /**
   * The revision, from `list()`, after which it must not have been changed; for several experiments at
   * once. @default whenever it was
   */
  since?: number | undefined;
  /** Whether nothing is changed, and only told what would be. @default false */
  dryRun?: boolean | undefined;
}

/** How a switch is put. */
export interface PutSwitchOptions extends StoreChangeOptions {
  /** Which audience, by its position from 0, or all; needed where there are several. */
  audience?: SwitchReach;
}

/** Which changes are wanted. */
export interface HistoryOptions {
  /** Of that experiment only. @default all */
  name?: string | undefined;
  /** How many at most, [1, 10000]. @default 100 */
  limit?: number | undefined;
  /** Only what was before that revision, to go on where one answer ended. @default none */
  before?: number | undefined;
}

const MAX_AUTHOR = 200;
const MAX_REASON = 2000;
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

const text = (min: number, max: number): OptionCheck => ({
  expected: `a text of ${min} to ${max} characters`,
  accepts: (value) =>
    typeof value === 'string' &&
    value.trim().length >= min &&
    value.length <= max &&
    !value.includes('\0'),
});

const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER): OptionCheck => ({
  expected:
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${min}`
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
 * Checks who makes a change, and why.
 *
 * @throws OptionError (`option`) for what can't be meant, and where nobody says to be the author
 */
export function checkAuthorship(where: string, options: Authorship): void {
  checkOptions(where, options, authorshipChecks);
  assertAuthor(where, options);
}

/**
 * Checks how experiments shall be changed.
 *
 * @param where what the options were given to, for messages
 * @throws OptionError (`option`) for what can't be meant, and where nobody says to be the author
 */
export function checkChangeOptions(where: string, options: StoreChangeOptions): void {
  checkOptions(where, options, changeChecks);
  assertAuthor(where, options);
}

/** The same for a switch; throws as {@link checkChangeOptions} does. */
export function checkSwitchOptions(where: string, options: PutSwitchOptions): void {
  checkOptions(where, options, switchChecks);
  assertAuthor(where, options);
}

/** The same for the history, with what is not given; throws as {@link checkChangeOptions} does. */
export function historyOptions(
  where: string,
  options: HistoryOptions,
): { name: string | null; limit: number; before: number | null } {
  checkOptions(where, options, historyChecks);
  const { name = null, limit = DEFAULT_LIMIT, before = null } = options;
  return { name, limit, before };
}

function assertAuthor(where: string, { author }: { readonly author?: unknown }): void {
  if (author === undefined) {
    throw new OptionError(`${where}: the history needs an author, not ${showValue(author)}`);
  }
}
