import type { FieldProblem } from '../frame/page-definition.ts';
import type { SaveOutcome } from './save.ts';

/** Returns the status of a change that was not saved. */
export function statusOf({ kind }: SaveOutcome): 409 | 422 | 503 {
  if (kind === 'conflict') return 409;
  return kind === 'failed' ? 503 : 422;
}

/** Returns the problems of a change that was not saved, for scripts. */
export function problemsOf(outcome: SaveOutcome): readonly FieldProblem[] {
  switch (outcome.kind) {
    case 'invalid':
      return outcome.problems;
    case 'conflict':
      return [{ field: 'version', message: 'Someone else changed this first.' }];
    case 'harmful':
      return [{ field: 'anyway', message: 'Some users would see a different variant.' }];
    case 'failed':
      return [{ message: outcome.message }];
    case 'unchanged':
      return [{ message: 'This is already so; nothing was written.' }];
    case 'saved':
      return [];
  }
}

/**
 * Returns the sentence after a change was saved.
 *
 * @param what the new state: `free_shipping is off.`
 */
export function savedNotice(what: string, { isInForce }: { readonly isInForce: boolean }): string {
  return isInForce ? what : `Saved: ${what} This process will follow when its source delivers it.`;
}
