import { documentedItem, documentedScript } from '../../planout/documented-differences.ts';

/**
 * The differences that a script shows, by the names that peer/documented.py notes, with their rows of the
 * table in docs/planout.md.
 */
export const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  'not a number': ['x = "ab" * 2;', 'x = [1] * 2;', 'x = "%s!" % 2;', 'x = "3" / 2;'],
  'mistakes at load': [
    'x = 1; if (false) { x = nope(1); }',
    'x = 1; if (false) { x = uniformChoice(choices=[1]); }',
  ],
  'all weights 0': ['x = weightedChoice(choices=["a", "b"], weights=[0, 0], unit=userid);'],
  'weight below 0': ['x = weightedChoice(choices=["a", "b"], weights=[-1, 2], unit=userid);'],
  'max below min': [
    'x = randomInteger(min=5, max=1, unit=userid);',
    'x = randomFloat(min=5, max=1, unit=userid);',
  ],
  'draws below 0': ['x = sample(choices=[1, 2, 3], draws=-1, unit=userid);'],
  'unit null': ['x = uniformChoice(choices=[1, 2, 3], unit=null);'],
  'unit part null': ['x = uniformChoice(choices=[1, 2, 3], unit=[userid, null]);'],
  'unit map': ['x = uniformChoice(choices=[1, 2, 3], unit=@{"a": 1});'],
  'unit empty': ['x = uniformChoice(choices=[1, 2, 3], unit=[]);'],
  'infinite arguments': ['x = randomFloat(min=0, max=1e308 * 10, unit=userid);'],
  'beyond ASCII': ['x = uniformChoice(choices=[1, 2, 3], unit="é");'],
  'units appended': [
    'a = sample(choices=[1, 2, 3], unit=l); x = uniformChoice(choices=[1, 2, 3, 4, 5, 6], unit=l);',
  ],
  'list as value': ['x = min([1, 2]);', 'x = sum(l);'],
  'computed values': ['x = and(values=l);'],
  'part of null': ['x = null[0];'],
  'map without a salt': ['x = [map(a=1)];'],
  'argument self': ['x = length(map(self=1));'],
  'ordinary names': ['x = _data;'],
};

/** Rows that no generated script shows. PlanOut 0.6.0 lacks `exp` and `sqrt`; infinity is the same. */
export const NOT_GENERATED: readonly string[] = ['x = exp(0);', 'x = sqrt(4);', 'x = 1e308 * 10;'];

/** Rows about PlanOut's compiler, which is not a Python program; test/vectors has its results. */
export const COMPILER: readonly string[] = [
  'x = [,1];',
  'x = @{1: 2};',
  'x = max(value=1, value=2);',
  'x = max(op=1);',
  'x = 1e400;',
  'if (true) 1else 2',
  'x = 1; # one\r\n',
  'x = "a\\\nb";',
  'x = max((values)=[1]);',
];

/** The differences outside scripts, by their names: how their items of the list start. */
export const ITEMS: Readonly<Record<string, string>> = {
  'invalid arguments': 'Invalid arguments, names and numbers of segments',
  'one number type': 'JavaScript has one number type',
  'sum from left to right': '`sum` adds from left to right',
  'assignments in the salt': 'Assignments inside the expression',
  'printable characters': 'The text of a list or map that is hashed',
  'excluded units': '`logEvent()`, `logExposure()` and `inExperiment`',
  'overridden again': '`setOverrides()` replaces',
  'overridden records': 'Records of a participant with overrides',
  'parameters of scripts': 'Reading a parameter that no branch of a script sets',
  'no experiment': 'A namespace ignores',
  'default when needed': 'The default experiment of a namespace assigns',
  checksum: 'The `checksum` of a record',
  'names of state': '`_data` and `_overrides` are ordinary names',
  'order of freed segments': 'Segments that `removeExperiment` frees',
};

/**
 * Checks that a difference is documented.
 *
 * @throws Error for an unknown name, or one without its item or rows in docs/planout.md
 */
export function checkDocumented(name: string): void {
  const rows = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
  const item = Object.hasOwn(ITEMS, name) ? ITEMS[name] : undefined;
  if (rows === undefined && item === undefined) throw new Error(`unknown difference ${name}`);
  for (const script of rows ?? []) documentedScript(script);
  if (item !== undefined) documentedItem(item);
}
