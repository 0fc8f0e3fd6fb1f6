import { documentedItem, documentedScript } from '../../planout/documented-differences.ts';

/** The differences that a script shows, by the names that peer/documented.py uses. */
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
  'unit map': ['x = uniformChoice(choices=[1, 2, 3], unit=@{"a": 1});'],
  'unit empty': ['x = uniformChoice(choices=[1, 2, 3], unit=[]);'],
  'beyond ASCII': ['x = uniformChoice(choices=[1, 2, 3], unit="é");'],
  'units appended': [
    'a = sample(choices=[1, 2, 3], unit=l); x = uniformChoice(choices=[1, 2, 3, 4, 5, 6], unit=l);',
  ],
  'list as value': ['x = min([1, 2]);', 'x = sum(l);'],
  'computed values': ['x = and(values=l);'],
  'part of null': ['x = null[0];'],
  'map without a salt': ['x = [map(a=1)];'],
  'ordinary names': ['x = _data;'],
  'argument self': ['x = length(map(self=1));'],
  'unit part null': ['x = uniformChoice(choices=[1, 2, 3], unit=[userid, null]);'],
  'infinite arguments': ['x = randomFloat(min=0, max=1e308 * 10, unit=userid);'],
};

/** The differences outside scripts: how their items of the list start. */
export const ITEMS: Readonly<Record<string, string>> = {
  'invalid arguments': 'Invalid arguments, names and numbers of segments',
  'one number type': 'JavaScript has one number type',
  'parameters of scripts': 'Reading a parameter that no branch of a script sets',
  'excluded units': '`logEvent()`, `logExposure()` and `inExperiment`',
  'overridden again': '`setOverrides()` replaces',
  'no experiment': 'A namespace ignores',
  'default when needed': 'The default experiment of a namespace assigns',
  'sum from left to right': '`sum` adds from left to right',
};

/**
 * Checks that a difference is documented.
 *
 * @throws Error for an unknown name, or one without its item or rows in docs/planout.md
 */
export function nameOfDifference(name: string): void {
  if (Object.hasOwn(SCRIPTS, name))
    for (const script of SCRIPTS[name] ?? []) documentedScript(script);
  else if (Object.hasOwn(ITEMS, name)) documentedItem(ITEMS[name] ?? '');
  else throw new Error(`unknown difference ${name}`);
}
