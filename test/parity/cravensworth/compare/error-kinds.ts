import type { SentError } from './sides.ts';

/** Exceptions of Python and simpleeval while a rule is evaluated, by the code of the RuleError. */
const RULE_ERRORS: Readonly<Record<string, string>> = {
  NameNotDefined: 'name',
  AttributeDoesNotExist: 'attribute',
  KeyError: 'key',
  IndexError: 'index',
  TypeError: 'type',
  ZeroDivisionError: 'zero-division',
};

/** Exceptions whose message says more than their class. */
const BY_MESSAGE: readonly (readonly [string, RegExp, string])[] = [
  ['KeyError', /Identity keypath/, 'identity'],
  ['TypeError', /^Audience rule must evaluate to a boolean/, 'not-boolean'],
  // An override without a colon.
  ['ValueError', /^not enough values to unpack/, 'override'],
  ['UnicodeEncodeError', /surrogates not allowed/, 'surrogate'],
];

/** Returns the kind of an exception in Django. */
export function kindOfDjango({ name = '', message }: SentError['error']): string {
  const special = BY_MESSAGE.find(([type, pattern]) => type === name && pattern.test(message));
  return special?.[2] ?? RULE_ERRORS[name] ?? `${name}: ${message}`;
}

/** Returns the kind of an error of Evenhand. */
export function kindOfEvenhand({ code, message }: SentError['error']): string {
  return code ?? message;
}
