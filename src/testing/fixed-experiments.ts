import type { Experiments, VariantOf } from '../assignment/declared-names.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { isObject } from '../options/check-options.ts';
import { quote } from '../errors/show-value.ts';
import type { Source } from '../sources/source.ts';
import { RANDOM_IDENTITY } from '../specification/reserved-identities.ts';
import type { RawHoldout } from '../specification/schema/holdout-shape.ts';
import type { RawEntry, RawExperiment } from '../specification/schema/shape.ts';
import type { JsonValue } from '../json/value.ts';
import { checkName } from './names.ts';
import { advice, rewrittenSource } from './rewritten-source.ts';

/** The variant that everyone gets, with or without the value it carries. */
export type FixedVariant<Variant extends string = string> =
  Variant | { readonly variant: Variant; readonly value?: JsonValue };

/** The variant that everyone gets, by experiment. */
export type FixedByName = [keyof Experiments] extends [never]
  ? Readonly<Record<string, FixedVariant>>
  : { readonly [Name in keyof Experiments]?: FixedVariant<VariantOf<Name>> };

const WHERE = 'fixedExperiments()';

/**
 * Returns a source that gives everyone the named variants. Use it in tests whose result must not depend
 * on buckets, rules or users.
 *
 * ```ts
 * const app = createApp(evenhand({ source: fixedExperiments({ button: 'bold', banner: 'off' }) }));
 * fixedExperiments({ button: { variant: 'bold', value: '#c00' } });
 * fixedExperiments({ button: 'bold' }, 'experiments.config.json'); // the others as in the file
 * ```
 *
 * An experiment fixed to `on` or `off` is a switch. Overrides still win over fixed variants.
 *
 * @param experiments the variants by experiment
 * @param rest the origin of all other experiments: a path, a `file:` URL, a specification or a source.
 *   It must contain the named experiments with these variants. They keep their other variants and their
 *   values. Default: no other experiments
 * @throws OptionError (`option`) for invalid names. `load()` throws it for an experiment or a variant that
 *   `rest` does not contain, and SpecError (`json`, `spec`) if `rest` is invalid
 */
export function fixedExperiments(
  experiments: FixedByName,
  rest?: string | URL | object | Source,
): Source {
  const fixed = readFixed(experiments);
  if (rest === undefined) {
    const data = [...fixed].map(([name, fix]) => alone(name, fix));
    return { name: 'fixed', load: () => ({ data, origin: 'fixed experiments' }) };
  }
  return rewrittenSource(rest, (parts, origin) => {
    const given = parts.flatMap((part) => part.experiments);
    const entries = new Map(given.map((entry) => [nameOf(entry), entry]));
    for (const [name, fix] of fixed) entries.set(name, pinned(origin, entries, name, fix));
    return parts.map(({ experiments: own, holdouts, ...others }) => ({
      ...others,
      experiments: own.map((entry) => entries.get(nameOf(entry)) ?? entry),
      ...(holdouts !== undefined && { holdouts: withoutFixed(holdouts, fixed) }),
    }));
  });
}

/**
 * Returns holdouts that don't list the fixed experiments: a participant who is held out would get the
 * control.
 */
function withoutFixed(
  holdouts: readonly RawHoldout[],
  fixed: ReadonlyMap<string, unknown>,
): RawHoldout[] {
  return holdouts.flatMap((holdout) => {
    const experiments = holdout.experiments.filter((name) => !fixed.has(name));
    return experiments.length === 0 ? [] : [{ ...holdout, experiments }];
  });
}

/** A fixed variant. `value` is present only if the caller gave one; loading validates it. */
interface Fixed {
  readonly name: string;
  readonly value?: unknown;
}

function readFixed(experiments: unknown): ReadonlyMap<string, Fixed> {
  if (!isObject(experiments)) {
    throw new OptionError(`${WHERE} takes an object of variants by experiment: { button: "bold" }`);
  }
  return new Map(
    Object.entries(experiments).map(([name, fix]: [string, unknown]) => [
      checkName(WHERE, 'experiment', name),
      readVariant(fix),
    ]),
  );
}

function readVariant(fix: unknown): Fixed {
  if (typeof fix !== 'object' || fix === null || !('variant' in fix)) {
    return { name: checkName(WHERE, 'variant', fix) };
  }
  const name = checkName(WHERE, 'variant', fix.variant);
  return 'value' in fix && fix.value !== undefined ? { name, value: fix.value } : { name };
}

/** Returns the experiment when there is no other specification. */
function alone(name: string, fix: Fixed): RawExperiment {
  const known = switchOf(name);
  const isSwitch = known.variants.some((variant) => variant.name === fix.name);
  return withVariant(isSwitch ? known : { ...known, variants: [fix] }, fix);
}

/** Returns an experiment's entry that gives everyone one variant, otherwise unchanged. */
function pinned(
  origin: string,
  entries: ReadonlyMap<string, RawEntry>,
  name: string,
  fix: Fixed,
): RawEntry {
  const entry = entries.get(name);
  if (entry === undefined) {
    throw new OptionError(
      `${WHERE}: ${origin} has no experiment ${quote(name)}; ${advice(name, [...entries.keys()])}`,
    );
  }
  const experiment = typeof entry === 'string' ? switchOf(name) : entry;
  const names = experiment.variants.map((variant) => variant.name);
  if (!names.includes(fix.name)) {
    throw new OptionError(
      `${WHERE}: experiment ${quote(name)} of ${origin} has no variant ${quote(fix.name)}; ${advice(fix.name, names)}`,
    );
  }
  return withVariant(experiment, fix);
}

function nameOf(entry: RawEntry): string {
  return typeof entry === 'string' ? entry.slice(0, entry.indexOf(':')) : entry.name;
}

/** Returns the experiment of a switch that is known by its name only. */
function switchOf(name: string): RawExperiment {
  return {
    name,
    identity: RANDOM_IDENTITY,
    variants: [{ name: 'on' }, { name: 'off' }],
    audiences: [],
  };
}

/**
 * Gives all buckets of a single audience to one variant, so decisions need no identity. Drops the
 * schedule, whose steps would replace it. A variant that a participant keeps would win.
 */
function withVariant(experiment: RawExperiment, fix: Fixed): RawExperiment {
  return {
    ...experiment,
    ...(experiment.sticky === true && { sticky: false }),
    variants: experiment.variants.map((variant) =>
      variant.name === fix.name ? { ...variant, ...fix } : variant,
    ),
    audiences: [{ allocations: [{ variant: fix.name, percent: 100 }] }],
    ...(experiment.schedule !== undefined && { schedule: [] }),
  };
}
