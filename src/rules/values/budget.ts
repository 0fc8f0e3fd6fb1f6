import { RuleFault } from './fault.ts';
import { MAX_ITEMS, MAX_STEPS, MAX_STRING } from './limits.ts';

/**
 * What the evaluation under way may still use. Evaluation is synchronous, so one record serves all;
 * one that starts inside another (a context's getter may ask another rule) saves and restores it.
 */
let items = MAX_ITEMS;
let steps = MAX_STEPS;

/** Starts an evaluation; hand the result to {@link restoreBudget} when it ends. */
export function beginBudget(): { readonly items: number; readonly steps: number } | undefined {
  if (items === MAX_ITEMS && steps === MAX_STEPS) return undefined;
  const saved = { items, steps };
  items = MAX_ITEMS;
  steps = MAX_STEPS;
  return saved;
}

/** Ends an evaluation. */
export function restoreBudget(saved: ReturnType<typeof beginBudget>): void {
  items = saved?.items ?? MAX_ITEMS;
  steps = saved?.steps ?? MAX_STEPS;
}

/** What several evaluations may use together. */
export interface Account {
  items: number;
  steps: number;
}

/** An account of what one evaluation may use. */
export function openAccount(): Account {
  return { items: MAX_ITEMS, steps: MAX_STEPS };
}

/**
 * Evaluates on an account, beside the evaluation under way.
 *
 * @throws RuleFault `limit` where the account is used up
 */
export function evaluateOn<T>(account: Account, evaluate: () => T): T {
  const saved = { items, steps };
  ({ items, steps } = account);
  try {
    // Where it is overdrawn already, even what is counted after it is done must not be done.
    spendSteps(1);
    return evaluate();
  } finally {
    Object.assign(account, { items, steps });
    ({ items, steps } = saved);
  }
}

/** Counts items that a literal, comprehension or repetition makes. */
export function spendItems(count: number): void {
  items -= count;
  if (items < 0) {
    throw new RuleFault('limit', `the rule creates more than ${MAX_ITEMS} items in one evaluation; compute the answer in the context provider`);
  }
}

/** Counts elements or characters compared or copied. */
export function spendSteps(count: number): void {
  steps -= count;
  if (steps < 0) {
    throw new RuleFault(
      'limit',
      `the rule takes more than ${MAX_STEPS} steps because its data is too large; compute the answer in the context provider`,
    );
  }
}

/** A key is hashed and looked up in the time that ten elements are compared. */
const STEPS_PER_KEY = 10;

/** Counts keys of sets and dicts read, hashed or looked up. */
export function spendKeys(count: number): void {
  spendSteps(count * STEPS_PER_KEY);
}

/** Checks the length of a string about to be made, and counts it. */
export function spendString(length: number): void {
  if (length > MAX_STRING) {
    throw new RuleFault('limit', `the rule creates a string of more than ${MAX_STRING} characters; use shorter strings`);
  }
  spendSteps(length);
}
