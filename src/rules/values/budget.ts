import { RuleFault } from './fault.ts';
import { MAX_ITEMS, MAX_STEPS, MAX_STRING } from './limits.ts';

/**
 * The items and steps that the current evaluation may still use. Evaluation is synchronous, so one
 * record is enough. A nested evaluation (a context getter may evaluate another rule) saves and
 * restores it.
 */
let items = MAX_ITEMS;
let steps = MAX_STEPS;

/** Starts an evaluation. Pass the result to {@link restoreBudget} at its end. */
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

/** A budget that several evaluations share. */
export interface Account {
  items: number;
  steps: number;
}

/** Returns a budget with the limits of one evaluation. */
export function openAccount(): Account {
  return { items: MAX_ITEMS, steps: MAX_STEPS };
}

/**
 * Evaluates with a separate budget, during another evaluation.
 *
 * @throws RuleFault `limit` if the budget is used up
 */
export function evaluateOn<T>(account: Account, evaluate: () => T): T {
  const saved = { items, steps };
  ({ items, steps } = account);
  try {
    // An exhausted budget must stop the evaluation before it starts: some work is counted only
    // afterwards.
    spendSteps(1);
    return evaluate();
  } finally {
    Object.assign(account, { items, steps });
    ({ items, steps } = saved);
  }
}

/** Counts the items that a literal, comprehension or repetition creates. */
export function spendItems(count: number): void {
  items -= count;
  if (items < 0) {
    throw new RuleFault(
      'limit',
      `the rule creates more than ${MAX_ITEMS} items in one evaluation; compute the answer in the context provider`,
    );
  }
}

/** Counts the elements or characters that are compared or copied. */
export function spendSteps(count: number): void {
  steps -= count;
  if (steps < 0) {
    throw new RuleFault(
      'limit',
      `the rule takes more than ${MAX_STEPS} steps because its data is too large; compute the answer in the context provider`,
    );
  }
}

/** The cost of reading an item of a list: comparing it, or copying it. */
const STEPS_PER_ITEM = 4;

/** Counts the items of a list or tuple that are compared or copied. */
export function spendItemsRead(count: number): void {
  spendSteps(count * STEPS_PER_ITEM);
}

/** The longest string that is compared or hashed without counting steps. */
const FREE_LENGTH = 100;

/** Counts the characters of a string that is compared or hashed. */
export function spendText(text: string): void {
  if (text.length > FREE_LENGTH) spendSteps(text.length);
}

/** The cost of a key: hashing and finding it takes as long as comparing thirty characters. */
const STEPS_PER_KEY = 30;

/** Counts the keys of sets and dicts that are read, hashed or looked up. */
export function spendKeys(count: number): void {
  spendSteps(count * STEPS_PER_KEY);
}

/** Checks and counts the length of a string before it is created. */
export function spendString(length: number): void {
  if (length > MAX_STRING) {
    throw new RuleFault(
      'limit',
      `the rule creates a string of more than ${MAX_STRING} characters; use shorter strings`,
    );
  }
  spendSteps(length);
}
