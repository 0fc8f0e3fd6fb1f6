import type { RawAnalysis } from '../metrics/raw-metric.ts';
import { experimentsSchema } from './schema.ts';
import type { Sampling } from '../../planout/namespaces/segment-allocations.ts';
import type { ExposureMode } from '../types.ts';

/** The number of segments of a namespace that does not set `segments`. */
export const DEFAULT_SEGMENTS = 10_000;

/** The sampling of a namespace that does not set `sampling`. */
export const DEFAULT_SAMPLING: Sampling = 'full';

/** The parameter that holds the name of a unit's variant in experiments with variants. */
export const VARIANT_PARAMETER = 'variant';

/** A namespace that fits the JSON Schema, before defaults are filled in. */
export interface RawNamespace {
  name: string;
  unit: string | string[];
  segments?: number;
  sampling?: Sampling;
  inputs?: Record<string, string>;
  defaults?: Record<string, unknown>;
  experiments?: RawNamespaceExperiment[];
  history?: RawHistoryLine[];
  exposure?: ExposureMode;
  description?: string;
  owner?: string;
}

/** An experiment of a namespace, before defaults are filled in. */
export interface RawNamespaceExperiment {
  name: string;
  script?: unknown;
  variants?: { name: string; weight?: number; values: Record<string, unknown> }[];
  description?: string;
  analysis?: RawAnalysis;
}

/** A line of a history, before defaults are filled in. */
export interface RawHistoryLine {
  add?: string;
  segments?: number;
  experiment?: string;
  remove?: string;
  description?: string;
}

const { $defs } = experimentsSchema;

const PATH = 'a dotted path of letters, digits and underscores, such as "user.id"';
const NAME = 'a string without control characters';

/** The requirement of `exposure`, for messages. */
export const EXPOSURE_MUST_BE = '"auto", "manual" or "off"';

const NAMESPACE = 'namespaces/*';
const EXPERIMENT = `${NAMESPACE}/experiments/*`;
const VARIANT = `${EXPERIMENT}/variants/*`;
const LINE = `${NAMESPACE}/history/*`;

/** The subject and the requirement of the message "… must be …", by kind of place in a namespace. */
export const NAMESPACE_MUST_BE: readonly (readonly [string, readonly [string, string]])[] = [
  ['namespaces', ['namespaces', 'a list']],
  [NAMESPACE, ['a namespace', 'an object with "name" and "unit"']],
  [`${NAMESPACE}/name`, ['name', NAME]],
  [`${NAMESPACE}/unit`, ['unit', `${PATH}, or a list of at least one path`]],
  [`${NAMESPACE}/unit/*`, ['unit', PATH]],
  [`${NAMESPACE}/segments`, ['segments', 'a whole number from 1 to 1,000,000']],
  [`${NAMESPACE}/sampling`, ['sampling', '"full" or "fast"']],
  [`${NAMESPACE}/inputs`, ['inputs', 'an object that maps names to context paths']],
  [`${NAMESPACE}/inputs/*`, ['an input', PATH]],
  [`${NAMESPACE}/defaults`, ['defaults', 'an object that maps parameters to values']],
  [`${NAMESPACE}/experiments`, ['experiments', 'a list']],
  [EXPERIMENT, ['an experiment', 'an object with "name" and either "script" or "variants"']],
  [`${EXPERIMENT}/name`, ['name', NAME]],
  [
    `${EXPERIMENT}/script`,
    ['script', "a string, a list of strings (its lines), or an object in PlanOut's JSON format"],
  ],
  [`${EXPERIMENT}/script/*`, ['a line of a script', 'a string']],
  [`${EXPERIMENT}/variants`, ['variants', 'a list of at least one variant']],
  [`${EXPERIMENT}/description`, ['description', 'a string']],
  [VARIANT, ['a variant', 'an object with "name" and "values"']],
  [`${VARIANT}/name`, ['name', 'a string of letters, digits and underscores']],
  [`${VARIANT}/weight`, ['weight', 'a number, 0 or more']],
  [`${VARIANT}/values`, ['values', 'an object that maps parameters to values']],
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

/** The properties that the schema allows, by kind of place in a namespace. */
export const NAMESPACE_KNOWN: readonly (readonly [string, readonly string[]])[] = [
  [NAMESPACE, Object.keys($defs.namespace.properties)],
  [EXPERIMENT, Object.keys($defs.namespaceExperiment.properties)],
  [VARIANT, Object.keys($defs.namespaceVariant.properties)],
  [LINE, Object.keys($defs.historyLine.properties)],
];

/** Returns the kind of place that keys lead to, with a star for each index and each input's name. */
export function namespacePlaceOf(keys: readonly string[]): string {
  return keys
    .map((key, i) => (/^\d+$/.test(key) || keys[i - 1] === 'inputs' ? '*' : key))
    .join('/');
}
