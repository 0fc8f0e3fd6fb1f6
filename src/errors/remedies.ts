import { IdentityError } from './identity-error.ts';
import type { PlanoutError } from './planout-error.ts';
import type { RuleError } from './rule-error.ts';
import type { RuleErrorCode } from './evenhand-error.ts';

const DECLARE = 'declare "context" to find such mistakes when the file is loaded';

/** The remedies for a rule that failed, by code. Codes that only occur at load have none. */
const FOR_RULES: Partial<Record<RuleErrorCode, readonly string[]>> = {
  name: ['provide it in the context', DECLARE],
  attribute: ['check first (user.is_authenticated and …)', DECLARE],
  type: ['provide the type that the rule expects', DECLARE],
  'not-boolean': ['write a rule that is True or False'],
  index: ['check the length first'],
  key: ['check for the key first ("beta" in flags and …)'],
  limit: ['make the rule or its data smaller'],
  'zero-division': ['check first that the divisor is not 0'],
  prerequisite: ['correct the other experiment'],
};

/** The remedies for an identity that can't be read, and for a list that may have one more path. */
const PROVIDE = 'provide a usable value in the context';
const ADD = 'add the identity "anonymous" at the end of the list';

/** The first key of the path of a user's attributes. */
const USER = /^user(?:\.|$)/;

/**
 * Returns what the author of a specification or an application can do about an error.
 *
 * @param declaresContext true if the specification declares its context, which then is no remedy
 */
export function remediesFor(
  error: RuleError | IdentityError | PlanoutError,
  declaresContext: boolean,
): readonly string[] {
  if (error instanceof IdentityError) {
    // The name of a list has "or" between its paths.
    const paths = (error.identity ?? '').split(' or ');
    if (paths.length > 1) return paths.includes('anonymous') ? [PROVIDE] : [PROVIDE, ADD];
    return USER.test(error.identity ?? '')
      ? ['use the identity "anonymous"', 'put the split behind the rule user.is_authenticated']
      : [PROVIDE, 'use another identity'];
  }
  if (error.code === 'namespace') return ['provide the value in the context'];
  if (error.code === 'operator' || error.code === 'script') {
    return ['provide the inputs that the experiment needs'];
  }
  const remedies = FOR_RULES[error.code] ?? [];
  return declaresContext ? remedies.filter((remedy) => remedy !== DECLARE) : remedies;
}
