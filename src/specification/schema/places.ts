import {
  metricOwnerOf,
  metricPlaceOf,
  METRIC_KNOWN,
  METRIC_MEANT,
  METRIC_MUST_BE,
} from '../metrics/metric-places.ts';
import { pointerKeys } from '../../json/pointer.ts';
import { MAX_IDENTITIES } from '../identity-paths.ts';
import { meantInstant } from '../instant.ts';
import { HOLDOUT_KNOWN, HOLDOUT_MUST_BE, holdoutPlaceOf } from './holdout-shape.ts';
import { meantIdentity, meantName, meantPath, meantShorthand } from './meant-names.ts';
import { SCHEDULE_MUST_BE } from './schedule-schema.ts';
import { experimentsSchema } from './schema.ts';

const { properties, $defs } = experimentsSchema;

/** The kind of place of a segment's rule, which can't be null. */
const SEGMENT_RULE = 'segments/*/rule';

const LETTERS = 'letters, digits and underscores';
const PATH = `a dotted path of ${LETTERS}, such as "user.id"`;

const NAMESPACE_NAME = 'a string without control characters';

/** The requirement of `exposure`, for messages. */
const EXPOSURE_MUST_BE = '"auto", "manual" or "off"';

const NAMESPACE = 'namespaces/*';
const NAMESPACE_EXPERIMENT = `${NAMESPACE}/experiments/*`;
const VARIANT = `${NAMESPACE_EXPERIMENT}/variants/*`;
const LINE = `${NAMESPACE}/history/*`;

/** The subject and the requirement of the message "… must be …", by kind of place in a namespace. */
const NAMESPACE_MUST_BE: readonly (readonly [string, readonly [string, string]])[] = [
  ['namespaces', ['namespaces', 'a list']],
  [NAMESPACE, ['a namespace', 'an object with "name" and "unit"']],
  [`${NAMESPACE}/name`, ['name', NAMESPACE_NAME]],
  [`${NAMESPACE}/unit`, ['unit', `${PATH}, or a list of at least one path`]],
  [`${NAMESPACE}/unit/*`, ['unit', PATH]],
  [`${NAMESPACE}/segments`, ['segments', 'a whole number from 1 to 1,000,000']],
  [`${NAMESPACE}/sampling`, ['sampling', '"full" or "fast"']],
  [`${NAMESPACE}/inputs`, ['inputs', 'an object that maps names to context paths']],
  [`${NAMESPACE}/inputs/*`, ['an input', PATH]],
  [`${NAMESPACE}/defaults`, ['defaults', 'an object that maps parameters to values']],
  [`${NAMESPACE}/experiments`, ['experiments', 'a list']],
  [
    NAMESPACE_EXPERIMENT,
    ['an experiment', 'an object with "name" and either "script" or "variants"'],
  ],
  [`${NAMESPACE_EXPERIMENT}/name`, ['name', NAMESPACE_NAME]],
  [
    `${NAMESPACE_EXPERIMENT}/script`,
    ['script', "a string, a list of strings (its lines), or an object in PlanOut's JSON format"],
  ],
  [`${NAMESPACE_EXPERIMENT}/script/*`, ['a line of a script', 'a string']],
  [`${NAMESPACE_EXPERIMENT}/variants`, ['variants', 'a list of at least one variant']],
  [`${NAMESPACE_EXPERIMENT}/description`, ['description', 'a string']],
  [VARIANT, ['a variant', 'an object with "name" and "values"']],
  [`${VARIANT}/name`, ['name', 'a string of letters, digits and underscores']],
  [`${VARIANT}/weight`, ['weight', 'a number, 0 or more']],
  [`${VARIANT}/values`, ['values', 'an object that maps parameters to values']],
  [`${NAMESPACE}/history`, ['history', 'a list']],
  [LINE, ['a line of the history', 'an object with "add" and "segments", or with "remove"']],
  [`${LINE}/add`, ['add', NAMESPACE_NAME]],
  [`${LINE}/segments`, ['segments', 'a whole number from 0 to 1,000,000']],
  [`${LINE}/experiment`, ['experiment', NAMESPACE_NAME]],
  [`${LINE}/remove`, ['remove', NAMESPACE_NAME]],
  [`${LINE}/description`, ['description', 'a string']],
  [`${NAMESPACE}/exposure`, ['exposure', EXPOSURE_MUST_BE]],
  [`${NAMESPACE}/description`, ['description', 'a string']],
  [`${NAMESPACE}/owner`, ['owner', 'a string']],
];

/** The properties that the schema allows, by kind of place in a namespace. */
const NAMESPACE_KNOWN: readonly (readonly [string, readonly string[]])[] = [
  [NAMESPACE, Object.keys($defs.namespace.properties)],
  [NAMESPACE_EXPERIMENT, Object.keys($defs.namespaceExperiment.properties)],
  [VARIANT, Object.keys($defs.namespaceVariant.properties)],
  [LINE, Object.keys($defs.historyLine.properties)],
];

/** The subject and the requirement of the message "… must be …", by kind of place. */
const MUST_BE = new Map<string, readonly [subject: string, wanted: string]>([
  ['', ['a specification', 'a list of experiments, or an object with "experiments"']],
  ['experiments', ['experiments', 'a list']],
  ['experiments/*', ['an experiment', 'an object, or a shorthand such as "name:on" or "name:off"']],
  ['name', ['name', `a string of ${LETTERS}`]],
  ['identity', ['identity', `${PATH}, or a list of 1 to ${MAX_IDENTITIES} paths`]],
  ['identity/*', ['an identity', PATH]],
  ['seed', ['seed', 'a string, or null']],
  ['buckets', ['buckets', '100, or 10000 for percents with two decimals']],
  ['variants', ['variants', 'a list of at least one variant']],
  ['variants/*', ['a variant', 'an object with a "name"']],
  ['audiences', ['audiences', 'a list of at least one audience']],
  ['audiences/*', ['an audience', 'an object with "allocations"']],
  ['rule', ['rule', 'a string, or null']],
  ['allocations', ['allocations', 'a list of at least one allocation']],
  ['allocations/*', ['an allocation', 'an object with "variant" and "percent"']],
  ['variant', ['variant', `the name of a declared variant (${LETTERS})`]],
  ['percent', ['percent', 'a whole number from 0 to 100']],
  ['$schema', ['$schema', 'a string']],
  ['description', ['description', 'a string']],
  ['owner', ['owner', 'a string']],
  ['context', ['context', 'a JSON Schema of the context: { "properties": { … } }']],
  ['segments', ['segments', 'a list']],
  ['segments/*', ['a segment', 'an object with "name" and "rule"']],
  [SEGMENT_RULE, ['the rule of a segment', 'a string']],
  ['expires', ['expires', 'a date such as "2027-03-31"']],
  ['exposure', ['exposure', EXPOSURE_MUST_BE]],
  ['sticky', ['sticky', 'true or false']],
  ...SCHEDULE_MUST_BE,
  ...NAMESPACE_MUST_BE,
  ...HOLDOUT_MUST_BE,
  ...METRIC_MUST_BE,
]);

/** The properties that the schema allows, by kind of place. */
const KNOWN = new Map<string, readonly string[]>([
  ['', Object.keys(properties)],
  ['experiments/*', Object.keys($defs.experiment.properties)],
  ['variants/*', Object.keys($defs.variant.properties)],
  ['audiences/*', Object.keys($defs.audience.properties)],
  ['segments/*', Object.keys($defs.segment.properties)],
  ['allocations/*', Object.keys($defs.allocation.properties)],
  ['schedule/*', Object.keys($defs.step.properties)],
  ...NAMESPACE_KNOWN,
  ...HOLDOUT_KNOWN,
  ...METRIC_KNOWN,
]);

/** Returns what a text that is not allowed probably stands for, by kind of place. */
const MEANT = new Map<string, (value: string) => string | readonly string[] | undefined>([
  ['experiments/*', meantShorthand],
  ['name', meantName],
  ['variant', meantName],
  ['identity', meantIdentity],
  ['identity/*', meantPath],
  // Experiments may be written as in the list of experiments: `chat:on`.
  ['holdouts/*/experiments/*', (text) => meantName(text.replace(/:.*/s, ''))],
  ['at', meantInstant],
  ...METRIC_MEANT,
]);

/** Returns the kind of place a pointer leads to: `name`; for an item of a list, its name and a star. */
export function placeOf(path: string): string {
  const inMetric = metricPlaceOf(path);
  if (inMetric !== undefined) return inMetric;
  const keys = pointerKeys(path);
  if (keys[0] === 'namespaces') return namespacePlaceOf(keys);
  if (keys[0] === 'holdouts') return holdoutPlaceOf(keys);
  const last = keys.at(-1) ?? '';
  if (keys[0] === 'segments' && last === 'rule') return SEGMENT_RULE;
  return /^\d+$/.test(last) ? `${keys.at(-2) ?? 'experiments'}/*` : last;
}

/** Returns the subject and the requirement of the message "… must be …". */
export function mustBeAt(place: string): readonly [subject: string, wanted: string] {
  return MUST_BE.get(place) ?? [place, 'something else'];
}

/** Returns the properties that the schema allows in the object at a pointer. */
export function knownAt(path: string): readonly string[] {
  return KNOWN.get(metricOwnerOf(path) ?? placeOf(path)) ?? [];
}

/** Returns what a text that is not allowed probably stands for; undefined if that is not clear. */
export function meantAt(place: string, text: string): string | readonly string[] | undefined {
  return MEANT.get(place)?.(text);
}

/** Returns the kind of place that keys lead to, with a star for each index and each input's name. */
function namespacePlaceOf(keys: readonly string[]): string {
  return keys
    .map((key, i) => (/^\d+$/.test(key) || keys[i - 1] === 'inputs' ? '*' : key))
    .join('/');
}
