import { quote } from '../../errors/show-value.ts';
import { RANDOM_IDENTITY } from '../reserved-identities.ts';
import type { Note } from '../note.ts';

/**
 * Reports paths of a list of identities that can never decide: those listed twice, and `random`. Skips
 * everything else that is wrong, because the schema reports it.
 *
 * @param path JSON Pointer to the experiment
 */
export function checkIdentityList(list: readonly unknown[], path: string, note: Note): void {
  for (const [i, identity] of list.entries()) {
    const place = `${path}/identity/${i}`;
    if (identity === RANDOM_IDENTITY) {
      note(
        place,
        () =>
          '"random" is not a value of the context, so it can\'t be part of a list; remove it, or write ' +
          '"identity": "random"',
      );
    } else if (typeof identity === 'string' && list.indexOf(identity) < i) {
      note(place, () => `the identity ${quote(identity)} is listed twice; remove one of them`);
    }
  }
}
