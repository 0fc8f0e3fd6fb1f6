import { endTest, memberTest, startTest } from './text-remedies.ts';

/** The longest part of a rule, in characters, that a remedy repeats. */
const MAX_SHOWN = 40;

const COMPUTE = 'compute the value in your contextProvider and compare that';

/** Remedies by the name of the function or method, in lower case and without underscores. */
const REMEDIES = new Map<string, (object: string, argument: string) => string>();

function define(names: string, remedy: (object: string, argument: string) => string): void {
  for (const name of names.split(' ')) REMEDIES.set(squash(name), remedy);
}

define('endswith', (object, argument) => `write ${endTest(object, argument)}`);
define(
  'startswith begins_with has_prefix',
  (object, argument) => `write ${startTest(object, argument)}`,
);
define(
  'includes contains has include indexof find search count index hasownproperty has_key',
  (object, argument) => `write ${memberTest(object, argument)}`,
);
define('len', (_object, argument) => `write ${argument}.length`);
define('length size', (object, argument) => `write ${object === '' ? argument : object}.length`);
define(
  'lower lowercase to_lower tolowercase to_locale_lower_case lcase casefold',
  (object, argument) => `write ${object === '' ? argument : object}.lower`,
);
define(
  'upper uppercase to_upper touppercase to_locale_upper_case ucase',
  (object, argument) => `write ${object === '' ? argument : object}.upper`,
);
define('get get_attr', (object, argument) => `write ${object}[${argument}]`);
define('is_authenticated is_anonymous', (object, _argument) =>
  object === '' ? 'write user.is_authenticated' : `write ${object}.is_authenticated`,
);
define('any some', () => 'write [item for item in list if …] != []');
define('all every', () => 'write [item for item in list if not …] == []');
define('filter map', () => 'write [item for item in list if …]');
define('isnull is_none isempty empty', (object, argument) => `write ${object || argument} is None`);
define('exists defined is_defined', (_object, argument) => `write ${argument} is not None`);
define('not', (_object, argument) => `write not ${argument}`);
define(
  'random rand_int rand_range',
  () => 'split the audience with the percents of its allocations, which choose at random',
);
define(
  'now today date datetime time timestamp utc_now',
  () => 'let your contextProvider add the time, and compare that',
);
define(
  'match test search full_match matches regex regexp replace sub',
  () => 'match the text in your contextProvider, and compare the result',
);
define(
  'str string tostring int integer number float parseint parsefloat bool boolean tonumber',
  () => 'give the value the right type in your contextProvider; nothing is converted in rules',
);

/**
 * Returns the remedy for a call, which rules don't have.
 *
 * @param callee the function as it is written: `user.email.endswith`
 * @param written the arguments as they are written, without the brackets
 */
export function callRemedy(callee: string, written: string): string {
  const dot = callee.lastIndexOf('.');
  const name = callee.slice(dot + 1);
  const argument = shorten(written.trim());
  // `Math.random`, `re.match` and `Date.now` have no object of the rule.
  const object = shorten(callee.slice(0, Math.max(0, dot)).trimEnd());
  const remedy = REMEDIES.get(squash(name.trim()));
  if (remedy === undefined || (argument === '' && needsArgument(remedy, object))) return COMPUTE;
  return remedy(object, argument);
}

/** Returns true for remedies that repeat the argument, which is missing then. */
function needsArgument(
  remedy: (object: string, argument: string) => string,
  object: string,
): boolean {
  return remedy(object, '\u0000').includes('\u0000');
}

/** Removes the differences between `ends_with`, `endsWith` and `endswith`. */
function squash(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN || /[\r\n]/.test(text) ? '…' : text;
}
