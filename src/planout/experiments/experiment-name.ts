/** The four separators from U+001C on are white space in Python, and not in Unicode or JavaScript. */
const SEPARATORS = `${String.fromCharCode(0x1c)}-${String.fromCharCode(0x1f)}`;

/** A run of white space as `\s+` finds it in Python's str. */
const WHITE_SPACE = new RegExp(`[\\p{White_Space}${SEPARATORS}]+`, 'gu');

/**
 * Returns the name of an experiment as PlanOut's reference keeps it: each run of white space becomes
 * one hyphen. The name is also the salt, unless the experiment has a salt.
 */
export function experimentName(name: string): string {
  return name.replaceAll(WHITE_SPACE, '-');
}
