import { didYouMean } from '../../errors/did-you-mean.ts';
import { quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { isObject } from '../../options/check-options.ts';
import type { MetricType } from '../metric-types.ts';
import type { Note } from '../note.ts';
import { readDuration } from './duration.ts';
import { metricDefs } from './metric-schema.ts';

/** The properties whose use depends on the type. */
type Dependent =
  'outcome' | 'value' | 'where' | 'cap' | 'numerator' | 'denominator' | 'quantile' | 'of' | 'delay';

interface Needs {
  /** The properties that the type needs, each with an example. */
  readonly needed: Partial<Record<Dependent, string>>;
  /** The properties without meaning for the type, each with a remedy. */
  readonly senseless: Partial<Record<Dependent, string>>;
}

const REMOVE = 'remove it';
const FOR_RATIO = 'remove it, or use the type "ratio"';
const FOR_QUANTILE = 'remove it, or use the type "quantile"';
const IN_PARTS = 'write it in "numerator" or "denominator"';

const NO_PARTS = { numerator: FOR_RATIO, denominator: FOR_RATIO };
const NO_QUANTILE = { quantile: FOR_QUANTILE, of: FOR_QUANTILE };

const OUTCOME = '"outcome": "purchase"';
const VALUE = '"value": "value"';

const NEEDS: Readonly<Record<MetricType, Needs>> = {
  proportion: {
    needed: { outcome: OUTCOME },
    senseless: {
      value: 'remove it, or use the type "sum"',
      cap: REMOVE,
      ...NO_PARTS,
      ...NO_QUANTILE,
    },
  },
  retention: {
    needed: { outcome: OUTCOME, delay: '"delay": "7d"' },
    senseless: { value: REMOVE, cap: REMOVE, ...NO_PARTS, ...NO_QUANTILE },
  },
  count: {
    needed: { outcome: OUTCOME },
    senseless: { value: 'remove it, or use the type "sum"', ...NO_PARTS, ...NO_QUANTILE },
  },
  sum: {
    needed: { outcome: OUTCOME, value: VALUE },
    senseless: { ...NO_PARTS, ...NO_QUANTILE },
  },
  mean: {
    needed: { outcome: OUTCOME, value: VALUE },
    senseless: { ...NO_PARTS, ...NO_QUANTILE },
  },
  ratio: {
    needed: {
      numerator: '"numerator": { "outcome": "purchase", "value": "value" }',
      denominator: '"denominator": { "outcome": "visit" }',
    },
    senseless: { outcome: IN_PARTS, value: IN_PARTS, where: IN_PARTS, ...NO_QUANTILE },
  },
  quantile: {
    needed: { outcome: OUTCOME, value: VALUE, quantile: '"quantile": 0.9' },
    senseless: { cap: REMOVE, ...NO_PARTS },
  },
};

/** Returns the halves of a metric that are objects. */
export function partsOf(metric: unknown): string[] {
  return ['numerator', 'denominator'].filter((name) => isObject(member(metric, name)));
}

/** Reports properties that the type of a metric needs and lacks, or for which they have no meaning. */
export function checkProperties(metric: unknown, path: string, note: Note): void {
  const type = member(metric, 'type');
  if (typeof type !== 'string' || !Object.hasOwn(NEEDS, type)) return;
  const { needed, senseless } = NEEDS[type as MetricType];
  for (const [name, example] of Object.entries(needed)) {
    if (member(metric, name) !== undefined || isMisspelt(metric, name)) continue;
    note(path, () => `a metric of the type ${quote(type)} needs ${quote(name)}; add ${example}`);
  }
  for (const [name, remedy] of Object.entries(senseless)) {
    const value = member(metric, name);
    // `"cap": null` is the default of these types.
    if (value === undefined || value === null) continue;
    note(
      `${path}/${name}`,
      () => `${quote(name)} has no meaning for the type ${quote(type)}; ${remedy}`,
    );
  }
  checkZeros(metric, type, path, note);
  checkDelay(metric, type, path, note);
  checkCap(member(metric, 'cap'), path, note);
}

/** Returns true if the metric has a misspelling of a property, which the schema reports. */
function isMisspelt(metric: unknown, name: string): boolean {
  const unknown = isObject(metric) ? Object.keys(metric).filter((key) => !KNOWN.has(key)) : [];
  return unknown.some((key) => didYouMean(key, [name]) !== undefined);
}

const KNOWN = new Set(Object.keys(metricDefs.metric.properties));

function checkZeros(metric: unknown, type: string, path: string, note: Note): void {
  if (member(metric, 'ignoreZeros') === undefined) return;
  if (type === 'quantile' && member(metric, 'of') === 'units') return;
  const remedy = type === 'quantile' ? 'add "of": "units"' : 'remove it, or write it inside "cap"';
  note(
    `${path}/ignoreZeros`,
    () => `"ignoreZeros" has a meaning only for a "quantile" of units; ${remedy}`,
  );
}

function checkDelay(metric: unknown, type: string, path: string, note: Note): void {
  const delay = member(metric, 'delay');
  if (type !== 'retention' || typeof delay !== 'string' || readDuration(delay) !== 0) return;
  note(`${path}/delay`, () => 'the delay of a "retention" must be longer than 0, such as "7d"');
}

function checkCap(cap: unknown, path: string, note: Note): void {
  if (!isObject(cap)) return;
  const [hasQuantile, isFixed] = ['quantile', 'at'].map((name) => member(cap, name) !== undefined);
  const example = '{ "quantile": 0.999 } or { "at": 500 }';
  if (hasQuantile === isFixed) {
    note(`${path}/cap`, () =>
      isFixed
        ? `a cap has either "quantile" or "at", not both; write ${example}`
        : `a cap needs "quantile" or "at"; write ${example}`,
    );
  } else if (isFixed && member(cap, 'ignoreZeros') !== undefined) {
    note(
      `${path}/cap/ignoreZeros`,
      () => '"ignoreZeros" has no meaning for a fixed cap; remove it',
    );
  }
}
