import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { NO_EXPERIMENT } from '../../rules/compile/resolve-names.ts';
import type { Note } from '../note.ts';

/**
 * Reports an audience without a rule that is not the last, or the last with a rule.
 *
 * @param place of the audience
 */
export function noteRulePlace(i: number, count: number, place: string, note: Note): void {
  if (i === count - 1) {
    note(
      `${place}/rule`,
      () =>
        'the last audience takes everyone else, so it must not have a rule; remove the rule, or add ' +
        'an audience without a rule at the end',
    );
  } else {
    note(
      place,
      () =>
        `audience ${i + 1} of ${count} has no rule, so it would take everyone and later audiences ` +
        'would be empty; add a rule to every audience except the last',
    );
  }
}

/** Reports an allocation of a variant that is not declared. */
export function noteUndeclared(
  variant: string,
  declared: ReadonlyMap<string, number>,
  path: string,
  note: Note,
): void {
  note(path, () => {
    const meant = didYouMean(variant, declared.keys());
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return `variant ${quote(variant)} is not declared; declared: ${listNames(declared.keys())}${hint}`;
  });
}

/** Reports the problem of a rule. The author of a removed experiment has to know who asks for it. */
export function noteFault(entry: unknown, fault: string, path: string, note: Note): void {
  const asker = fault.startsWith(NO_EXPERIMENT)
    ? `the experiment ${quote(String(member(entry, 'name')))} asks for another: `
    : '';
  note(path, () => asker + fault);
}

/** Reports a sticky experiment that draws at random. */
export function noteSticky(path: string, note: Note): void {
  note(`${path}/sticky`, () => STICKY_AND_RANDOM);
}

const STICKY_AND_RANDOM =
  'a sticky experiment needs an identity that recognises participants, and "random" does not; choose ' +
  'another identity, such as "user.id", or remove "sticky"';
