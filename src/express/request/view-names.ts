import { checkOptions, type OptionCheck, type OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';

/** The names of the functions for views. `false` leaves a function out. */
export interface ViewNames {
  /** The name of the function that tests a variant. @default 'isVariant' */
  isVariant?: string | false;
  /** The name of the function that is true if a switch is on. @default 'isOn' */
  isOn?: string | false;
  /** The name of the function that is true if a switch is off. @default 'isOff' */
  isOff?: string | false;
  /** The name of the function that returns the variant's name. @default 'variant' */
  variant?: string | false;
}

/** The functions for views and the names that they have there. */
export type ViewNameList = readonly (readonly [name: string, fn: keyof ViewNames])[];

/** The name of the object with all functions, which has no other name. */
export const VIEW_OBJECT = 'evenhand';

/** The list without the option. */
export const DEFAULT_VIEW_NAMES: ViewNameList = [
  ['isVariant', 'isVariant'],
  ['isOn', 'isOn'],
  ['isOff', 'isOff'],
  ['variant', 'variant'],
];

/** Names that Express and template engines use, or that would set a prototype. */
const TAKEN: ReadonlySet<string> = new Set([
  VIEW_OBJECT,
  '__proto__',
  '_locals',
  'cache',
  'filename',
  'layout',
  'settings',
]);

const aName: OptionCheck = {
  expected: 'a name that a template can call, such as "abVariant", or false',
  accepts: (value) =>
    value === false ||
    (typeof value === 'string' && /^[A-Za-z_$][\w$]*$/.test(value) && !TAKEN.has(value)),
};

const nameChecks: OptionChecks = new Map(DEFAULT_VIEW_NAMES.map(([, fn]) => [fn, aName]));

/**
 * Returns the names of the functions for views.
 *
 * @throws OptionError (`option`) for unknown functions, invalid names, or one name for two functions
 */
export function parseViewNames(given: false | ViewNames): ViewNameList {
  if (given === false) return [];
  const own = checkOptions('evenhand({ viewNames })', given, nameChecks);
  const names = new Map<string, keyof ViewNames>();
  for (const [, fn] of DEFAULT_VIEW_NAMES) {
    const name = own[fn] ?? fn;
    if (name === false) continue;
    const other = names.get(name);
    if (other !== undefined) {
      throw new OptionError(
        `evenhand({ viewNames }): ${other} and ${fn} can't both be named ${quote(name)}`,
      );
    }
    names.set(name, fn);
  }
  return [...names];
}
