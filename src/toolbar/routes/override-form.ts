import { readForced } from '../../assignment/namespaces/namespace-overrides.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { quote } from '../../errors/show-value.ts';
import { splitOverride } from '../../express/cookies/override-cookie.ts';
import { overrideProblem } from '../../express/cookies/override-warnings.ts';
import { percentDecoded } from '../../express/cookies/read-cookies.ts';
import type { FormFields } from '../../web/form-body.ts';

/** Overrides by name, as the override cookie has them. */
export type Overrides = ReadonlyMap<string, string>;

/** The overrides after a form, or the reason why they stay as they are. */
export type ChangedOverrides =
  | { readonly overrides: Overrides; readonly open: string }
  | { readonly problem: string; readonly overrides?: undefined };

/** White space and percent signs: the cookie has them percent-encoded once more. */
const NEEDS_CODE = /[\p{White_Space}\p{Cc}%]/u;

/**
 * Returns the overrides after a form: `clear` removes all, `unset` those of a name, and `set` forces
 * `name:variant`. Only what the experiments declare can be forced.
 */
export function changeOverrides(
  before: Overrides,
  fields: FormFields,
  snapshot: Snapshot,
): ChangedOverrides {
  const overrides = new Map(fields.has('clear') ? [] : before);
  let open = '*';
  for (const name of fields.get('unset') ?? []) {
    open = name;
    remove(overrides, name);
  }
  for (const text of fields.get('set') ?? []) {
    const [name, value] = readOverride(text) ?? ['', ''];
    const problem = overrideProblem(name, value, snapshot);
    if (problem !== undefined) return { problem: `${quote(text)} ${problem}` };
    open = percentDecoded(name);
    remove(overrides, open);
    overrides.set(name, value);
  }
  return { overrides, open };
}

/**
 * Reads `name:variant` from a person, who writes spaces and percent signs as they are.
 *
 * @returns the name and the value as the override cookie has them; undefined for a text without a colon
 */
export function readOverride(text: string): [name: string, value: string] | undefined {
  const [name, value] = splitOverride(text) ?? [];
  return name === undefined || value === undefined ? undefined : [coded(name), coded(value)];
}

/** Adds overrides to others, in place of those of the same name. Ignores those that force nothing. */
export function mergeOverrides(
  before: Overrides,
  more: Overrides,
  snapshot: Snapshot | undefined,
): Map<string, string> {
  const merged = new Map(before);
  for (const [name, value] of declaredOverrides(more, snapshot)) {
    remove(merged, percentDecoded(name));
    merged.set(name, value);
  }
  return merged;
}

/** Returns the overrides that force something. */
export function declaredOverrides(
  overrides: Overrides,
  snapshot: Snapshot | undefined,
): readonly (readonly [name: string, value: string])[] {
  if (snapshot === undefined) return [];
  return [...overrides].filter(([name, value]) => forces(name, value, snapshot));
}

/** Returns true exactly if an override has no problem; a cookie can hold a thousand, so without advice. */
function forces(name: string, value: string, snapshot: Snapshot): boolean {
  if (snapshot.specOf(name)?.variants.some((variant) => variant.name === value) === true)
    return true;
  const { namespaces } = snapshot.setup;
  const [plainName, plainValue] = [percentDecoded(name), percentDecoded(value)];
  const whole = namespaces.get(plainName);
  if (whole !== undefined) return whole.running.has(plainValue);
  return [...namespaces.values()].some((namespace) => {
    const prefix = `${namespace.spec.name}.`;
    if (!plainName.startsWith(prefix)) return false;
    return 'value' in readForced(namespace, plainName.slice(prefix.length), plainValue);
  });
}

function remove(overrides: Map<string, string>, name: string): void {
  for (const key of overrides.keys()) {
    if (key === name || percentDecoded(key) === name) overrides.delete(key);
  }
}

function coded(text: string): string {
  return NEEDS_CODE.test(text) ? encodeURIComponent(text) : text;
}
