import { experimentsSchema } from './schema.ts';
import type { ExposureMode } from '../types.ts';

/** How many segments a namespace has where the file does not say. */
export const DEFAULT_SEGMENTS = 10_000;

/** The parameter that holds the name of a unit's variant, in experiments that have variants. */
export const VARIANT_PARAMETER = 'variant';

/** A namespace of the right shape, as it was given. */
export interface RawNamespace {
  name: string;
  unit: string | string[];
  segments?: number;
  inputs?: Record<string, string>;
  defaults?: Record<string, unknown>;
  experiments?: RawNamespaceExperiment[];
  history?: RawHistoryLine[];
  exposure?: ExposureMode;
  description?: string;
  owner?: string;
}

/** An experiment of a namespace, as it was given. */
export interface RawNamespaceExperiment {
  name: string;
  script?: unknown;
  variants?: { name: string; weight?: number; values: Record<string, unknown> }[];
  description?: string;
}

/** A line of a history, as it was given. */
export interface RawHistoryLine {
  add?: string;
  segments?: number;
  experiment?: string;
  remove?: string;
  description?: string;
}

const { $defs } = experimentsSchema;

const PATH = 'a dotted path of letters, digits and underscores, such as "user.id"';
const NAME = 'a text without control characters';

/** What `exposure` must be. */
export const EXPOSURE_MUST_BE = '"auto", "manual" or "off"';

const NAMESPACE = 'namespaces/*';
const EXPERIMENT = `${NAMESPACE}/experiments/*`;
const VARIANT = `${EXPERIMENT}/variants/*`;
const LINE = `${NAMESPACE}/history/*`;

/** What must stand in a place of a namespace: its subject, and what the subject must be. */
export const NAMESPACE_MUST_BE: readonly (readonly [string, readonly [string, string]])[] = [
  ['namespaces', ['namespaces', 'a list']],
  [NAMESPACE, ['a namespace', 'an object with "name" and "unit"']],
  [`${NAMESPACE}/name`, ['name', NAME]],
  [`${NAMESPACE}/unit`, ['unit', `${PATH}, or a list of at least one`]],
  [`${NAMESPACE}/unit/*`, ['unit', PATH]],
  [`${NAMESPACE}/segments`, ['segments', 'a whole number from 1 to 1,000,000']],
  [`${NAMESPACE}/inputs`, ['inputs', 'an object of context paths by name']],
  [`${NAMESPACE}/inputs/*`, ['an input', PATH]],
  [`${NAMESPACE}/defaults`, ['defaults', 'an object of values by parameter']],
  [`${NAMESPACE}/experiments`, ['experiments', 'a list']],
  [EXPERIMENT, ['an experiment', 'an object with "name" and either "script" or "variants"']],
  [`${EXPERIMENT}/name`, ['name', NAME]],
  [
    `${EXPERIMENT}/script`,
    ['script', "source text, a list of its lines, or an object of PlanOut's JSON"],
  ],
  [`${EXPERIMENT}/script/*`, ['a line of a script', 'a string']],
  [`${EXPERIMENT}/variants`, ['variants', 'a list of at least one variant']],
  [`${EXPERIMENT}/description`, ['description', 'a string']],
  [VARIANT, ['a variant', 'an object with "name" and "values"']],
  [`${VARIANT}/name`, ['name', 'letters, digits and underscores']],
  [`${VARIANT}/weight`, ['weight', 'a number from 0']],
  [`${VARIANT}/values`, ['values', 'an object of values by parameter']],
  [`${NAMESPACE}/history`, ['history', 'a list']],
  [LINE, ['a line of the history', 'an object with "add" and "segments", or with "remove"']],
  [`${LINE}/add`, ['add', NAME]],
  [`${LINE}/segments`, ['segments', 'a whole number from 0 to 1,000,000']],
  [`${LINE}/experiment`, ['experiment', NAME]],
  [`${LINE}/remove`, ['remove', NAME]],
  [`${LINE}/description`, ['description', 'a string']],
  [`${NAMESPACE}/exposure`, ['exposure', EXPOSURE_MUST_BE]],
  [`${NAMESPACE}/description`, ['description', 'a string']],
  [`${NAMESPACE}/owner`, ['owner', 'a string']],
];

/** The properties known in a place of a namespace. */
export const NAMESPACE_KNOWN: readonly (readonly [string, readonly string[]])[] = [
  [NAMESPACE, Object.keys($defs.namespace.properties)],
  [EXPERIMENT, Object.keys($defs.namespaceExperiment.properties)],
  [VARIANT, Object.keys($defs.namespaceVariant.properties)],
  [LINE, Object.keys($defs.historyLine.properties)],
];

/** The kind of place in a namespace that keys lead to, with a star for each index and input. */
export function namespacePlaceOf(keys: readonly string[]): string {
  return keys
    .map((key, i) => (/^\d+$/.test(key) || keys[i - 1] === 'inputs' ? '*' : key))
    .join('/');
}
